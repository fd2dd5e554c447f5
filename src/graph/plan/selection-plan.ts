import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isLeafType,
} from "graphql";
import { once } from "../../kernel/once.js";
import { Columns } from "../../upstream/columns.js";
import type { Listing } from "../connections/listing.js";
import type { PageArguments } from "../connections/page-arguments.js";
import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import type { ResourceClass } from "../model/resource.js";
import { embeddedValue } from "../relations/embedded-relation.js";
import type { ConnectionRelation, EmbeddedRelation, LoadedRelation, Relation } from "../relations/relation.js";
import { connectionKey } from "../relations/relation-key.js";
import type { RelationRegistry } from "../relations/relation-registry.js";
import { columnsRead, type Use } from "./columns-read.js";
import { itemNodes, type OperationInfo, selectedFields, selectsOnly } from "./selection.js";

/** A relation that is selected at some level, with the level of the objects that it leads to. */
export type PlannedRelation =
  | { readonly relation: EmbeddedRelation; readonly below: SelectionPlan }
  | RelationPlan
  | { readonly relation: ConnectionRelation; readonly lists: readonly ConnectionPlan[] };

/** A fetched relation that is selected. */
export class RelationPlan {
  private readonly worked = once(() => this.below.columns(this.relation.to, usesOfLoad(this.relation)));

  constructor(
    readonly relation: LoadedRelation,
    readonly below: SelectionPlan,
  ) {}

  get columns(): Columns | undefined {
    return this.worked();
  }
}

/** A connection that is selected below objects: one for each set of arguments. */
export interface ConnectionPlan extends SelectedItems {
  readonly slot: `@${string}`;
  readonly args: PageArguments;
}

/** What is selected of a connection. */
export class SelectedItems {
  private readonly worked = once(() => this.items.columns(this.list.resource, this.others));

  constructor(
    readonly withCount: boolean,
    readonly items: SelectionPlan,
    private readonly list: Listing,
    private readonly others: readonly Use[],
  ) {}

  get columns(): Columns | undefined {
    return this.worked();
  }
}

/**
 * Where objects of an operation come from: a root field, or a slot of the objects of another place.
 *
 * A relation that leads back to the objects it came from leads to their place, so that several levels may select of the same objects.
 */
class Place {
  readonly levels: SelectionPlan[] = [];
  private readonly below = new Map<string, Place>();

  /** @param back the relation of the objects that leads back to those of the place above. */
  constructor(
    private readonly above?: Place,
    private readonly back?: string,
  ) {}

  leadsBack({ field }: Relation): boolean {
    return field === this.back;
  }

  /** Where a relation leads to from here. */
  to(relation: Relation, slot: string): Place {
    if (this.above !== undefined && this.leadsBack(relation)) return this.above;
    const known = this.below.get(slot) ?? new Place(this, relation.inverse);
    this.below.set(slot, known);
    return known;
  }
}

/** What is selected of the objects of one type at one place of an operation. Worked out once for each operation's plan. */
export class SelectionPlan {
  readonly relations: readonly PlannedRelation[];
  private readonly fields: ReadonlyMap<string, readonly FieldNode[]>;

  constructor(
    private readonly graph: RelationRegistry,
    private readonly info: OperationInfo,
    private readonly type: GraphQLObjectType,
    nodes: readonly FieldNode[],
    private readonly place: Place = new Place(),
  ) {
    place.levels.push(this);
    this.fields = selectedFields(info, type, nodes);
    this.relations = [...this.fields].flatMap(([name, own]) => this.plannedRelation(name, own) ?? []);
  }

  /**
   * The columns that are read of the rows behind the objects, if rows are to be thinned and it can be told. To be asked when all
   * levels are there.
   *
   * @param others what else is done with the rows; undefined where nobody knows.
   */
  columns(of: GraphObjectClass, others: readonly Use[] | undefined): Columns | undefined {
    const { graph, info, place } = this;
    const { entity } = of as Partial<ResourceClass>;
    if (!info.thinRows || entity === undefined || others === undefined) return undefined;
    const reach = (row: object) => [new (of as ResourceClass)(row as never)];
    const uses = place.levels.flatMap((level) => [...level.uses(reach, true)]);
    const names = columnsRead(entity, [...others, ...uses]);
    return names && new Columns(entity, names, graph.thinning);
  }

  /**
   * What is read of a row by what is selected here, one use for each thing.
   *
   * @param reach objects like those of this level, made from the row.
   * @param direct whether they are what is made of it first.
   */
  private *uses(reach: Reach, direct: boolean): Iterable<Use> {
    for (const [name, nodes] of this.fields) {
      const field = this.type.getFields()[name];
      if (field === undefined) continue;
      const relation = this.graph.relation(this.type.name, name);
      if (relation === undefined) {
        yield* this.usesOfField(field, reach, direct, nodes);
      } else if (relation.kind === "embedded") {
        const children = (row: object) => reach(row).flatMap((object) => embeddedValue(relation, object) ?? []);
        const read = (row: object) => children(row).map((child) => relation.argument?.matches(child, undefined));
        yield { read, key: direct ? relation : undefined };
        // Those that lead back to this place are among its own levels.
        const below = this.place.leadsBack(relation) ? [] : this.place.to(relation, relation.field).levels;
        for (const level of below) yield* level.uses(children, false);
      } else {
        yield {
          read: (row) => reach(row).map((object) => readKeys(relation, object)),
          key: direct ? relation : undefined,
        };
      }
    }
  }

  private *usesOfField(field: AnyField, reach: Reach, direct: boolean, nodes: readonly FieldNode[]): Iterable<Use> {
    const type = getNamedType(field.type);
    if (field.resolve !== undefined || isAbstractType(type)) yield unknownUse;
    const values = (row: object) =>
      reach(row).flatMap((object) => [(object as Readonly<Record<string, unknown>>)[field.name]].flat(2));
    yield { read: values, key: direct ? field : undefined };
    if (isLeafType(type)) return;
    const parts = (row: object) => values(row).filter((value) => typeof value === "object" && value !== null);
    yield* new SelectionPlan(this.graph, this.info, this.typeNamed(type.name), nodes).uses(parts as Reach, false);
  }

  private plannedRelation(name: string, nodes: readonly FieldNode[]): PlannedRelation | undefined {
    const { graph, info, place } = this;
    const relation = graph.relation(this.type.name, name);
    if (relation === undefined) return undefined;
    if (relation.kind === "connection") return { relation: relation, lists: this.selectedLists(relation, nodes) };
    const below = new SelectionPlan(
      graph,
      info,
      this.typeNamed(relation.to.typename),
      nodes,
      place.to(relation, relation.field),
    );
    if (relation.kind === "loaded") {
      return this.stubSuffices(relation, nodes) ? undefined : new RelationPlan(relation, below);
    }
    return below.relations.length === 0 ? undefined : { relation: relation, below };
  }

  /** The same relation with other arguments is another list. */
  private selectedLists(relation: ConnectionRelation, nodes: readonly FieldNode[]): ConnectionPlan[] {
    const definition = this.type.getFields()[relation.field] as AnyField;
    const connection = getNamedType(definition.type) as GraphQLObjectType;
    const bySlot = new Map<`@${string}`, { args: PageArguments; nodes: FieldNode[] }>();
    for (const node of nodes) {
      const args = getArgumentValues(definition, node, this.info.variableValues) as PageArguments;
      const slot = connectionKey(relation, args);
      const known = bySlot.get(slot);
      if (known === undefined) bySlot.set(slot, { args, nodes: [node] });
      else known.nodes.push(node);
    }
    return [...bySlot].map(([slot, { args, nodes: own }]) => {
      const place = this.place.to(relation, slot);
      const others = [{ read: relation.rowKey, key: relation.rowKey }];
      const items = selectedItems(
        this.graph,
        this.info,
        relation.listing,
        args,
        { connection, nodes: own, place },
        others,
      );
      return Object.assign(items, { slot, args });
    });
  }

  private stubSuffices(relation: LoadedRelation, nodes: readonly FieldNode[]): boolean {
    return (
      relation.stub !== undefined &&
      selectsOnly(this.info, this.typeNamed(relation.to.typename), nodes, relation.stub.fields)
    );
  }

  private typeNamed(typename: string): GraphQLObjectType {
    return this.info.schema.getType(typename) as GraphQLObjectType;
  }
}

type Reach = (row: object) => GraphObject[];

const unknownUse: Use = {
  read() {
    throw new Error("nobody knows what a resolver reads");
  },
};

/** What the load of a relation does with the rows that it answers with. */
function usesOfLoad({ to, readRow, argument }: LoadedRelation): Use[] | undefined {
  if (readRow === undefined) return undefined;
  const uses: Use[] = [{ read: readRow as Use["read"], key: readRow }];
  const keep = (row: object) => argument?.matches(new (to as ResourceClass)(row as never), undefined);
  return argument === undefined ? uses : [...uses, { read: keep, key: argument }];
}

/** Reads of an object what a relation wants of it. */
function readKeys(relation: LoadedRelation | ConnectionRelation, object: GraphObject): void {
  relation.key(object);
  if (relation.kind === "connection") {
    relation.expectedCount?.(object);
  } else {
    relation.expectedCount?.(object);
    relation.stub?.create(object);
  }
}

type AnyField = GraphQLField<unknown, unknown>;

function selectedItems(
  graph: RelationRegistry,
  info: OperationInfo,
  list: Listing,
  { orderBy }: PageArguments,
  { connection, nodes, place }: { connection: GraphQLObjectType; nodes: readonly FieldNode[]; place?: Place },
  others: readonly Use[] = [],
): SelectedItems {
  const type = info.schema.getType(list.resource.typename) as GraphQLObjectType;
  const items = new SelectionPlan(graph, info, type, itemNodes(info, connection, nodes), place);
  const { field } = list.orders.ordering(orderBy);
  const withCount = selectedFields(info, connection, nodes).has("totalCount");
  return new SelectedItems(withCount, items, list, [...others, { read: (row) => Reflect.get(row, field) }]);
}

/** What a root field selects of the objects of a type. */
export function rootLevel(graph: RelationRegistry, info: GraphQLResolveInfo, typename: string): SelectionPlan {
  return kept(info, typename, () => {
    const type = info.schema.getType(typename) as GraphQLObjectType;
    return new SelectionPlan(graph, info, type, info.fieldNodes);
  });
}

/** What a root field selects of a list. */
export function rootList(
  graph: RelationRegistry,
  info: GraphQLResolveInfo,
  list: Listing,
  args: PageArguments,
): SelectedItems {
  const connection = getNamedType(info.returnType) as GraphQLObjectType;
  const place = { connection, nodes: info.fieldNodes };
  // The order's column is read of the rows.
  const { field } = list.orders.ordering(args.orderBy);
  return kept(info, `${connection.name} by ${field}`, () => selectedItems(graph, info, list, args, place));
}

/** What was worked out for a place of a plan lives as long as the plan. */
const worked = new WeakMap<OperationInfo, Map<string, unknown>>();

function kept<T>(info: OperationInfo, name: string, work: () => T): T {
  const known = worked.get(info) ?? new Map<string, unknown>();
  if (!known.has(name)) worked.set(info, known.set(name, work()));
  return known.get(name) as T;
}
