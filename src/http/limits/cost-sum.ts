import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import type { Listing } from "../../graph/connections/listing.js";
import { MAX_PAGED_CALLS } from "../../graph/loading/shared-rows.js";
import type { LookupCalls, RootTarget } from "../../graph/plan/operation-plan.js";
import type { ConnectionRelation, Relation } from "../../graph/relations/relation.js";
import type { RelationRegistry } from "../../graph/relations/relation-registry.js";
import { isAlwaysHeld } from "../../graph/relations/stub.js";
import type { ComputedCalls } from "../../graph/schema/computed-field.js";
import { TowerError } from "../../kernel/errors.js";
import { argumentOf, argumentsOf, isIncluded, type Variables } from "./arguments.js";
import { type CheckedFilters, checkFilters } from "./filter-conditions.js";
import { type ListPricing, listPrice, pageSizeOf } from "./list-price.js";

/** Settings that costs are computed with. */
export interface Pricing extends ListPricing {
  /** Maximum number of ids in one call. */
  readonly idsPerCall: number;
}

/** Assumed length of a list without a page size: disks of a VM, steps of a task. */
const ASSUMED_LIST_LENGTH = 4;

/** Introspection objects are read from memory. */
const INTROSPECTION_WEIGHT = 0.5;

/** Assumed lengths of introspection lists. */
const INTROSPECTION_LIST_LENGTHS: Readonly<Record<string, number>> = {
  types: 250,
  fields: 15,
  args: 3,
  inputFields: 10,
};

/** Inputs of a computation. */
export interface CostContext {
  readonly schema: GraphQLSchema;
  readonly relations: RelationRegistry;
  readonly pricing: Pricing;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Variables;
}

/** The objects that a selection is read for. */
export interface Parents {
  readonly type: GraphQLNamedType;
  readonly count: number;
  /** @default false */
  readonly isRoot?: boolean;
  /** Page size if `type` is a connection. @default 1 */
  readonly pageSize?: number;
  /** Calls for all totals if `type` is a connection. @default 0 */
  readonly totalCalls?: number;
  /** Additional calls for the totals of pages of single parents. @default 0 */
  readonly pagedTotalCalls?: number;
}

/**
 * Adds up the cost of one operation while walking its selections. It walks what will be executed, so it also checks the filters there.
 *
 * @throws TowerError BAD_USER_INPUT for a filter in which a condition says nothing.
 */
export class CostSum {
  objects = 0;
  private certainCalls = 0;
  private pagedCalls = 0;

  private readonly checkedFilters: CheckedFilters = new WeakSet();

  constructor(private readonly context: CostContext) {}

  get calls(): number {
    return this.certainCalls + Math.min(this.pagedCalls, MAX_PAGED_CALLS);
  }

  add({ selections }: SelectionSetNode, parents: Parents): void {
    const { schema, variables } = this.context;
    for (const selection of selections) {
      if (!isIncluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        if (selection.selectionSet !== undefined) this.addField(selection, selection.selectionSet, parents);
        else this.addLeaf(selection, parents);
        continue;
      }
      const { fragment, condition } = this.fragment(selection);
      const type = condition === undefined ? parents.type : (schema.getType(condition) ?? parents.type);
      if (fragment !== undefined) this.add(fragment, { ...parents, type });
    }
  }

  private addField(field: FieldNode, selectionSet: SelectionSetNode, parents: Parents): void {
    const { type, count, isRoot = false, pageSize = 1 } = parents;
    const { schema } = this.context;
    const name = field.name.value;
    if (name === "__schema" || name === "__type") {
      const target = schema.getType(name === "__schema" ? "__Schema" : "__Type");
      this.objects += 1;
      if (target !== undefined) this.add(selectionSet, { type: target, count: 1 });
      return;
    }
    const definition = definitionOf(type, name);
    if (definition === undefined) return;
    checkFilters(field, definition, this.context.variables, this.checkedFilters);
    const target = getNamedType(definition.type);
    if (!isCompositeType(target)) return;
    const relation = this.relationOf(type, name);
    const list = listOf(definition, relation);
    if (list !== undefined) {
      const args = argumentsOf(definition, field, this.context.variables);
      const price = listPrice(list, args, count, this.context.pricing);
      this.certainCalls += price.calls;
      this.pagedCalls += price.pagedCalls;
      this.objects += count;
      this.add(selectionSet, { type: target, count, ...price });
      return;
    }
    if (/(?:Connection|Page)$/.test(type.name) && (name === "nodes" || name === "edges")) {
      const objects = count * pageSize;
      this.objects += objects;
      this.add(selectionSet, { type: target, count: objects });
      return;
    }
    if (relation?.kind === "loaded") {
      const isInRow = this.selectsOnly(selectionSet, (name) => isAlwaysHeld(relation, name));
      if (!isInRow) this.certainCalls += this.callsFor(count, relation.endpoints.length);
    } else if (isRoot) {
      this.certainCalls += this.callsFor(this.rootObjects(field), this.lookupCalls(definition, field));
    }
    this.addComputed(definition, count);
    const fieldType = isNonNullType(definition.type) ? definition.type.ofType : definition.type;
    const each = isRoot ? this.objectsOf(definition, field) : isListType(fieldType) ? listLength(type, name) : 1;
    this.objects += count * each * (type.name.startsWith("__") ? INTROSPECTION_WEIGHT : weightOf(definition));
    const page = target.name.endsWith("Page")
      ? { pageSize: pageSizeOf(argumentsOf(definition, field, this.context.variables), this.context.pricing) }
      : {};
    this.add(selectionSet, { type: target, count: count * each, ...page });
  }

  private addLeaf(
    field: FieldNode,
    { type, count, isRoot = false, totalCalls = 0, pagedTotalCalls = 0 }: Parents,
  ): void {
    const name = field.name.value;
    if (name === "totalCount") {
      this.certainCalls += totalCalls;
      this.pagedCalls += pagedTotalCalls;
      return;
    }
    const definition = definitionOf(type, name);
    if (isRoot && definition?.extensions.lookupCalls !== undefined) {
      this.certainCalls += this.lookupCalls(definition, field);
    }
    this.addComputed(definition, count);
  }

  /** Adds the calls of a field that is computed by a flow. */
  private addComputed(definition: Definition | undefined, count: number): void {
    const { perObject = 0, perBatch = 0 } = (definition?.extensions.calls ?? {}) as ComputedCalls;
    this.certainCalls += perObject * count + (perBatch === 0 ? 0 : this.callsFor(count, perBatch));
  }

  /** A field of an interface is priced by its first implementation that is not embedded. */
  private relationOf(type: GraphQLNamedType, field: string): Relation | undefined {
    const { schema, relations } = this.context;
    if (!isInterfaceType(type)) return relations.relation(type.name, field);
    const candidates = schema.getPossibleTypes(type).map(({ name }) => relations.relation(name, field));
    return candidates.find((relation) => relation !== undefined && relation.kind !== "embedded");
  }

  /** Wrong ids are an error of the root field, before any call. */
  private lookupCalls(definition: Definition, field: FieldNode): number {
    const lookupCalls = definition.extensions.lookupCalls as LookupCalls | undefined;
    if (lookupCalls === undefined) return 1;
    try {
      return lookupCalls(argumentsOf(definition, field, this.context.variables) ?? {});
    } catch (error) {
      if (error instanceof TowerError) return 0;
      throw error;
    }
  }

  private objectsOf(definition: Definition, field: FieldNode): number {
    const lookupObjects = definition.extensions.lookupObjects as LookupCalls | undefined;
    const args = lookupObjects && argumentsOf(definition, field, this.context.variables);
    return args ? Math.max(1, lookupObjects(args)) : this.rootObjects(field);
  }

  private callsFor(keys: number, endpoints = 1): number {
    return Math.ceil(keys / this.context.pricing.idsPerCall) * endpoints;
  }

  /** Number of objects of a root field other than a connection: the length of its longest list argument. */
  private rootObjects(field: FieldNode): number {
    const lengths = (field.arguments ?? []).map(({ name }) => {
      return longestList(argumentOf(field, name.value, this.context.variables));
    });
    return Math.max(1, ...lengths);
  }

  private selectsOnly({ selections }: SelectionSetNode, isOne: (field: string) => boolean): boolean {
    return selections.every((selection) => {
      if (selection.kind === Kind.FIELD) return isOne(selection.name.value);
      const { fragment } = this.fragment(selection);
      return fragment === undefined || this.selectsOnly(fragment, isOne);
    });
  }

  private fragment(selection: Exclude<SelectionNode, FieldNode>): { fragment?: SelectionSetNode; condition?: string } {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return { fragment: selection.selectionSet, condition: selection.typeCondition?.name.value };
    }
    const definition = this.context.fragments.get(selection.name.value);
    return { fragment: definition?.selectionSet, condition: definition?.typeCondition.name.value };
  }
}

type Definition = GraphQLField<unknown, unknown>;

function definitionOf(type: GraphQLNamedType, field: string): Definition | undefined {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[field] : undefined;
}

/** The list that a field leads to, below objects or at the root. */
function listOf({ extensions }: Definition, relation: Relation | undefined): Listing | ConnectionRelation | undefined {
  if (relation !== undefined) return relation.kind === "connection" ? relation : undefined;
  const target = extensions.leadsTo as RootTarget | undefined;
  return target !== undefined && "listing" in target ? target.listing : undefined;
}

/** How many objects one of a field counts for, as the schema's `extensions.weight` says: one that is a long text, as many as it is long. */
function weightOf({ extensions }: Definition): number {
  return (extensions.weight as number | undefined) ?? 1;
}

function listLength(type: GraphQLNamedType, field: string): number {
  return type.name.startsWith("__") ? (INTROSPECTION_LIST_LENGTHS[field] ?? ASSUMED_LIST_LENGTH) : ASSUMED_LIST_LENGTH;
}

/** Length of a list, also one level down in an input object: `input: {ids: [...]}`. */
function longestList(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== "object" || value === null) return 1;
  return Math.max(1, ...Object.values(value).map((item) => (Array.isArray(item) ? item.length : 1)));
}
