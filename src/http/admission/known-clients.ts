import { LRUCache } from "lru-cache";
import type { Owner } from "../../kernel/turns/turns.js";
import type { Caller } from "./callers.js";

/** Maximum number of clients that are remembered. */
const MAX_KNOWN = 10_000;

/**
 * Clients whose credential is known to be valid. Each of them has its own share of the turns; all others at one address have one share
 * together, since a client can invent any number of tokens. Lives as long as the process.
 */
export class KnownClients {
  private readonly accepted = new LRUCache<string, true>({ max: MAX_KNOWN });

  /** Records that CloudTower has accepted the credential of a client. */
  accept(client: string): void {
    this.accepted.set(client, true);
  }

  /** Whom the work for a caller is counted for. */
  ownerOf({ client, forwarded, hasCredential, refused }: Caller, address: string): Owner {
    const hasValidKey = !forwarded && hasCredential && refused === undefined;
    const share = hasValidKey || this.accepted.has(client) ? client : `address ${address}`;
    return { share, client };
  }
}
