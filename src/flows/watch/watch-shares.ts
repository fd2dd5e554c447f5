import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { MAX_IDS_PER_CLIENT, MAX_IDS_PER_LOOP, MAX_WATCHES_PER_CLIENT, MAX_WATCHES_PER_LOOP } from "./watch-limits.js";

/** Counts what the clients of a loop watch, and refuses what is too much. */
export class WatchShares {
  /** Number of different ids that each client watches. */
  private readonly ids = new Map<string, number>();
  /** Number of ids in all streams of each client: a stream costs memory also for those that others watch. */
  private readonly watches = new Map<string, number>();
  private allWatches = 0;

  /**
   * Takes room for a stream.
   *
   * @param stream.newIds number of its ids that the client does not watch yet.
   * @param stream.idsOfAll number of different ids that all clients watch.
   * @throws TowerError RATE_LIMITED if there is none.
   */
  take(client: string, stream: { readonly ids: number; readonly newIds: number; readonly idsOfAll: number }): void {
    const ids = (this.ids.get(client) ?? 0) + stream.newIds;
    const watches = (this.watches.get(client) ?? 0) + stream.ids;
    if (ids > MAX_IDS_PER_CLIENT) throw tooMany(`${MAX_IDS_PER_CLIENT} per client. End some subscriptions first.`);
    if (watches > MAX_WATCHES_PER_CLIENT) {
      throw tooMany(
        `${MAX_WATCHES_PER_CLIENT} in all subscriptions of a client, each counted as often as it is watched. End some subscriptions first.`,
      );
    }
    if (stream.idsOfAll + stream.newIds > MAX_IDS_PER_LOOP || this.allWatches + stream.ids > MAX_WATCHES_PER_LOOP) {
      throw tooMany(
        `${MAX_IDS_PER_LOOP} for all clients of one account, and ${MAX_WATCHES_PER_LOOP} in all their subscriptions. Try again later.`,
      );
    }
    add(this.ids, client, stream.newIds);
    add(this.watches, client, stream.ids);
    this.allWatches += stream.ids;
  }

  /** The client no longer watches one of its ids. */
  giveId(client: string): void {
    add(this.ids, client, -1);
  }

  /** A stream with this number of ids is closed. */
  giveStream(client: string, ids: number): void {
    add(this.watches, client, -ids);
    this.allWatches -= ids;
  }
}

function add(counts: Map<string, number>, client: string, change: number): void {
  const count = (counts.get(client) ?? 0) + change;
  if (count === 0) counts.delete(client);
  else counts.set(client, count);
}

function tooMany(limit: string): TowerError {
  return new TowerError(ErrorCode.RateLimited, `Too many watched ids: at most ${limit}`);
}
