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
  | { readonly edge: FetchedEdge; readonly below: Level; readonly columns: Columns | undefined }
  | { readonly edge: ListEdge; readonly lists: readonly SelectedList[] };

/** A connection that is selected below objects: one for each set of arguments. */
export interface SelectedList extends SelectedItems {
  readonly slot: `@${string}`;
  readonly args: PageArguments;
}

/** What is selected of a connection. */
export interface SelectedItems {
  readonly withCount: boolean;
  readonly items: Level;
  readonly columns: Columns | undefined;
}

/** What is selected of the objects of one type at one place of an operation. Worked out once for each operation's plan. */
export class Level {
  private fieldsKnown: ReadonlyMap<string, readonly FieldNode[]> | undefined;
  private edgesKnown: readonly SelectedEdge[] | undefined;

  constructor(
    private readonly graph: Graph,
    private readonly info: OperationInfo,
    private readonly type: GraphQLObjectType,
    private readonly nodes: readonly FieldNode[],
  ) {}

  /** The selected edges for which something must be fetched, at once or further below. */
  get edges(): readonly SelectedEdge[] {
    this.edgesKnown ??= [...this.fields].flatMap(([name, nodes]) => this.selectedEdge(name, nodes) ?? []);
    return this.edgesKnown;
  }

  /**
   * The columns that are read of the rows behind the objects, if rows are to be thinned and it can be told.
   *
   * @param others what else is done with the rows; undefined where nobody knows.
   */
  columns(of: JoinableClass, others: readonly Use[] | undefined): Columns | undefined {
    const { graph, info } = this;
    const { entity } = of as Partial<ResourceClass>;
    if (!info.thinRows || entity === undefined || others === undefined) return undefined;
    const reach = (row: object) => [new (of as ResourceClass)(row as never)];
    const names = columnsRead(entity, [...others, ...this.uses({ reach, own: true, direct: true })]);
    return names && new Columns(entity, names, graph.thinning);
  }

  /** What is read of the row behind a place, one use for each thing that is selected. */
  private *uses(place: Place): Iterable<Use> {
    for (const [name, nodes] of this.fields) {
      const field = this.type.getFields()[name];
      if (field === undefined) continue;
      const edge = this.graph.edge(this.type.name, name);
      yield* edge === undefined ? this.usesOfField(field, place, nodes) : this.usesOfEdge(edge, place, nodes);
    }
  }

  private *usesOfField(field: AnyField, { reach, own, direct }: Place, nodes: readonly FieldNode[]): Iterable<Use> {
    if (!own) return;
    const type = getNamedType(field.type);
    if (field.resolve !== undefined || isAbstractType(type)) yield unknownUse;
    const values = (row: object) =>
      reach(row).flatMap((object) => [(object as Readonly<Record<string, unknown>>)[field.name]].flat(2));
    yield { read: values, key: direct ? field : undefined };
    if (isLeafType(type)) return;
    const parts = (row: object) => values(row).filter((value) => typeof value === "object" && value !== null);
    yield* this.level(type.name, nodes).uses({ reach: parts as Place["reach"], own });
  }

  private *usesOfEdge(edge: Edge, place: Place, nodes: readonly FieldNode[]): Iterable<Use> {
    const { reach, own, back } = place;
    const key = place.direct ? edge : undefined;
    const backHere = edge.back === undefined ? undefined : { field: edge.back, place };
    if (back?.field === edge.field) {
      yield* this.level(edge.to.typename, nodes).uses(back.place);
    } else if (edge.kind === "inline") {
      const children = (row: object) => reach(row).flatMap((object) => inlineValue(edge, object) ?? []);
      if (own) yield { read: (row) => children(row).map((child) => edge.narrowing?.keep(child, undefined)), key };
      yield* this.level(edge.to.typename, nodes).uses({ reach: children, own, back: backHere });
    } else {
      if (own) yield { read: (row) => reach(row).map((object) => readKeys(edge, object)), key };
      // Of the objects that it leads to, only what leads back to this one is read here.
      if (backHere === undefined) return;
      const below = edge.kind === "list" ? this.itemLevels(edge, nodes) : [this.level(edge.to.typename, nodes)];
      for (const level of below) yield* level.uses({ reach: () => [], own: false, back: backHere });
    }
  }

  private selectedEdge(name: string, nodes: readonly FieldNode[]): SelectedEdge | undefined {
    const edge = this.graph.edge(this.type.name, name);
    if (edge === undefined) return undefined;
    if (edge.kind === "list") return { edge, lists: this.selectedLists(edge, nodes) };
    if (edge.kind === "fetched" && this.stubSuffices(edge, nodes)) return undefined;
    const below = this.level(edge.to.typename, nodes);
    if (edge.kind === "fetched") return { edge, below, columns: below.columns(edge.to, usesOfLoad(edge)) };
    return below.edges.length === 0 ? undefined : { edge, below };
  }

  private selectedLists(edge: ListEdge, nodes: readonly FieldNode[]): SelectedList[] {
    const { connection, bySlot } = this.slots(edge, nodes);
    return [...bySlot].map(([slot, { args, nodes: own }]) => ({
      slot,
      args,
      ...selectedItems(this.graph, this.info, edge.list, args, { connection, nodes: own }, [
        { read: edge.rowKey, key: edge.rowKey },
      ]),
    }));
  }

  private itemLevels(edge: ListEdge, nodes: readonly FieldNode[]): Level[] {
    const { connection, bySlot } = this.slots(edge, nodes);
    return [...bySlot.values()].map(({ nodes: own }) =>
      this.level(edge.to.typename, itemNodes(this.info, connection, own)),
    );
  }

  /** The same edge with other arguments is another list. */
  private slots(edge: ListEdge, nodes: readonly FieldNode[]) {
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
    return { connection, bySlot };
  }

  private stubSuffices(edge: FetchedEdge, nodes: readonly FieldNode[]): boolean {
    return edge.stub !== undefined && selectsOnly(this.info, this.typeNamed(edge.to.typename), nodes, edge.stub.fields);
  }

  private level(typename: string, nodes: readonly FieldNode[]): Level {
    return new Level(this.graph, this.info, this.typeNamed(typename), nodes);
  }

  private typeNamed(typename: string): GraphQLObjectType {
    return this.info.schema.getType(typename) as GraphQLObjectType;
  }

  private get fields(): ReadonlyMap<string, readonly FieldNode[]> {
    this.fieldsKnown ??= selectedFields(this.info, this.type, this.nodes);
    return this.fieldsKnown;
  }
}

/** Objects of a selection, as seen from the row whose columns are asked for. */
interface Place {
  /** Objects like those of the place, made from the row. */
  reach(row: object): Joinable[];
  /** Whether they stand on that row, and whether they are what was made of it first. */
  readonly own: boolean;
  readonly direct?: boolean;
  /** The edge that leads back to the objects that these were joined to. */
  readonly back?: { readonly field: string; readonly place: Place } | undefined;
}

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
  { of, orders }: List,
  { orderBy }: PageArguments,
  { connection, nodes }: { connection: GraphQLObjectType; nodes: readonly FieldNode[] },
  others: readonly Use[] = [],
): SelectedItems {
  const type = info.schema.getType(of.typename) as GraphQLObjectType;
  const items = new Level(graph, info, type, itemNodes(info, connection, nodes));
  const { field } = orders.ordering(orderBy);
  const columns = items.columns(of, [...others, { read: (row) => Reflect.get(row, field) }]);
  return { withCount: selectedFields(info, connection, nodes).has("totalCount"), items, columns };
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
