import { asError } from "../../kernel/errors.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Connection } from "../connections/connection.js";
import type { PageLimits } from "../connections/page-arguments.js";
import type { GraphObject } from "../model/graph-object.js";
import type { ConnectionPlan, EmbeddedPlan, RelationPlan, SelectionPlan } from "../plan/selection-plan.js";
import { embeddedValue } from "../relations/embedded-relation.js";
import type { Relation } from "../relations/relation.js";
import { loadConnections } from "./load-connections.js";
import { completeLoad, keysOf, type StartedLoad } from "./load-relation.js";

/** A load that was started before its parents had arrived, and those that could be started with it. */
interface Prefetch extends StartedLoad {
  readonly next: Prefetches;
}
type Prefetches = ReadonlyMap<Relation, Prefetch>;

/**
 * Loads what an operation selects ahead of its execution: the objects of each selection plan together, plans side by side if a relation
 * knows a shortcut. The objects are set on their parents under `@<field>`, where the resolvers find them.
 *
 * Never fails: the error of a call is set in place of the objects and becomes the error of that field alone.
 */
export class LookAhead {
  constructor(
    private readonly session: UpstreamSession,
    private readonly limits: PageLimits,
  ) {}

  /** Loads everything that is selected below the objects. */
  async load(plan: SelectionPlan, objects: readonly GraphObject[], prefetches?: Prefetches): Promise<void> {
    if (objects.length === 0 || !plan.hasLoads()) return;
    await Promise.all([
      ...plan.embedded.map((embedded) => this.loadBelowEmbedded(embedded, objects)),
      ...plan.loaded.map((loaded) => this.loadRelation(loaded, objects, prefetches?.get(loaded.relation))),
      ...plan.connections.map((connection) => this.loadConnection(connection, objects)),
    ]);
  }

  /** Starts what can be loaded below objects of which only the CloudTower ids are known yet. */
  startPrefetch(plan: SelectionPlan, ids: readonly string[]): Prefetches {
    const prefetches = new Map<Relation, Prefetch>();
    for (const loaded of plan.loaded) {
      if (loaded.relation.keyIsId && !loaded.stubSuffices) prefetches.set(loaded.relation, this.start(loaded, ids));
    }
    return prefetches;
  }

  private start({ relation, objects, columns }: RelationPlan, keys: readonly string[]): Prefetch {
    const results = handled(relation.load(this.session.withColumns(columns()), keys));
    const next = new Map<Relation, Prefetch>();
    for (const below of objects.loaded) {
      const { prefetch } = below.relation;
      if (prefetch?.with !== relation || below.stubSuffices) continue;
      const early = prefetch.load(this.session.withColumns(below.columns()), keys);
      next.set(below.relation, { results: handled(early), shortcut: true, next: new Map() });
    }
    return { results, shortcut: false, next };
  }

  private async loadBelowEmbedded({ relation, objects }: EmbeddedPlan, parents: readonly GraphObject[]): Promise<void> {
    if (!objects.hasLoads()) return;
    await this.load(
      objects,
      parents.flatMap((parent) => embeddedValue(relation, parent) ?? []),
    );
  }

  private async loadRelation(
    plan: RelationPlan,
    parents: readonly GraphObject[],
    prefetch: Prefetch | undefined,
  ): Promise<void> {
    if (plan.stubSuffices) return;
    const { relation, objects, columns } = plan;
    const key = `@${relation.field}` as const;
    const none = () => (relation.many ? [] : null);
    const some = parents.some((parent) => parent[key] !== undefined);
    const absent = some ? parents.filter((parent) => parent[key] === undefined) : parents;
    let next = prefetch?.next;
    try {
      let load = prefetch;
      if (load === undefined) {
        const keys = keysOf(relation, absent);
        load = keys.length > 0 ? this.start(plan, keys) : undefined;
        next = load?.next;
      }
      const session = this.session.withColumns(columns());
      const results = load && (await completeLoad(session, relation, absent, load));
      for (const parent of absent) parent[key] = results?.get(relation.key(parent) ?? "") ?? none();
    } catch (error) {
      for (const parent of absent) parent[key] = relation.key(parent) ? asError(error) : none();
    }
    if (objects.hasLoads() || objects.leadsBack) {
      await this.load(objects, childrenOf(parents, key, relation.inverse), next);
    }
  }

  private async loadConnection(plan: ConnectionPlan, parents: readonly GraphObject[]): Promise<void> {
    const { relation, key, args, withCount, objects } = plan;
    const absent = parents.filter((parent) => parent[key] === undefined);
    try {
      const session = this.session.withColumns(plan.columns(args));
      const results = await loadConnections(session, relation, absent, { args, limits: this.limits, withCount });
      for (const parent of absent) parent[key] = results.get(relation.key(parent) ?? "") ?? null;
    } catch (error) {
      for (const parent of absent) parent[key] = asError(error);
    }
    const children: GraphObject[] = [];
    for (const parent of parents) {
      for (const child of (parent[key] as Partial<Connection> | null)?.nodes ?? []) {
        if (relation.inverse !== undefined) child[`@${relation.inverse}`] = parent;
        children.push(child);
      }
    }
    await this.load(objects, children);
  }
}

/** The distinct objects that a relation led to, each with the parent that it belongs to under its inverse. */
function childrenOf(parents: readonly GraphObject[], key: `@${string}`, inverse: string | undefined): GraphObject[] {
  const children: GraphObject[] = [];
  for (const parent of parents) {
    const value = parent[key];
    if (value === null || value === undefined || value instanceof Error) continue;
    for (const child of Array.isArray(value) ? (value as GraphObject[]) : [value as GraphObject]) {
      if (inverse !== undefined) child[`@${inverse}`] = parent;
      children.push(child);
    }
  }
  // A child that names its parent belongs to that one alone.
  return inverse === undefined ? [...new Set(children)] : children;
}

/** A promise that is awaited later: until then its rejection does not count as unhandled. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
