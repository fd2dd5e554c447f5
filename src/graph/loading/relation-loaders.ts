import DataLoader from "dataloader";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Connection } from "../connections/connection.js";
import type { PageArguments, PageLimits } from "../connections/page-arguments.js";
import type { GraphObject } from "../model/graph-object.js";
import type { ConnectionRelation, LoadedRelation } from "../relations/relation.js";
import { connectionKey } from "../relations/relation-key.js";
import type { ResultsByKey } from "../relations/results-by-key.js";
import { loadConnections } from "./load-connections.js";
import { loadRelation } from "./load-relation.js";
import type { PagedCalls } from "./shared-rows.js";

/**
 * Fallback for relations that the look-ahead did not load: one DataLoader per relation.
 *
 * Lives as long as one operation, or one event of a subscription: nothing is cached beyond that.
 */
export class RelationLoaders {
  private readonly loaders = new Map<string, DataLoader<GraphObject, unknown, string>>();

  private readonly others = new Map<string, DataLoader<unknown, unknown>>();

  constructor(
    private readonly session: UpstreamSession,
    private readonly limits: PageLimits,
    private readonly pagedCalls: PagedCalls,
  ) {}

  /** The object or objects that the relation leads to. The parent must hold a key. */
  load(relation: LoadedRelation, parent: GraphObject): Promise<unknown> {
    const name = `${relation.from.typename}.${relation.field}`;
    const nothing = () => (relation.many ? [] : null);
    return this.loader(name, relation, (parents) => loadRelation(this.session, relation, parents), nothing).load(
      parent,
    );
  }

  /** The connection below the parent. The parent must hold a key. */
  loadConnection(relation: ConnectionRelation, parent: GraphObject, args: PageArguments): Promise<Connection | null> {
    const name = `${relation.from.typename}.${connectionKey(relation, args)}`;
    const { limits, pagedCalls } = this;
    const fetch = (parents: readonly GraphObject[]) =>
      loadConnections(this.session, relation, parents, { args, limits, pagedCalls, withCount: false });
    const loader = this.loader(name, relation, fetch, () => null);
    return loader.load(parent) as Promise<Connection | null>;
  }

  /**
   * A loader of anything else for the operation: calls for values with the same name at about the same time are one batch.
   *
   * @param load the values of the keys, in their order; an Error concerns its own key alone.
   */
  batch<K, V>(name: string, load: (keys: readonly K[]) => Promise<readonly (V | Error)[]>, key: K): Promise<V> {
    let loader = this.others.get(name) as DataLoader<K, V> | undefined;
    if (loader === undefined) {
      loader = new DataLoader<K, V>(load as never, { cache: false });
      this.others.set(name, loader as DataLoader<unknown, unknown>);
    }
    return loader.load(key);
  }

  private loader(
    name: string,
    relation: LoadedRelation | ConnectionRelation,
    fetch: (parents: readonly GraphObject[]) => Promise<ResultsByKey<unknown>>,
    nothing: () => unknown,
  ): DataLoader<GraphObject, unknown, string> {
    const known = this.loaders.get(name);
    if (known !== undefined) return known;
    const keyOf = (parent: GraphObject) => relation.key(parent) ?? "";
    const loader = new DataLoader<GraphObject, unknown, string>(
      async (parents) => {
        const found = await fetch(parents);
        return parents.map((parent) => found.get(keyOf(parent)) ?? nothing());
      },
      { cacheKeyFn: keyOf },
    );
    this.loaders.set(name, loader);
    return loader;
  }
}
