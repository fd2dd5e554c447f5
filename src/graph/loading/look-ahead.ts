import { asError } from "../../kernel/errors.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Connection } from "../connections/connection.js";
import type { PageLimits } from "../connections/page-arguments.js";
import type { GraphObject } from "../model/graph-object.js";
import type { ConnectionPlan, EmbeddedPlan, RelationPlan, SelectedOf, SelectionPlan } from "../plan/selection-plan.js";
import { embeddedValue } from "../relations/embedded-relation.js";
import type { EmbeddedRelation, Relation } from "../relations/relation.js";
import { stubLacks } from "../relations/stub.js";
import { loadConnections } from "./load-connections.js";
import { completeLoad, keysOf, loadKeys, type StartedLoad } from "./load-relation.js";
import type { PagedCalls } from "./shared-rows.js";

/** A load that was started before its parents had arrived, and those that could be started with it. */
interface Prefetch extends StartedLoad {
  readonly next: Prefetches;
}
type Prefetches = ReadonlyMap<Relation, Prefetch>;

/** How the selections below objects are loaded. */
interface Loading {
  /** Loads that were started before. */
  readonly prefetches?: Prefetches;
  /**
   * True if a relation below has led back to the objects: then everything that is selected of them is loaded, else what is selected of all
   * such objects.
   */
  readonly ledBackTo?: boolean;
}

/**
 * Loads what an operation selects ahead of its execution: the objects of each selection plan together, plans side by side if a relation
 * knows a shortcut. The objects are set on their parents under `@<field>`, where the resolvers find them.
 *
 * Never fails: the error of a call is set in place of the objects and becomes the error of that field alone.
 */
export class LookAhead {
  /** The latest load of each plan, for those that come upon the same objects by another way. */
  private readonly latest = new Map<RelationPlan | ConnectionPlan, Promise<void>>();

  constructor(
    private readonly session: UpstreamSession,
    private readonly limits: PageLimits,
    private readonly pagedCalls: PagedCalls,
  ) {}

  /** Loads everything that is selected below the objects. */
  load(plan: SelectionPlan, objects: readonly GraphObject[], prefetches?: Prefetches): Promise<void> {
    return this.loadBelow(plan, objects, { prefetches });
  }

  /** Starts what can be loaded below objects of which only the CloudTower ids are known yet. */
  startPrefetch(plan: SelectionPlan, ids: readonly string[]): Prefetches {
    const prefetches = new Map<Relation, Prefetch>();
    for (const loaded of plan.loaded) {
      if (loaded.loadedOf === "all" && loaded.relation.keyIsId)
        prefetches.set(loaded.relation, this.start(loaded, ids));
    }
    return prefetches;
  }

  private start({ relation, objects, columns }: RelationPlan, keys: readonly string[]): Prefetch {
    const results = handled(loadKeys(this.session.withColumns(columns()), relation, keys));
    const next = new Map<Relation, Prefetch>();
    for (const below of objects.loaded) {
      const { prefetch } = below.relation;
      if (prefetch?.with !== relation || below.loadedOf !== "all") continue;
      const early = prefetch.load(this.session.withColumns(below.columns()), keys);
      next.set(below.relation, { results: handled(early), shortcut: true, next: new Map() });
    }
    return { results, shortcut: false, next };
  }

  private async loadBelow(plan: SelectionPlan, objects: readonly GraphObject[], loading: Loading): Promise<void> {
    if (objects.length === 0 || !plan.hasLoads()) return;
    const isDue = ({ of }: { readonly of: SelectedOf }) => of === "all" || loading.ledBackTo === true;
    await Promise.all([
      ...plan.embedded.filter(isDue).map((embedded) => this.loadBelowEmbedded(embedded, objects, loading)),
      ...plan.loaded.filter(isDue).map((loaded) => this.loadRelation(loaded, objects, loading)),
      ...plan.connections.filter(isDue).map((connection) => this.loadConnection(connection, objects, loading)),
    ]);
  }

  private async loadBelowEmbedded(
    { relation, objects }: EmbeddedPlan,
    parents: readonly GraphObject[],
    { ledBackTo }: Loading,
  ): Promise<void> {
    if (!objects.hasLoads() && objects.leadsBack === undefined) return;
    const children = parents.flatMap((parent) => embeddedObjects(relation, parent));
    await this.loadFrom(objects, children, { ledBackTo });
  }

  private async loadRelation(
    plan: RelationPlan,
    parents: readonly GraphObject[],
    { prefetches, ledBackTo }: Loading,
  ): Promise<void> {
    const { relation, objects } = plan;
    const due = parentsToLoadOf(plan, parents, ledBackTo ? "ledBackTo" : "all");
    if (due.length === 0) return;
    let next: Prefetches | undefined;
    await this.inTurn(plan, async () => {
      next = await this.setRelated(plan, due, prefetches?.get(relation));
    });
    if (!objects.hasLoads() && objects.leadsBack === undefined) return;
    const children = childrenOf(due, `@${relation.field}`, relation.inverse);
    await this.loadFrom(objects, children, { prefetches: next, ledBackTo });
  }

  /** Sets the objects of a relation on the parents that have none yet. @returns what was started with them. */
  private async setRelated(
    plan: RelationPlan,
    parents: readonly GraphObject[],
    prefetch: Prefetch | undefined,
  ): Promise<Prefetches | undefined> {
    const { relation, columns } = plan;
    const key = `@${relation.field}` as const;
    const none = () => (relation.many ? [] : null);
    const absent = parentsWithout(parents, key, relation);
    let load = prefetch;
    try {
      if (load === undefined) {
        const keys = keysOf(relation, absent);
        load = keys.length > 0 ? this.start(plan, keys) : undefined;
      }
      const session = this.session.withColumns(columns());
      const results = load && (await completeLoad(session, relation, absent, load));
      for (const parent of absent) parent[key] = results?.get(relation.key(parent) ?? "") ?? none();
    } catch (error) {
      for (const parent of absent) parent[key] = relation.key(parent) ? asError(error) : none();
    }
    return load?.next;
  }

  private async loadConnection(
    plan: ConnectionPlan,
    parents: readonly GraphObject[],
    { ledBackTo }: Loading,
  ): Promise<void> {
    const { relation, key, objects } = plan;
    await this.inTurn(plan, () => this.setConnections(plan, parents));
    const children: GraphObject[] = [];
    for (const parent of parents) {
      for (const child of (parent[key] as Partial<Connection> | null)?.nodes ?? []) {
        if (relation.inverse !== undefined) child[`@${relation.inverse}`] = parent;
        children.push(child);
      }
    }
    await this.loadFrom(objects, children, { ledBackTo });
  }

  /** Sets a connection on the parents that have none yet. */
  private async setConnections(plan: ConnectionPlan, parents: readonly GraphObject[]): Promise<void> {
    const { relation, key, args, withCount } = plan;
    const absent = parentsWithout(parents, key, relation);
    try {
      const session = this.session.withColumns(plan.columns(args));
      const { limits, pagedCalls } = this;
      const results = await loadConnections(session, relation, absent, { args, limits, pagedCalls, withCount });
      for (const parent of absent) parent[key] = results.get(relation.key(parent) ?? "") ?? null;
    } catch (error) {
      for (const parent of absent) parent[key] = asError(error);
    }
  }

  /** Loads what is selected below objects that a relation led to, and of those above, if it is selected where these lead back. */
  private async loadFrom(plan: SelectionPlan, objects: readonly GraphObject[], loading: Loading): Promise<void> {
    const below = this.loadBelow(plan, objects, loading);
    // Below objects that were led back to, everything is loaded anyway.
    const isBack = plan.leadsBack === "all" && loading.ledBackTo !== true;
    await (isBack ? Promise.all([below, this.loadLedBackTo(plan, objects)]) : below);
  }

  private async loadLedBackTo({ above }: SelectionPlan, objects: readonly GraphObject[]): Promise<void> {
    if (above?.inverse === undefined) return;
    const key = `@${above.inverse}` as const;
    const parents = [...new Set(objects.map((object) => object[key] as GraphObject))];
    const below = above.plan.selectsMoreLedBackTo() && this.loadBelow(above.plan, parents, { ledBackTo: true });
    await Promise.all([below, above.plan.leadsBack && this.loadLedBackTo(above.plan, parents)]);
  }

  /** Runs a load after the one before of the same plan, and finds on the parents what that one has set. */
  private inTurn(plan: RelationPlan | ConnectionPlan, load: () => Promise<void>): Promise<void> {
    const loaded = this.latest.get(plan)?.then(load, load) ?? load();
    this.latest.set(plan, loaded);
    return loaded;
  }
}

/** The parents whose rows do not hold what is selected. If a row cannot be read, the resolver reads it again. */
function parentsToLoadOf(plan: RelationPlan, parents: readonly GraphObject[], of: SelectedOf): readonly GraphObject[] {
  const columns = plan.stubColumns(of);
  if (columns === undefined) return parents;
  return parents.filter((parent) => {
    try {
      return stubLacks(plan.relation, parent, columns);
    } catch {
      return false;
    }
  });
}

/** The parents on which nothing is set yet. One whose row cannot be read gets the error. */
function parentsWithout(
  parents: readonly GraphObject[],
  key: `@${string}`,
  relation: { key(parent: GraphObject): unknown },
): GraphObject[] {
  return parents.filter((parent) => {
    if (parent[key] !== undefined) return false;
    try {
      relation.key(parent);
      return true;
    } catch (error) {
      parent[key] = asError(error);
      return false;
    }
  });
}

/** None if the parent's row cannot be read: the resolver reads it again, and the error is that field's. */
function embeddedObjects(relation: EmbeddedRelation, parent: GraphObject): GraphObject | GraphObject[] {
  try {
    return embeddedValue(relation, parent) ?? [];
  } catch {
    return [];
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
