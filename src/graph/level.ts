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
import { sampleRow } from "../upstream/wire/sample-row.js";
import { columnsRead } from "./columns-read.js";
import type { Edge, FetchedEdge, InlineEdge, ListEdge, Narrowing } from "./edge.js";
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
   * @param readRow reads what else is wanted of a row.
   */
  columns(of: JoinableClass, readRow: ((row: never) => void) | undefined, narrowing?: Narrowing<never>) {
    const { graph, info } = this;
    const { entity } = of as Partial<ResourceClass>;
    if (!info.thinRows || !graph.thinning.isOn || entity === undefined || readRow === undefined) return undefined;
    const names = columnsRead(entity, (row) => {
      readRow(row as never);
      const object = new (of as ResourceClass)(row as never);
      narrowing?.keep(object as never, undefined);
      this.read(object);
    });
    return names && new Columns(entity, names, (column) => graph.thinning.missed(column));
  }

  /** Reads of an object what the selection reads of it and of what it brings along. */
  private read(object: Joinable): void {
    for (const [name, nodes] of this.fields) {
      const field = this.type.getFields()[name];
      if (field === undefined) continue;
      const edge = this.graph.edge(this.type.name, name);
      if (edge !== undefined) this.readEdge(edge, object, nodes);
      else this.readField(field, object, nodes);
    }
  }

  private readField(field: AnyField, object: Joinable, nodes: readonly FieldNode[]): void {
    if (field.resolve !== undefined) throw new Error(`nobody knows what ${this.type.name}.${field.name} reads`);
    const items = [(object as Readonly<Record<string, unknown>>)[field.name]].flat(2);
    for (const item of items) {
      const typename = typeof item === "object" && item !== null ? typenameOf(item, field) : undefined;
      if (typename !== undefined) this.level(typename, nodes).read(item as Joinable);
    }
  }

  private readEdge(edge: Edge, object: Joinable, nodes: readonly FieldNode[]): void {
    const joined = object[`@${edge.field}`] as Joinable | undefined;
    if (joined !== undefined) {
      this.level(edge.to.typename, nodes).read(joined);
      return;
    }
    if (edge.kind === "inline") {
      for (const child of [inlineValue(edge, object) ?? []].flat()) {
        edge.narrowing?.keep(child, undefined);
        this.level(edge.to.typename, nodes).read(child);
      }
      return;
    }
    edge.key(object);
    if (edge.kind === "fetched") {
      edge.expected?.(object);
      edge.stub?.of(object);
    } else {
      edge.count?.(object);
    }
    // The objects lead back to this one.
    if (edge.back === undefined) return;
    const child = new (edge.to as ResourceClass)(sampleRow((edge.to as ResourceClass).entity, () => {}) as never);
    child[`@${edge.back}`] = object;
    const lists = edge.kind === "list" ? this.selectedLists(edge, nodes) : undefined;
    for (const below of lists?.map(({ items }) => items) ?? [this.level(edge.to.typename, nodes)]) below.read(child);
  }

  private selectedEdge(name: string, nodes: readonly FieldNode[]): SelectedEdge | undefined {
    const edge = this.graph.edge(this.type.name, name);
    if (edge === undefined) return undefined;
    if (edge.kind === "list") return { edge, lists: this.selectedLists(edge, nodes) };
    if (edge.kind === "fetched" && this.stubSuffices(edge, nodes)) return undefined;
    const below = this.level(edge.to.typename, nodes);
    if (edge.kind === "fetched") return { edge, below, columns: below.columns(edge.to, edge.readRow, edge.narrowing) };
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
    return [...bySlot].map(([slot, { args, nodes: own }]) => ({
      slot,
      args,
      ...selectedItems(this.graph, this.info, edge.list, args, { connection, nodes: own }, edge.rowKey),
    }));
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

/** The type of an object inside a row; undefined for a scalar. */
function typenameOf(item: object, field: AnyField): string | undefined {
  const type = getNamedType(field.type);
  if (isLeafType(type)) return undefined;
  return isAbstractType(type) ? (item.constructor as Partial<JoinableClass>).typename : type.name;
}

type AnyField = GraphQLField<unknown, unknown>;

function selectedItems(
  graph: Graph,
  info: OperationInfo,
  { of, orders }: List,
  { orderBy }: PageArguments,
  { connection, nodes }: { connection: GraphQLObjectType; nodes: readonly FieldNode[] },
  readRow: (row: object) => void = () => {},
): SelectedItems {
  const type = info.schema.getType(of.typename) as GraphQLObjectType;
  const items = new Level(graph, info, type, itemNodes(info, connection, nodes));
  const { field } = orders.ordering(orderBy);
  const columns = items.columns(of, (row) => {
    readRow(row);
    Reflect.get(row, field);
  });
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
  return kept(info, connection.name, () => selectedItems(graph, info, list, args, place));
}

/** What was worked out for a place of a plan lives as long as the plan. */
const worked = new WeakMap<OperationInfo, Map<string, unknown>>();

function kept<T>(info: OperationInfo, name: string, work: () => T): T {
  const known = worked.get(info) ?? new Map<string, unknown>();
  if (!known.has(name)) worked.set(info, known.set(name, work()));
  return known.get(name) as T;
}
