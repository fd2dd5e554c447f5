import { type FieldNode, type GraphQLObjectType, getArgumentValues, getNamedType } from "graphql";
import { asError } from "../kernel/errors.js";
import type { UpstreamSession } from "../upstream/session.js";
import type { Edge, FetchedEdge, InlineEdge, ListEdge } from "./edge.js";
import { completed, keysOf } from "./fetch-edge.js";
import type { Found } from "./found.js";
import type { Graph } from "./graph.js";
import type { Joinable } from "./joinable.js";
import type { Connection } from "./list/connection.js";
import type { PageArguments, PageLimits } from "./list/page-arguments.js";
import { fetchList, listSlot } from "./list-edge.js";
import { itemNodes, type OperationInfo, selectedFields, selectsOnly } from "./selection.js";

/** A load that was started before its parents were there, and those that could be started with it. */
interface Begun {
  readonly found: Promise<Found<Joinable | Joinable[]>>;
  /** Whether the edge's early way was taken, which may miss what was attached meanwhile. */
  readonly early: boolean;
  readonly next: BegunEdges;
}
type BegunEdges = ReadonlyMap<Edge, Begun>;

/**
 * Reads the selection of an operation ahead of its execution: fetches each level for all parents at once, levels side by side
 * where an edge knows an early way, and attaches the objects so that the edges' resolvers answer at once.
 *
 * It never fails: the error of a call is attached in place of the objects and becomes the error of that field alone.
 */
export class LookAhead {
  constructor(
    private readonly graph: Graph,
    private readonly session: UpstreamSession,
    private readonly limits: PageLimits,
    private readonly info: OperationInfo,
  ) {}

  /** Attaches everything that `nodes` select below the objects. */
  async join(
    type: GraphQLObjectType,
    objects: readonly Joinable[],
    nodes: readonly FieldNode[],
    begun?: BegunEdges,
  ): Promise<void> {
    if (objects.length === 0) return;
    const joins: Promise<void>[] = [];
    for (const [field, fieldNodes] of selectedFields(this.info, type, nodes)) {
      const edge = this.graph.edge(type.name, field);
      if (edge === undefined) continue;
      if (edge.kind === "inline") joins.push(this.joinInline(edge, objects, fieldNodes));
      else if (edge.kind === "fetched") joins.push(this.joinFetched(edge, objects, fieldNodes, begun?.get(edge)));
      else joins.push(...this.joinLists(type, edge, objects, fieldNodes));
    }
    await Promise.all(joins);
  }

  /** Starts what can be loaded below objects of which only the CloudTower ids are known yet. */
  begin(type: GraphQLObjectType, ids: readonly string[], nodes: readonly FieldNode[]): BegunEdges {
    const begun = new Map<Edge, Begun>();
    for (const [field, fieldNodes] of selectedFields(this.info, type, nodes)) {
      const edge = this.graph.edge(type.name, field);
      if (edge?.kind !== "fetched" || !edge.keyIsId || this.stubSuffices(edge, fieldNodes)) continue;
      begun.set(edge, this.beginEdge(edge, ids, fieldNodes));
    }
    return begun;
  }

  private beginEdge(edge: FetchedEdge, keys: readonly string[], nodes: readonly FieldNode[]): Begun {
    const found = watched(edge.load(this.session, keys));
    const next = new Map<Edge, Begun>();
    const target = this.typeOf(edge);
    for (const [field, fieldNodes] of selectedFields(this.info, target, nodes)) {
      const below = this.graph.edge(target.name, field);
      if (below?.kind !== "fetched" || below.early?.via !== edge || this.stubSuffices(below, fieldNodes)) continue;
      next.set(below, { found: watched(below.early.load(this.session, keys)), early: true, next: new Map() });
    }
    return { found, early: false, next };
  }

  private async joinInline(edge: InlineEdge, parents: readonly Joinable[], nodes: readonly FieldNode[]): Promise<void> {
    await this.join(
      this.typeOf(edge),
      parents.flatMap((parent) => inlineValue(edge, parent) ?? []),
      nodes,
    );
  }

  private async joinFetched(
    edge: FetchedEdge,
    parents: readonly Joinable[],
    nodes: readonly FieldNode[],
    begun: Begun | undefined,
  ): Promise<void> {
    if (this.stubSuffices(edge, nodes)) return;
    const slot = `@${edge.field}` as const;
    const absent = parents.filter((parent) => parent[slot] === undefined);
    const keys = keysOf(edge, absent);
    const load = begun ?? (keys.length > 0 ? this.beginEdge(edge, keys, nodes) : undefined);
    const nothing = () => (edge.many ? [] : null);
    try {
      const found =
        load === undefined ? new Map() : await completed(this.session, edge, absent, load.found, load.early);
      for (const parent of absent) parent[slot] = found.get(edge.key(parent) ?? "") ?? nothing();
    } catch (error) {
      for (const parent of absent) parent[slot] = edge.key(parent) ? asError(error) : nothing();
    }
    await this.join(this.typeOf(edge), childrenOf(parents, slot, edge.back), nodes, load?.next);
  }

  private joinLists(
    type: GraphQLObjectType,
    edge: ListEdge,
    parents: readonly Joinable[],
    nodes: readonly FieldNode[],
  ): Promise<void>[] {
    const byArguments = new Map<string, { args: PageArguments; nodes: FieldNode[] }>();
    const definition = type.getFields()[edge.field];
    if (definition === undefined) return [];
    for (const node of nodes) {
      const args = getArgumentValues(definition, node, this.info.variableValues) as PageArguments;
      const slot = listSlot(edge, args);
      const known = byArguments.get(slot);
      if (known === undefined) byArguments.set(slot, { args, nodes: [node] });
      else known.nodes.push(node);
    }
    const connection = getNamedType(definition.type) as GraphQLObjectType;
    return [...byArguments.values()].map((selected) => this.joinList(edge, connection, parents, selected));
  }

  private async joinList(
    edge: ListEdge,
    connection: GraphQLObjectType,
    parents: readonly Joinable[],
    { args, nodes }: { args: PageArguments; nodes: FieldNode[] },
  ): Promise<void> {
    const slot = listSlot(edge, args);
    const withCount = selectedFields(this.info, connection, nodes).has("totalCount");
    const items: Joinable[] = [];
    try {
      const found = await fetchList(this.session, edge, parents, args, this.limits, withCount);
      for (const parent of parents) {
        const page = found.get(edge.key(parent) ?? "") as Connection | undefined;
        parent[slot] = page ?? null;
        for (const item of page?.nodes ?? []) {
          if (edge.back !== undefined) item[`@${edge.back}`] = parent;
          items.push(item);
        }
      }
    } catch (error) {
      for (const parent of parents) parent[slot] = asError(error);
    }
    await this.join(this.typeOf({ to: edge.list.of }), items, itemNodes(this.info, connection, nodes));
  }

  private stubSuffices(edge: FetchedEdge, nodes: readonly FieldNode[]): boolean {
    return edge.stub !== undefined && selectsOnly(this.info, this.typeOf(edge), nodes, edge.stub.fields);
  }

  private typeOf({ to }: { to: { typename: string } }): GraphQLObjectType {
    return this.info.schema.getType(to.typename) as GraphQLObjectType;
  }
}

/** The answer of an edge that costs nothing; kept, so that what is joined below it stays. */
export function inlineValue(edge: InlineEdge, parent: Joinable): Joinable | Joinable[] | null {
  const slot = `@${edge.field}` as const;
  const known = parent[slot];
  if (known !== undefined) return known as Joinable | Joinable[] | null;
  const value = edge.of(parent);
  parent[slot] = value;
  if (edge.back !== undefined && value !== null) {
    for (const child of Array.isArray(value) ? value : [value]) child[`@${edge.back}`] = parent;
  }
  return value;
}

/** The distinct objects that an edge joined to the parents, each told of the parent it belongs to. */
function childrenOf(parents: readonly Joinable[], slot: `@${string}`, back: string | undefined): Joinable[] {
  const children = new Set<Joinable>();
  for (const parent of parents) {
    const value = parent[slot];
    if (value === null || value === undefined || value instanceof Error) continue;
    for (const child of Array.isArray(value) ? (value as Joinable[]) : [value as Joinable]) {
      if (back !== undefined) child[`@${back}`] = parent;
      children.add(child);
    }
  }
  return [...children];
}

/** A promise that is awaited later: its rejection is not unhandled meanwhile. */
function watched<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
