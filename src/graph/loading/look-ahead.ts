import { asError } from "../../kernel/errors.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Connection } from "../connections/connection.js";
import type { PageLimits } from "../connections/page-arguments.js";
import type { GraphObject } from "../model/graph-object.js";
import type { ConnectionPlan, RelationPlan, SelectionPlan } from "../plan/selection-plan.js";
import { embeddedValue } from "../relations/embedded-relation.js";
import type { ConnectionRelation, EmbeddedRelation, Relation } from "../relations/relation.js";
import type { ResultsByKey } from "../relations/results-by-key.js";
import { loadConnections } from "./load-connections.js";
import { completeLoad, keysOf } from "./load-relation.js";

/** A load that was started before its parents were there, and those that could be started with it. */
interface Prefetch {
  readonly found: Promise<ResultsByKey<GraphObject | GraphObject[]>>;
  /** Whether the relation's early way was taken, which may miss what was attached meanwhile. */
  readonly early: boolean;
  readonly next: Prefetches;
}
type Prefetches = ReadonlyMap<Relation, Prefetch>;

/**
 * Fetches what an operation selects ahead of its execution: each level for all parents at once, levels side by side where a relation
 * knows an early way, and attaches the objects so that the relations' resolvers answer at once.
 *
 * It never fails: the error of a call is attached in place of the objects and becomes the error of that field alone.
 */
export class LookAhead {
  constructor(
    private readonly session: UpstreamSession,
    private readonly limits: PageLimits,
  ) {}

  /** Attaches everything that a level selects below the objects. */
  async load({ relations }: SelectionPlan, objects: readonly GraphObject[], begun?: Prefetches): Promise<void> {
    if (objects.length === 0 || relations.length === 0) return;
    await Promise.all(
      relations.flatMap((selected) => {
        if ("lists" in selected) return selected.lists.map((list) => this.joinList(selected.relation, objects, list));
        if ("columns" in selected) return this.joinFetched(selected, objects, begun?.get(selected.relation));
        return this.joinInline(selected.relation, selected.below, objects);
      }),
    );
  }

  /** Starts what can be loaded below objects of which only the CloudTower ids are known yet. */
  startPrefetch({ relations }: SelectionPlan, ids: readonly string[]): Prefetches {
    const begun = new Map<Relation, Prefetch>();
    for (const selected of relations) {
      if ("columns" in selected && selected.relation.keyIsId)
        begun.set(selected.relation, this.prefetchRelation(selected, ids));
    }
    return begun;
  }

  private prefetchRelation({ relation, below, columns }: RelationPlan, keys: readonly string[]): Prefetch {
    const found = watched(relation.load(this.session.withColumns(columns), keys));
    const next = new Map<Relation, Prefetch>();
    for (const selected of below.relations) {
      if (!("columns" in selected) || selected.relation.prefetch?.via !== relation) continue;
      const prefetch = selected.relation.prefetch.load(this.session.withColumns(selected.columns), keys);
      next.set(selected.relation, { found: watched(prefetch), early: true, next: new Map() });
    }
    return { found, early: false, next };
  }

  private async joinInline(
    relation: EmbeddedRelation,
    below: SelectionPlan,
    parents: readonly GraphObject[],
  ): Promise<void> {
    await this.load(
      below,
      parents.flatMap((parent) => embeddedValue(relation, parent) ?? []),
    );
  }

  private async joinFetched(
    selected: RelationPlan,
    parents: readonly GraphObject[],
    begun: Prefetch | undefined,
  ): Promise<void> {
    const { relation, below, columns } = selected;
    const slot = `@${relation.field}` as const;
    const some = parents.some((parent) => parent[slot] !== undefined);
    const absent = some ? parents.filter((parent) => parent[slot] === undefined) : parents;
    let next = begun?.next;
    try {
      let load = begun;
      if (load === undefined) {
        const keys = keysOf(relation, absent);
        load = keys.length > 0 ? this.prefetchRelation(selected, keys) : undefined;
        next = load?.next;
      }
      const session = this.session.withColumns(columns);
      const found = load && (await completeLoad(session, relation, absent, load.found, load.early));
      for (const parent of absent) parent[slot] = found?.get(relation.key(parent) ?? "") ?? (relation.many ? [] : null);
    } catch (error) {
      for (const parent of absent) parent[slot] = relation.key(parent) ? asError(error) : relation.many ? [] : null;
    }
    if (below.relations.length > 0) await this.load(below, childrenOf(parents, slot, relation.inverse), next);
  }

  private async joinList(
    relation: ConnectionRelation,
    parents: readonly GraphObject[],
    { slot, args, withCount, items, columns }: ConnectionPlan,
  ): Promise<void> {
    const absent = parents.filter((parent) => parent[slot] === undefined);
    try {
      const session = this.session.withColumns(columns);
      const found = await loadConnections(session, relation, absent, args, this.limits, withCount);
      for (const parent of absent) parent[slot] = found.get(relation.key(parent) ?? "") ?? null;
    } catch (error) {
      for (const parent of absent) parent[slot] = asError(error);
    }
    const joined: GraphObject[] = [];
    for (const parent of parents) {
      for (const item of (parent[slot] as Partial<Connection> | null)?.nodes ?? []) {
        if (relation.inverse !== undefined) item[`@${relation.inverse}`] = parent;
        joined.push(item);
      }
    }
    await this.load(items, joined);
  }
}

/** The distinct objects that a relation joined to the parents, each told of the parent it belongs to. */
function childrenOf(parents: readonly GraphObject[], slot: `@${string}`, back: string | undefined): GraphObject[] {
  const children: GraphObject[] = [];
  for (const parent of parents) {
    const value = parent[slot];
    if (value === null || value === undefined || value instanceof Error) continue;
    for (const child of Array.isArray(value) ? (value as GraphObject[]) : [value as GraphObject]) {
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
