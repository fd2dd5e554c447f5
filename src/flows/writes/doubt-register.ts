import { ErrorCode, TowerError } from "../../kernel/errors.js";

/** A write that was sent and whose effect is not certain, or not visible, yet. */
export interface Doubt {
  /** What the flow noted about the write when it was sent. */
  readonly note: string;
  /** How long the write stays in doubt, in milliseconds. */
  readonly leftMs: number;
}

/**
 * The writes in doubt, by a key that names what is written, such as a VM and the name of its snapshot. What is in doubt is not sent again.
 *
 * Asynchronous, so that several gateways can share one register.
 */
export interface DoubtRegister {
  /**
   * Remembers writes by their keys, with a note each, or replaces what was remembered. Called before they are sent.
   *
   * @throws TowerError if they cannot be remembered: they must not be sent then.
   */
  remember(notes: ReadonlyMap<string, string>, forMs: number): Promise<void>;
  /** Those of the writes that are in doubt. */
  known(keys: readonly string[]): Promise<ReadonlyMap<string, Doubt>>;
  /** Forgets writes whose outcome is certain. */
  forget(keys: readonly string[]): Promise<void>;
}

/** The register of a single gateway, in memory: a restart empties it. */
export class LocalDoubtRegister implements DoubtRegister {
  /** In the order in which they were remembered. */
  private readonly doubts = new Map<string, { readonly note: string; readonly until: number }>();

  /** @param maxDoubts beyond it nothing is sent until a write is certain again. */
  constructor(private readonly maxDoubts = 100_000) {}

  async remember(notes: ReadonlyMap<string, string>, forMs: number): Promise<void> {
    const until = performance.now() + forMs;
    this.dropExpired();
    const added = [...notes.keys()].filter((key) => !this.doubts.has(key)).length;
    if (this.doubts.size + added > this.maxDoubts) {
      const message = `Too many writes are in doubt: at most ${this.maxDoubts}. Nothing was changed. Try again in a few minutes.`;
      throw new TowerError(ErrorCode.RateLimited, message);
    }
    for (const [key, note] of notes) {
      this.doubts.delete(key);
      this.doubts.set(key, { note, until });
    }
  }

  async known(keys: readonly string[]): Promise<ReadonlyMap<string, Doubt>> {
    const now = performance.now();
    return new Map(
      keys.flatMap((key) => {
        const doubt = this.doubts.get(key);
        return doubt === undefined || doubt.until <= now
          ? []
          : [[key, { note: doubt.note, leftMs: doubt.until - now }]];
      }),
    );
  }

  async forget(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.doubts.delete(key);
  }

  /** All are remembered for about the same time, so the oldest expire first. */
  private dropExpired(): void {
    const now = performance.now();
    for (const [key, { until }] of this.doubts) {
      if (until > now) return;
      this.doubts.delete(key);
    }
  }
}
