import { ErrorCode, TowerError } from "../../kernel/errors.js";

/** A write that was sent and whose effect is not certain, or not visible, yet. */
export interface Doubt {
  /** What the flow noted about the write when it was sent. */
  readonly note: string;
  /** How long the write stays in doubt, in milliseconds. 0 or less: it may be sent again, and its effect is only looked for. */
  readonly leftMs: number;
}

/** How long a write is remembered after it is in doubt no longer, so that a late repetition still finds its effect. */
export const KEPT_MS = 3_600_000;

/**
 * The writes in doubt, by a key that names what is written, such as a VM and the name of its snapshot. What is in doubt is not sent again.
 *
 * Asynchronous, so that several gateways can share one register.
 */
export interface DoubtRegister {
  /**
   * Remembers writes by their keys, with a note each, or replaces what was remembered. Called before they are sent.
   *
   * @param forMs how long they are in doubt; 0 for writes whose callers were told of their effects.
   * @throws TowerError if they cannot be remembered: they must not be sent then.
   */
  remember(notes: ReadonlyMap<string, string>, forMs: number): Promise<void>;
  /** Those of the writes that are in doubt, or were within the last hour (`KEPT_MS`). */
  known(keys: readonly string[]): Promise<ReadonlyMap<string, Doubt>>;
  /** Forgets writes whose outcome is certain. */
  forget(keys: readonly string[]): Promise<void>;
}

/** The register of a single gateway, in memory: a restart empties it. */
export class LocalDoubtRegister implements DoubtRegister {
  /** In the order in which they were remembered. */
  private readonly doubts = new Map<string, Entry>();
  /** Those that are in doubt no longer, in the order in which they ended. */
  private readonly past = new Map<string, Entry>();

  /**
   * @param maxDoubts beyond it nothing is sent until a write is certain again.
   * @param maxPast beyond it the oldest is forgotten.
   */
  constructor(
    private readonly maxDoubts = 100_000,
    private readonly maxPast = 10_000,
  ) {}

  async remember(notes: ReadonlyMap<string, string>, forMs: number): Promise<void> {
    const until = performance.now() + forMs;
    this.dropExpired();
    const added = forMs > 0 ? [...notes.keys()].filter((key) => !this.doubts.has(key)).length : 0;
    if (this.doubts.size + added > this.maxDoubts) {
      const message = `Too many writes are in doubt: at most ${this.maxDoubts}. Nothing was changed. Try again in a few minutes.`;
      throw new TowerError(ErrorCode.RateLimited, message);
    }
    for (const [key, note] of notes) {
      this.past.delete(key);
      this.doubts.delete(key);
      (forMs > 0 ? this.doubts : this.past).set(key, { note, until });
    }
  }

  async known(keys: readonly string[]): Promise<ReadonlyMap<string, Doubt>> {
    const now = performance.now();
    return new Map(
      keys.flatMap((key) => {
        const entry = this.doubts.get(key) ?? this.past.get(key);
        if (entry === undefined || entry.until + KEPT_MS <= now) return [];
        return [[key, { note: entry.note, leftMs: entry.until - now }]];
      }),
    );
  }

  async forget(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.doubts.delete(key);
      this.past.delete(key);
    }
  }

  /** All are in doubt for about the same time, so the oldest end first. */
  private dropExpired(): void {
    const now = performance.now();
    for (const [key, entry] of this.doubts) {
      if (entry.until > now) break;
      this.doubts.delete(key);
      this.past.set(key, entry);
    }
    for (const [key, { until }] of this.past) {
      if (until + KEPT_MS > now && this.past.size <= this.maxPast) break;
      this.past.delete(key);
    }
  }
}

interface Entry {
  readonly note: string;
  /** On the clock of `performance.now()`. */
  readonly until: number;
}
