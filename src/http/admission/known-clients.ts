import { LRUCache } from "lru-cache";
import type { Owner } from "../../kernel/turns/turns.js";
import type { Caller } from "./callers.js";

/** Maximum number of clients and of addresses that are remembered. */
const MAX_REMEMBERED = 10_000;
/** Number of clients at one address that have shares of their own although their credentials may be invented. */
const MAX_UNKNOWN_SHARES = 8;
/** After this time without a request, such a share is free for another client. */
const SHARE_IDLE_MS = 60_000;

/**
 * Decides what each client counts for among others.
 *
 * A client whose credential CloudTower has accepted has a share of its own, and so have a few others at each address. All further ones at
 * an address have one share together, since a client can invent any number of tokens. Lives as long as the process.
 */
export class KnownClients {
  private readonly accepted = new LRUCache<string, true>({ max: MAX_REMEMBERED });
  /** Last requests of the unknown clients that have their own share, by address. */
  private readonly unknown = new LRUCache<string, Map<string, number>>({ max: MAX_REMEMBERED });

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Records that CloudTower has accepted the credential of a client at an address. */
  accept(client: string, address: string): void {
    this.accepted.set(client, true);
    this.unknown.get(address)?.delete(client);
  }

  /** Whom the work for a caller is counted for. */
  ownerOf({ client, forwarded, hasCredential, refused }: Caller, address: string): Owner {
    const hasValidKey = !forwarded && hasCredential && refused === undefined;
    const hasOwnShare = hasValidKey || this.accepted.has(client) || this.takesUnknownShare(client, address);
    return { share: hasOwnShare ? client : `address ${address}`, client };
  }

  private takesUnknownShare(client: string, address: string): boolean {
    const now = this.now();
    const shares = this.unknown.get(address) ?? new Map<string, number>();
    if (!shares.has(client) && shares.size >= MAX_UNKNOWN_SHARES) {
      for (const [other, usedAt] of shares) if (now - usedAt > SHARE_IDLE_MS) shares.delete(other);
      if (shares.size >= MAX_UNKNOWN_SHARES) return false;
    }
    shares.set(client, now);
    this.unknown.set(address, shares);
    return true;
  }
}
