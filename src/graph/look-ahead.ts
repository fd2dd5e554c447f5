import { asError } from "../kernel/errors.js";
import type { UpstreamSession } from "../upstream/session.js";
import type { Edge, InlineEdge, ListEdge } from "./edge.js";
import { completed, keysOf } from "./fetch-edge.js";
import type { Found } from "./found.js";
import { inlineValue } from "./inline-edge.js";
import type { Joinable } from "./joinable.js";
import type { Level, SelectedFetch, SelectedList } from "./level.js";
import type { Connection } from "./list/connection.js";
import type { PageLimits } from "./list/page-arguments.js";
import { fetchList } from "./list-edge.js";

/** A load that was started before its parents were there, and those that could be started with it. */
interface Begun {
  readonly found: Promise<Found<Joinable | Joinable[]>>;
  /** Whether the edge's early way was taken, which may miss what was attached meanwhile. */
  readonly early: boolean;
  readonly next: BegunEdges;
}
type BegunEdges = ReadonlyMap<Edge, Begun>;

/**
 * Fetches what an operation selects ahead of its execution: each level for all parents at once, levels side by side where an edge
 * knows an early way, and attaches the objects so that the edges' resolvers answer at once.
 *
 * It never fails: the error of a call is attached in place of the objects and becomes the error of that field alone.
 */
export class LookAhead {
  constructor(
    private readonly session: UpstreamSession,
    private readonly limits: PageLimits,
  ) {}

  /** Attaches everything that a level selects below the objects. */
  async join({ edges }: Level, objects: readonly Joinable[], begun?: BegunEdges): Promise<void> {
    if (objects.length === 0 || edges.length === 0) return;
    await Promise.all(
      edges.flatMap((selected) => {
        if ("lists" in selected) return selected.lists.map((list) => this.joinList(selected.edge, objects, list));
        if ("columns" in selected) return this.joinFetched(selected, objects, begun?.get(selected.edge));
        return this.joinInline(selected.edge, selected.below, objects);
      }),
    );
  }

  /** Starts what can be loaded below objects of which only the CloudTower ids are known yet. */
  begin({ edges }: Level, ids: readonly string[]): BegunEdges {
    const begun = new Map<Edge, Begun>();
    for (const selected of edges) {
      if ("columns" in selected && selected.edge.keyIsId) begun.set(selected.edge, this.beginEdge(selected, ids));
    }
    return begun;
  }

  private beginEdge({ edge, below, columns }: SelectedFetch, keys: readonly string[]): Begun {
    const found = watched(edge.load(this.session.keeping(columns), keys));
    const next = new Map<Edge, Begun>();
    for (const selected of below.edges) {
      if (!("columns" in selected) || selected.edge.early?.via !== edge) continue;
      const early = selected.edge.early.load(this.session.keeping(selected.columns), keys);
      next.set(selected.edge, { found: watched(early), early: true, next: new Map() });
    }
    return { found, early: false, next };
  }

  private async joinInline(edge: InlineEdge, below: Level, parents: readonly Joinable[]): Promise<void> {
    await this.join(
      below,
      parents.flatMap((parent) => inlineValue(edge, parent) ?? []),
    );
  }

  private async joinFetched(
    selected: SelectedFetch,
    parents: readonly Joinable[],
    begun: Begun | undefined,
  ): Promise<void> {
    const { edge, below, columns } = selected;
    const slot = `@${edge.field}` as const;
    const some = parents.some((parent) => parent[slot] !== undefined);
    const absent = some ? parents.filter((parent) => parent[slot] === undefined) : parents;
    let next = begun?.next;
    try {
      let load = begun;
      if (load === undefined) {
        const keys = keysOf(edge, absent);
        load = keys.length > 0 ? this.beginEdge(selected, keys) : undefined;
        next = load?.next;
      }
      const session = this.session.keeping(columns);
      const found = load && (await completed(session, edge, absent, load.found, load.early));
      for (const parent of absent) parent[slot] = found?.get(edge.key(parent) ?? "") ?? (edge.many ? [] : null);
    } catch (error) {
      for (const parent of absent) parent[slot] = edge.key(parent) ? asError(error) : edge.many ? [] : null;
    }
    if (below.edges.length > 0) await this.join(below, childrenOf(parents, slot, edge.back), next);
  }

  private async joinList(
    edge: ListEdge,
    parents: readonly Joinable[],
    { slot, args, withCount, items, columns }: SelectedList,
  ): Promise<void> {
    const absent = parents.filter((parent) => parent[slot] === undefined);
    try {
      const session = this.session.keeping(columns);
      const found = await fetchList(session, edge, absent, args, this.limits, withCount);
      for (const parent of absent) parent[slot] = found.get(edge.key(parent) ?? "") ?? null;
    } catch (error) {
      for (const parent of absent) parent[slot] = asError(error);
    }
    const joined: Joinable[] = [];
    for (const parent of parents) {
      for (const item of (parent[slot] as Partial<Connection> | null)?.nodes ?? []) {
        if (edge.back !== undefined) item[`@${edge.back}`] = parent;
        joined.push(item);
      }
    }
    await this.join(items, joined);
  }
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
