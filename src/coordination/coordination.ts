import { ErrorCode, TowerError } from "../kernel/errors.js";

/**
 * What several gateways share so that they behave as one: who may write a VM, which writes may have had an effect, rate limits, and
 * registered operations. Lives as long as the process.
 *
 * There are two implementations: in the process, for a single gateway, and in Redis.
 */
export interface Coordination {
  readonly leases: Leases;
  readonly intents: Intents;
  readonly rates: Rates;
  readonly texts: Texts;
  /** Undefined if nothing is shared. */
  readonly logs: Logs | undefined;
  /** Undefined if nothing is shared. */
  readonly shared: SharedState | undefined;
  /** Gives up all leases and disconnects. Intents stay. Safe to call twice. */
  stop(): Promise<void>;
}

/** State of the store that the replicas share. */
export interface SharedState {
  readonly isAvailable: boolean;
  /** Number of leases that this replica holds. */
  readonly leases: number;
  /** Number of intents that this replica has declared. */
  readonly intents: number;
}

/** The right of one call, of all replicas, to write something. */
export interface Lease {
  /**
   * Whether it lasts long enough to hand a write to the socket now, by the monotonic clock of this process. Ask directly before that: the
   * process may have been paused.
   */
  readonly isSafe: boolean;
  /** Gives it up. Never fails: what cannot be given up expires. Safe to call twice. */
  release(): void;
}

/** Leases by what is written, such as the id of a VM. */
export interface Leases {
  /**
   * Takes a lease. Undefined if it is held, or if none may be taken yet: try again after a pause.
   *
   * @throws CoordinationUnavailable
   */
  take(key: string): Promise<Lease | undefined>;
  /** Whether any replica holds it, or none may be taken yet. @throws CoordinationUnavailable */
  isHeld(key: string): Promise<boolean>;
  /**
   * Asks whoever holds a lease to give it up to this replica, and all others not to take it for the next seconds.
   *
   * @throws CoordinationUnavailable
   */
  request(key: string): Promise<void>;
  /** Whether another replica has requested it lately. @throws CoordinationUnavailable */
  isRequested(key: string): Promise<boolean>;
}

/** A write that is about to be sent, or was sent and whose effect is not certain or not visible yet. */
export interface Intent {
  /** What the flow noted about the write. */
  readonly note: string;
  /** How long the write stays in doubt, in milliseconds. 0 or less: it may be sent again, and its effect is only looked for. */
  readonly leftMs: number;
  /** The call that declared it. */
  readonly holder: string;
}

/** How long a write is remembered after it is in doubt no longer, so that a late repetition still finds its effect. */
export const KEPT_MS = 3_600_000;

/**
 * The intents of writes, by a key that names what is written, such as a VM and the name of its snapshot. A write in doubt is not sent by
 * another call, whoever has the lease.
 */
export interface Intents {
  /**
   * Declares writes before they are sent, with a note each: those that are not in doubt. It lasts at least this long after the write is
   * sent, if the lease is safe then.
   *
   * @returns the intents of those that were declared before, by key: they must not be sent.
   * @throws TowerError if they cannot be declared: none must be sent then. CoordinationUnavailable, or RATE_LIMITED if there are too many.
   */
  declare(notes: ReadonlyMap<string, string>, forMs: number, holder: string): Promise<ReadonlyMap<string, Intent>>;
  /** The writes are leaving: the time in which they are in doubt begins. */
  sent(keys: readonly string[]): void;
  /**
   * Keeps writes in doubt from now on, unless another call has declared them in the meantime.
   *
   * @param forMs 0 for writes whose callers were told of their effects.
   * @throws CoordinationUnavailable
   */
  keep(notes: ReadonlyMap<string, string>, forMs: number, holder: string): Promise<void>;
  /** Those of the writes that are in doubt, or were within the last hour (`KEPT_MS`). @throws CoordinationUnavailable */
  known(keys: readonly string[]): Promise<ReadonlyMap<string, Intent>>;
  /** Forgets the holder's intents, whose outcome is certain. What cannot be forgotten now is forgotten later. */
  forget(keys: readonly string[], holder: string): Promise<void>;
}

/** Rate limits: a bucket of tokens per client. */
export interface Rates {
  /** Takes units from the client's bucket of this replica. @returns 0 if they were taken, or the seconds until there are enough. */
  take(client: string, units: number): number;
  /** The same for the bucket of all replicas, once per operation. Never rejects. Undefined if there is no such bucket. */
  share(client: string, units: number): Promise<number> | undefined;
}

/** Operations that clients registered, by the SHA-256 of their texts. What does not fit is forgotten. */
export interface Texts {
  get(hash: string): string | undefined | Promise<string | undefined>;
  set(hash: string, text: string): void;
  delete(hash: string): boolean;
}

/** Logs of texts that all replicas read, and one at a time appends to. A log that nobody appends to for months is forgotten. */
export interface Logs {
  /** The entries of a log, oldest first; none if there is no such log. @throws CoordinationUnavailable */
  read(name: string): Promise<string[]>;
  /** From now on this claim alone may append. @returns the entries. @throws CoordinationUnavailable */
  claim(name: string, claim: string): Promise<string[]>;
  /** @returns the number of entries; undefined if there is a later claim, and nothing was appended. @throws CoordinationUnavailable */
  append(name: string, claim: string, entry: string): Promise<number | undefined>;
  /** Replaces all entries by one. @returns whether there is no later claim. @throws CoordinationUnavailable */
  replace(name: string, claim: string, entry: string): Promise<boolean>;
}

/** The store that the replicas share cannot be used, so that no write may be sent. */
export class CoordinationUnavailable extends TowerError {
  constructor(reason: string, cause?: unknown) {
    super(ErrorCode.CoordinationUnavailable, `${reason} Nothing was changed. Try again.`, { cause });
  }
}

/** Is notified of the shared store; must neither throw nor block. */
export interface CoordinationObserver {
  /** The store cannot be used, for another reason, or can be used again. */
  coordinationChanged(problem: { readonly reason: string; readonly cause?: unknown } | undefined): void;
  /** A command has ended. */
  coordinated(command: { readonly name: string; readonly succeeded: boolean; readonly milliseconds: number }): void;
}
