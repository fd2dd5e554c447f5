import { type FieldNode, type GraphQLField, type GraphQLObjectType, getArgumentValues, getNamedType } from "graphql";
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
type AnyField = GraphQLField<unknown, unknown>;

/** An edge that is selected at some place, with the selections below it. */
interface WantedEdge {
  readonly edge: Edge;
  readonly field: AnyField;
  readonly nodes: readonly FieldNode[];
}

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
  join(
    type: GraphQLObjectType,
    objects: readonly Joinable[],
    nodes: readonly FieldNode[],
    begun?: BegunEdges,
  ): Promise<void> {
    return this.joinWanted(this.wanted(type, nodes), objects, begun);
  }

  /** Starts what can be loaded below objects of which only the CloudTower ids are known yet. */
  begin(type: GraphQLObjectType, ids: readonly string[], nodes: readonly FieldNode[]): BegunEdges {
    const begun = new Map<Edge, Begun>();
    for (const { edge, nodes: below } of this.wanted(type, nodes)) {
      if (edge.kind === "fetched" && edge.keyIsId) begun.set(edge, this.beginEdge(edge, ids, below));
    }
    return begun;
  }

  /** The selected edges for which something must be fetched, at once or further below. */
  private wanted(type: GraphQLObjectType, nodes: readonly FieldNode[]): WantedEdge[] {
    const wanted: WantedEdge[] = [];
    for (const [field, fieldNodes] of selectedFields(this.info, type, nodes)) {
      const edge = this.graph.edge(type.name, field);
      if (edge === undefined) continue;
      if (edge.kind === "fetched" && this.stubSuffices(edge, fieldNodes)) continue;
      if (edge.kind === "inline" && this.wanted(this.typeOf(edge), fieldNodes).length === 0) continue;
      wanted.push({ edge, nodes: fieldNodes, field: type.getFields()[field] as AnyField });
    }
    return wanted;
  }

  private async joinWanted(
    wanted: readonly WantedEdge[],
    objects: readonly Joinable[],
    begun?: BegunEdges,
  ): Promise<void> {
    if (objects.length === 0) return;
    await Promise.all(
      wanted.flatMap(({ edge, nodes, field }) => {
        if (edge.kind === "inline") return this.joinInline(edge, objects, nodes);
        if (edge.kind === "fetched") return this.joinFetched(edge, objects, nodes, begun?.get(edge));
        return this.joinLists(field, edge, objects, nodes);
      }),
    );
  }

  private beginEdge(edge: FetchedEdge, keys: readonly string[], nodes: readonly FieldNode[]): Begun {
    const found = watched(edge.load(this.session, keys));
    const next = new Map<Edge, Begun>();
    for (const { edge: below } of this.wanted(this.typeOf(edge), nodes)) {
      if (below.kind !== "fetched" || below.early?.via !== edge) continue;
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
    const slot = `@${edge.field}` as const;
    const some = parents.some((parent) => parent[slot] !== undefined);
    const absent = some ? parents.filter((parent) => parent[slot] === undefined) : parents;
    let next = begun?.next;
    try {
      let load = begun;
      if (load === undefined) {
        const keys = keysOf(edge, absent);
        load = keys.length > 0 ? this.beginEdge(edge, keys, nodes) : undefined;
        next = load?.next;
      }
      const found = load && (await completed(this.session, edge, absent, load.found, load.early));
      for (const parent of absent) parent[slot] = found?.get(edge.key(parent) ?? "") ?? (edge.many ? [] : null);
    } catch (error) {
      for (const parent of absent) parent[slot] = edge.key(parent) ? asError(error) : edge.many ? [] : null;
    }
    const below = this.wanted(this.typeOf(edge), nodes);
    if (below.length > 0) await this.joinWanted(below, childrenOf(parents, slot, edge.back), next);
  }

  private joinLists(
    definition: AnyField,
    edge: ListEdge,
    parents: readonly Joinable[],
    nodes: readonly FieldNode[],
  ): Promise<void>[] {
    const byArguments = new Map<string, { args: PageArguments; nodes: FieldNode[] }>();
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
  const children: Joinable[] = [];
  for (const parent of parents) {
    const value = parent[slot];
    if (value === null || value === undefined || value instanceof Error) continue;
    for (const child of Array.isArray(value) ? (value as Joinable[]) : [value as Joinable]) {
      if (back !== undefined) child[`@${back}`] = parent;
      children.push(child);
    }
  }
  // A child that names its parent belongs to that one alone.
  return back === undefined ? [...new Set(children)] : children;
}

/** A promise that is awaited later: its rejection is not unhandled meanwhile. */
function watched<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
