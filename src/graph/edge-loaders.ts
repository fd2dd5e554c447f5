import DataLoader from "dataloader";
import type { UpstreamSession } from "../upstream/session.js";
import type { FetchedEdge, ListEdge } from "./edge.js";
import { fetchEdge } from "./fetch-edge.js";
import type { Found } from "./found.js";
import type { Joinable } from "./joinable.js";
import type { Connection } from "./list/connection.js";
import type { PageArguments, PageLimits } from "./list/page-arguments.js";
import { fetchList, listSlot } from "./list-edge.js";

/**
 * The way for what the look-ahead did not foresee: a DataLoader for each edge.
 *
 * Lives as long as one operation, or one event of a subscription: nothing is cached beyond that.
 */
export class EdgeLoaders {
  private readonly loaders = new Map<string, DataLoader<Joinable, unknown, string>>();

  constructor(
    private readonly session: UpstreamSession,
    private readonly limits: PageLimits,
  ) {}

  /** The object or objects that the edge leads to. The parent must hold a key. */
  load(edge: FetchedEdge, parent: Joinable): Promise<unknown> {
    const name = `${edge.from.typename}.${edge.field}`;
    const nothing = () => (edge.many ? [] : null);
    return this.loader(name, edge, (parents) => fetchEdge(this.session, edge, parents), nothing).load(parent);
  }

  /** The connection below the parent. The parent must hold a key. */
  loadList(edge: ListEdge, parent: Joinable, args: PageArguments): Promise<Connection | null> {
    const name = `${edge.from.typename}.${listSlot(edge, args)}`;
    const fetch = (parents: readonly Joinable[]) => fetchList(this.session, edge, parents, args, this.limits, false);
    const loader = this.loader(name, edge, fetch, () => null);
    return loader.load(parent) as Promise<Connection | null>;
  }

  private loader(
    name: string,
    edge: FetchedEdge | ListEdge,
    fetch: (parents: readonly Joinable[]) => Promise<Found<unknown>>,
    nothing: () => unknown,
  ): DataLoader<Joinable, unknown, string> {
    const known = this.loaders.get(name);
    if (known !== undefined) return known;
    const keyOf = (parent: Joinable) => edge.key(parent) ?? "";
    const loader = new DataLoader<Joinable, unknown, string>(
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
