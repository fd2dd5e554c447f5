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
import { once } from "../kernel/once.js";
import { Columns } from "../upstream/columns.js";
import { columnsRead, type Use } from "./columns-read.js";
import type { Edge, FetchedEdge, InlineEdge, ListEdge } from "./edge.js";
import type { Graph } from "./graph.js";
import { inlineValue } from "./inline-edge.js";
import type { Joinable, JoinableClass } from "./joinable.js";
import type { List } from "./list/list.js";
import type { PageArguments } from "./list/page-arguments.js";
import { listSlot } from "./list-edge.js";
import type { ResourceClass } from "./resource.js";
import { itemNodes, type OperationInfo, selectedFields, selectsOnly } from "./selection.js";

/** An edge that is selected at some level, with the level of the objects that it leads to. */
export type SelectedEdge =
  | { readonly edge: InlineEdge; readonly below: Level }
  | SelectedFetch
  | { readonly edge: ListEdge; readonly lists: readonly SelectedList[] };

/** A fetched edge that is selected. */
export class SelectedFetch {
  private readonly worked = once(() => this.below.columns(this.edge.to, usesOfLoad(this.edge)));

  constructor(
    readonly edge: FetchedEdge,
    readonly below: Level,
  ) {}

  get columns(): Columns | undefined {
    return this.worked();
  }
}

/** A connection that is selected below objects: one for each set of arguments. */
export interface SelectedList extends SelectedItems {
  readonly slot: `@${string}`;
  readonly args: PageArguments;
}

/** What is selected of a connection. */
export class SelectedItems {
  private readonly worked = once(() => this.items.columns(this.list.of, this.others));

  constructor(
    readonly withCount: boolean,
    readonly items: Level,
    private readonly list: List,
    private readonly others: readonly Use[],
  ) {}

  get columns(): Columns | undefined {
    return this.worked();
  }
}

/**
 * Where objects of an operation come from: a root field, or a slot of the objects of another place.
 *
 * An edge that leads back to the objects it came from leads to their place, so that several levels may select of the same objects.
 */
class Place {
  readonly levels: Level[] = [];
  private readonly below = new Map<string, Place>();

  /** @param back the edge of the objects that leads back to those of the place above. */
  constructor(
    private readonly above?: Place,
    private readonly back?: string,
  ) {}

  leadsBack({ field }: Edge): boolean {
    return field === this.back;
  }

  /** Where an edge leads to from here. */
  to(edge: Edge, slot: string): Place {
    if (this.above !== undefined && this.leadsBack(edge)) return this.above;
    const known = this.below.get(slot) ?? new Place(this, edge.back);
    this.below.set(slot, known);
    return known;
  }
}

/** What is selected of the objects of one type at one place of an operation. Worked out once for each operation's plan. */
export class Level {
  readonly edges: readonly SelectedEdge[];
  private readonly fields: ReadonlyMap<string, readonly FieldNode[]>;

  constructor(
    private readonly graph: Graph,
    private readonly info: OperationInfo,
    private readonly type: GraphQLObjectType,
    nodes: readonly FieldNode[],
    private readonly place: Place = new Place(),
  ) {
    place.levels.push(this);
    this.fields = selectedFields(info, type, nodes);
    this.edges = [...this.fields].flatMap(([name, own]) => this.selectedEdge(name, own) ?? []);
  }

  /**
   * The columns that are read of the rows behind the objects, if rows are to be thinned and it can be told. To be asked when all
   * levels are there.
   *
   * @param others what else is done with the rows; undefined where nobody knows.
   */
  columns(of: JoinableClass, others: readonly Use[] | undefined): Columns | undefined {
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
      const edge = this.graph.edge(this.type.name, name);
      if (edge === undefined) {
        yield* this.usesOfField(field, reach, direct, nodes);
      } else if (edge.kind === "inline") {
        const children = (row: object) => reach(row).flatMap((object) => inlineValue(edge, object) ?? []);
        const read = (row: object) => children(row).map((child) => edge.narrowing?.keep(child, undefined));
        yield { read, key: direct ? edge : undefined };
        // Those that lead back to this place are among its own levels.
        const below = this.place.leadsBack(edge) ? [] : this.place.to(edge, edge.field).levels;
        for (const level of below) yield* level.uses(children, false);
      } else {
        yield { read: (row) => reach(row).map((object) => readKeys(edge, object)), key: direct ? edge : undefined };
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
    yield* new Level(this.graph, this.info, this.typeNamed(type.name), nodes).uses(parts as Reach, false);
  }

  private selectedEdge(name: string, nodes: readonly FieldNode[]): SelectedEdge | undefined {
    const { graph, info, place } = this;
    const edge = graph.edge(this.type.name, name);
    if (edge === undefined) return undefined;
    if (edge.kind === "list") return { edge, lists: this.selectedLists(edge, nodes) };
    const below = new Level(graph, info, this.typeNamed(edge.to.typename), nodes, place.to(edge, edge.field));
    if (edge.kind === "fetched") {
      return this.stubSuffices(edge, nodes) ? undefined : new SelectedFetch(edge, below);
    }
    return below.edges.length === 0 ? undefined : { edge, below };
  }

  /** The same edge with other arguments is another list. */
  private selectedLists(edge: ListEdge, nodes: readonly FieldNode[]): SelectedList[] {
    const definition = this.type.getFields()[edge.field] as AnyField;
    const connection = getNamedType(definition.type) as GraphQLObjectType;
    const bySlot = new Map<`@${string}`, { args: PageArguments; nodes: FieldNode[] }>();
    for (const node of nodes) {
      const args = getArgumentValues(definition, node, this.info.variableValues) as PageArguments;
      const slot = listSlot(edge, args);
      const known = bySlot.get(slot);
      if (known === undefined) bySlot.set(slot, { args, nodes: [node] });
      else known.nodes.push(node);
    }
    return [...bySlot].map(([slot, { args, nodes: own }]) => {
      const place = this.place.to(edge, slot);
      const others = [{ read: edge.rowKey, key: edge.rowKey }];
      const items = selectedItems(this.graph, this.info, edge.list, args, { connection, nodes: own, place }, others);
      return Object.assign(items, { slot, args });
    });
  }

  private stubSuffices(edge: FetchedEdge, nodes: readonly FieldNode[]): boolean {
    return edge.stub !== undefined && selectsOnly(this.info, this.typeNamed(edge.to.typename), nodes, edge.stub.fields);
  }

  private typeNamed(typename: string): GraphQLObjectType {
    return this.info.schema.getType(typename) as GraphQLObjectType;
  }
}

type Reach = (row: object) => Joinable[];

const unknownUse: Use = {
  read() {
    throw new Error("nobody knows what a resolver reads");
  },
};

/** What the load of an edge does with the rows that it answers with. */
function usesOfLoad({ to, readRow, narrowing }: FetchedEdge): Use[] | undefined {
  if (readRow === undefined) return undefined;
  const uses: Use[] = [{ read: readRow as Use["read"], key: readRow }];
  const keep = (row: object) => narrowing?.keep(new (to as ResourceClass)(row as never), undefined);
  return narrowing === undefined ? uses : [...uses, { read: keep, key: narrowing }];
}

/** Reads of an object what an edge wants of it. */
function readKeys(edge: FetchedEdge | ListEdge, object: Joinable): void {
  edge.key(object);
  if (edge.kind === "list") {
    edge.count?.(object);
  } else {
    edge.expected?.(object);
    edge.stub?.of(object);
  }
}

type AnyField = GraphQLField<unknown, unknown>;

function selectedItems(
  graph: Graph,
  info: OperationInfo,
  list: List,
  { orderBy }: PageArguments,
  { connection, nodes, place }: { connection: GraphQLObjectType; nodes: readonly FieldNode[]; place?: Place },
  others: readonly Use[] = [],
): SelectedItems {
  const type = info.schema.getType(list.of.typename) as GraphQLObjectType;
  const items = new Level(graph, info, type, itemNodes(info, connection, nodes), place);
  const { field } = list.orders.ordering(orderBy);
  const withCount = selectedFields(info, connection, nodes).has("totalCount");
  return new SelectedItems(withCount, items, list, [...others, { read: (row) => Reflect.get(row, field) }]);
}

/** What a root field selects of the objects of a type. */
export function rootLevel(graph: Graph, info: GraphQLResolveInfo, typename: string): Level {
  return kept(info, typename, () => {
    const type = info.schema.getType(typename) as GraphQLObjectType;
    return new Level(graph, info, type, info.fieldNodes);
  });
}

/** What a root field selects of a list. */
export function rootList(graph: Graph, info: GraphQLResolveInfo, list: List, args: PageArguments): SelectedItems {
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
