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
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import type { Relation } from "../../graph/relations/relation.js";
import type { RelationRegistry } from "../../graph/relations/relation-registry.js";
import { argumentOf, isIncluded, type Variables } from "./arguments.js";

/** What an operation may come to at most, as far as its text and its page sizes tell. */
export interface Cost {
  /** Calls to CloudTower. */
  readonly calls: number;
  /** Objects in the answer. */
  readonly objects: number;
}

/** What prices are computed by. */
export interface Pricing {
  readonly defaultPageSize: number;
  readonly maxPageSize: number;
  /** Most ids in one call. */
  readonly idsPerCall: number;
  /** Most rows in one answer. */
  readonly rowsPerCall: number;
}

/** Objects that a list without a page size is taken for: disks of a VM, steps of a task. */
const USUAL_LIST = 4;

/** An object of the introspection system is answered from memory. */
const INTROSPECTION_WEIGHT = 0.5;

/** Objects that a list of the introspection system is taken for. */
const INTROSPECTION_LISTS: Readonly<Record<string, number>> = { types: 250, fields: 15, args: 3, inputFields: 10 };

/**
 * Prices an operation before it runs.
 *
 * Relations are priced by their description: an inline one costs no call, a fetched one a call for so many parents, a connection
 * its page size for each parent. Time is linear to the fields with fragments in place, which are limited before.
 */
export class OperationPricer {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly graph: RelationRegistry,
    private readonly pricing: Pricing,
  ) {}

  /** The price of a valid operation. `variables` need not be valid: what cannot be read counts as absent. */
  price(
    operation: OperationDefinitionNode,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    variables: Variables,
  ): Cost {
    const root = this.schema.getRootType(operation.operation);
    if (root == null) return { calls: 0, objects: 0 };
    const sum = new Sum(this.schema, this.graph, this.pricing, fragments, variables);
    sum.add(operation.selectionSet, root, 1, true);
    return { calls: sum.calls, objects: sum.objects };
  }
}

/** One pricing: adds up while it walks the selections. */
class Sum {
  calls = 0;
  objects = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly graph: RelationRegistry,
    private readonly pricing: Pricing,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly variables: Variables,
  ) {}

  /** @param count how many objects of the type the selection is read for. @param page size of the page, where the type is a connection. */
  add(selections: SelectionSetNode, type: GraphQLNamedType, count: number, isRoot = false, page = 1): void {
    for (const selection of selections.selections) {
      if (!isIncluded(selection, this.variables)) continue;
      if (selection.kind === Kind.FIELD) {
        if (selection.selectionSet !== undefined)
          this.addField(selection, selection.selectionSet, type, count, isRoot, page);
        else if (selection.name.value === "totalCount") this.calls += 1;
        continue;
      }
      const { fragment, condition } = this.fragment(selection);
      const narrowed = condition === undefined ? type : (this.schema.getType(condition) ?? type);
      if (fragment !== undefined) this.add(fragment, narrowed, count, isRoot, page);
    }
  }

  private addField(
    field: FieldNode,
    below: SelectionSetNode,
    type: GraphQLNamedType,
    count: number,
    isRoot: boolean,
    page: number,
  ): void {
    const name = field.name.value;
    if (name === "__schema" || name === "__type") {
      const target = this.schema.getType(name === "__schema" ? "__Schema" : "__Type");
      this.objects += 1;
      if (target !== undefined) this.add(below, target, 1);
      return;
    }
    const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (definition === undefined) return;
    const target = getNamedType(definition.type);
    if (!isCompositeType(target)) return;
    const relation = this.edgeOf(type, name);
    const fieldType = isNonNullType(definition.type) ? definition.type.ofType : definition.type;
    const isConnection = target.name.endsWith("Connection");
    if (isConnection) {
      this.addConnection(field, below, target, relation, count);
      return;
    }
    if (type.name.endsWith("Connection") && (name === "nodes" || name === "edges")) {
      const objects = count * page;
      if (name === "nodes") this.objects += objects;
      this.add(below, target, objects);
      return;
    }
    if (relation?.kind === "loaded") {
      if (relation.stub !== undefined && this.selectsOnly(below, relation.stub.fields)) return;
      this.calls += this.callsFor(count, relation.endpoints.length);
    } else if (isRoot) {
      this.calls += this.callsFor(this.rootObjects(field));
    }
    const each = isRoot ? this.rootObjects(field) : isListType(fieldType) ? listSize(type, name) : 1;
    this.objects += count * each * (type.name.startsWith("__") ? INTROSPECTION_WEIGHT : 1);
    this.add(below, target, count * each);
  }

  private addConnection(
    field: FieldNode,
    below: SelectionSetNode,
    target: GraphQLNamedType,
    relation: Relation | undefined,
    count: number,
  ): void {
    const { rowsPerCall } = this.pricing;
    const size = this.pageSize(field);
    this.calls += Math.max(this.callsFor(relation === undefined ? 1 : count), Math.ceil((count * size) / rowsPerCall));
    this.add(below, target, count, false, size);
  }

  /** A field of an interface is priced as the dearest of the same name. */
  private edgeOf(type: GraphQLNamedType, field: string): Relation | undefined {
    if (!isInterfaceType(type)) return this.graph.relation(type.name, field);
    const edges = this.schema.getPossibleTypes(type).map(({ name }) => this.graph.relation(name, field));
    return edges.find((relation) => relation !== undefined && relation.kind !== "embedded");
  }

  private callsFor(keys: number, operations = 1): number {
    return Math.ceil(keys / this.pricing.idsPerCall) * operations;
  }

  /** Sizes out of range are refused by the field itself. */
  private pageSize(field: FieldNode): number {
    const { defaultPageSize, maxPageSize } = this.pricing;
    const given = argumentOf(field, "first", this.variables) ?? argumentOf(field, "last", this.variables);
    return typeof given === "number" && given > 0 ? Math.min(given, maxPageSize) : defaultPageSize;
  }

  /** How many objects a root field gives that is no connection: as many as the longest list of ids it is given. */
  private rootObjects(field: FieldNode): number {
    const lengths = (field.arguments ?? []).map(({ name }) => {
      const value = argumentOf(field, name.value, this.variables);
      return longestList(value);
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
    const definition = this.fragments.get(selection.name.value);
    return { fragment: definition?.selectionSet, condition: definition?.typeCondition.name.value };
  }
}

function listSize(type: GraphQLNamedType, field: string): number {
  return type.name.startsWith("__") ? (INTROSPECTION_LISTS[field] ?? USUAL_LIST) : USUAL_LIST;
}

/** An input may hold its list one level down: `input: {ids: [...]}`. */
function longestList(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== "object" || value === null) return 1;
  return Math.max(1, ...Object.values(value).map((item) => (Array.isArray(item) ? item.length : 1)));
}
