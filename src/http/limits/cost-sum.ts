import {
  type FieldNode,
  type FragmentDefinitionNode,
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
import type { Relation } from "../../graph/relations/relation.js";
import type { RelationRegistry } from "../../graph/relations/relation-registry.js";
import { argumentOf, isIncluded, type Variables } from "./arguments.js";
import { checkFilters } from "./filter-conditions.js";

/** Settings that costs are computed with. */
export interface Pricing {
  readonly defaultPageSize: number;
  readonly maxPageSize: number;
  /** Maximum number of ids in one call. */
  readonly idsPerCall: number;
  /** Maximum number of rows in one response. */
  readonly rowsPerCall: number;
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
}

/**
 * Adds up the cost of one operation while walking its selections. It walks what will be executed, so it also checks the filters there.
 *
 * @throws TowerError BAD_USER_INPUT for a filter in which a condition says nothing.
 */
export class CostSum {
  calls = 0;
  objects = 0;

  constructor(private readonly context: CostContext) {}

  add({ selections }: SelectionSetNode, parents: Parents): void {
    const { schema, variables } = this.context;
    for (const selection of selections) {
      if (!isIncluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        if (selection.selectionSet !== undefined) this.addField(selection, selection.selectionSet, parents);
        else if (selection.name.value === "totalCount") this.calls += 1;
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
    const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (definition === undefined) return;
    checkFilters(field, definition, this.context.variables);
    const target = getNamedType(definition.type);
    if (!isCompositeType(target)) return;
    const relation = this.relationOf(type, name);
    if (target.name.endsWith("Connection")) {
      const keys = relation === undefined ? 1 : count;
      this.addConnection(field, selectionSet, { type: target, count, keys });
      return;
    }
    if (type.name.endsWith("Connection") && (name === "nodes" || name === "edges")) {
      const objects = count * pageSize;
      if (name === "nodes") this.objects += objects;
      this.add(selectionSet, { type: target, count: objects });
      return;
    }
    if (relation?.kind === "loaded") {
      if (relation.stub !== undefined && this.selectsOnly(selectionSet, relation.stub.fields)) return;
      this.calls += this.callsFor(count, relation.endpoints.length);
    } else if (isRoot) {
      this.calls += this.callsFor(this.rootObjects(field));
    }
    const fieldType = isNonNullType(definition.type) ? definition.type.ofType : definition.type;
    const each = isRoot ? this.rootObjects(field) : isListType(fieldType) ? listLength(type, name) : 1;
    this.objects += count * each * (type.name.startsWith("__") ? INTROSPECTION_WEIGHT : 1);
    this.add(selectionSet, { type: target, count: count * each });
  }

  private addConnection(
    field: FieldNode,
    selectionSet: SelectionSetNode,
    { type, count, keys }: { type: GraphQLNamedType; count: number; keys: number },
  ): void {
    const pageSize = this.pageSize(field);
    const calls = Math.ceil((count * pageSize) / this.context.pricing.rowsPerCall);
    this.calls += Math.max(this.callsFor(keys), calls);
    this.add(selectionSet, { type, count, pageSize });
  }

  /** A field of an interface is priced by its first implementation that is not embedded. */
  private relationOf(type: GraphQLNamedType, field: string): Relation | undefined {
    const { schema, relations } = this.context;
    if (!isInterfaceType(type)) return relations.relation(type.name, field);
    const candidates = schema.getPossibleTypes(type).map(({ name }) => relations.relation(name, field));
    return candidates.find((relation) => relation !== undefined && relation.kind !== "embedded");
  }

  private callsFor(keys: number, endpoints = 1): number {
    return Math.ceil(keys / this.context.pricing.idsPerCall) * endpoints;
  }

  /** The field itself refuses a size out of range. */
  private pageSize(field: FieldNode): number {
    const { variables, pricing } = this.context;
    const { defaultPageSize, maxPageSize } = pricing;
    const given = argumentOf(field, "first", variables) ?? argumentOf(field, "last", variables);
    return typeof given === "number" && given > 0 ? Math.min(given, maxPageSize) : defaultPageSize;
  }

  /** Number of objects of a root field other than a connection: the length of its longest list argument. */
  private rootObjects(field: FieldNode): number {
    const lengths = (field.arguments ?? []).map(({ name }) => {
      return longestList(argumentOf(field, name.value, this.context.variables));
    });
    return Math.max(1, ...lengths);
  }

  private selectsOnly({ selections }: SelectionSetNode, fields: ReadonlySet<string>): boolean {
    return selections.every((selection) => {
      if (selection.kind === Kind.FIELD) return fields.has(selection.name.value);
      const { fragment } = this.fragment(selection);
      return fragment === undefined || this.selectsOnly(fragment, fields);
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

function listLength(type: GraphQLNamedType, field: string): number {
  return type.name.startsWith("__") ? (INTROSPECTION_LIST_LENGTHS[field] ?? ASSUMED_LIST_LENGTH) : ASSUMED_LIST_LENGTH;
}

/** Length of a list, also one level down in an input object: `input: {ids: [...]}`. */
function longestList(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== "object" || value === null) return 1;
  return Math.max(1, ...Object.values(value).map((item) => (Array.isArray(item) ? item.length : 1)));
}
