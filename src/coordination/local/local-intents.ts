import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { type Intent, type Intents, KEPT_MS } from "../coordination.js";

interface Entry {
  readonly note: string;
  readonly holder: string;
  /** Until when the write is in doubt, on the clock of `performance.now()`. */
  readonly until: number;
}

/** The intents of one gateway. */
export class LocalIntents implements Intents {
  /** In the order in which they were declared or kept. */
  private readonly entries = new Map<string, Entry>();
  /** Those that are in doubt no longer, in the order in which they ended. */
  private readonly past = new Map<string, Entry>();

  /**
   * @param maxIntents beyond it nothing is sent until a write is certain again.
   * @param maxPast beyond it the oldest is forgotten.
   */
  constructor(
    private readonly maxIntents = 100_000,
    private readonly maxPast = 10_000,
  ) {}

  async declare(notes: ReadonlyMap<string, string>, forMs: number, holder: string) {
    const inDoubt = [...(await this.known([...notes.keys()]))].filter(([, { leftMs }]) => leftMs > 0);
    const before = new Map(inDoubt);
    this.add(new Map([...notes].filter(([key]) => !before.has(key))), forMs, holder);
    return before;
  }

  sent(): void {}

  async keep(notes: ReadonlyMap<string, string>, forMs: number, holder: string): Promise<void> {
    const now = performance.now();
    const free = [...notes].filter(([key]) => {
      const entry = this.entries.get(key);
      return entry === undefined || entry.until <= now || entry.holder === holder;
    });
    this.add(new Map(free), forMs, holder);
  }

  async known(keys: readonly string[]): Promise<ReadonlyMap<string, Intent>> {
    const now = performance.now();
    return new Map(
      keys.flatMap((key) => {
        const entry = this.entries.get(key) ?? this.past.get(key);
        if (entry === undefined || entry.until + KEPT_MS <= now) return [];
        const { note, holder, until } = entry;
        return [[key, { note, holder, leftMs: until - now }] as const];
      }),
    );
  }

  async forget(keys: readonly string[], holder: string): Promise<void> {
    for (const key of keys) {
      for (const entries of [this.entries, this.past]) if (entries.get(key)?.holder === holder) entries.delete(key);
    }
  }

  private add(notes: ReadonlyMap<string, string>, forMs: number, holder: string): void {
    this.dropExpired();
    const added = forMs > 0 ? [...notes.keys()].filter((key) => !this.entries.has(key)).length : 0;
    if (this.entries.size + added > this.maxIntents) {
      const message = `Too many writes are in doubt: at most ${this.maxIntents}. Nothing was changed. Try again in a few minutes.`;
      throw new TowerError(ErrorCode.RateLimited, message);
    }
    const until = performance.now() + forMs;
    for (const [key, note] of notes) {
      this.past.delete(key);
      this.entries.delete(key);
      (forMs > 0 ? this.entries : this.past).set(key, { note, holder, until });
    }
  }

  /** All are in doubt for about the same time, so the oldest end first. */
  private dropExpired(): void {
    const now = performance.now();
    for (const [key, entry] of this.entries) {
      if (entry.until > now) break;
      this.entries.delete(key);
      this.past.set(key, entry);
    }
    for (const [key, { until }] of this.past) {
      if (until + KEPT_MS > now && this.past.size <= this.maxPast) break;
      this.past.delete(key);
    }
  }
}
