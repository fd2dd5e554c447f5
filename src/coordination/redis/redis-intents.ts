import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { CoordinationUnavailable, type Intent, type Intents, KEPT_MS } from "../coordination.js";
import { EPOCH_MS, type HeldKey } from "./heartbeat.js";
import { unavailable } from "./redis-connection.js";
import type { RedisParts } from "./redis-leases.js";
import { DECLARE, KEEP, KNOWN } from "./scripts.js";

const SETTLING = "The replicas of the gateway are agreeing again on what they have written, after Redis was away.";

/** Intents that all replicas respect. This replica remembers its own, and writes them again if Redis has forgotten them. */
export class RedisIntents implements Intents {
  /** Those of this replica, by their keys in Redis. */
  private readonly own = new Map<string, OwnIntent>();

  /** @param maxIntents of this replica; beyond it nothing is sent until a write is certain again. */
  constructor(
    private readonly parts: RedisParts,
    private readonly maxIntents = 100_000,
  ) {}

  /** Number of intents of this replica. */
  get size(): number {
    return this.own.size;
  }

  async declare(notes: ReadonlyMap<string, string>, forMs: number, holder: string) {
    const { connection, heartbeat, keys, times } = this.parts;
    if (this.own.size + notes.size > this.maxIntents) {
      const message = `Too many writes are in doubt: at most ${this.maxIntents}. Nothing was changed. Try again in a few minutes.`;
      throw new TowerError(ErrorCode.RateLimited, message);
    }
    if (!connection.isUsable) throw unavailable();
    if (heartbeat.isQuiet) throw new CoordinationUnavailable(SETTLING);
    const names = [...notes.keys()];
    const redisKeys = names.map((key) => keys.of("intent", key));
    const values = names.map((key) => textOf(holder, notes.get(key) ?? ""));
    // Each heartbeat renews it, like the lease, until the outcome is known: what a safe lease was given later than one lease time ago.
    const doubtMs = forMs + times.leaseMs;
    const withEpoch = [keys.one("epoch"), ...redisKeys];
    let result: (string | number)[];
    try {
      result = (await connection.run(DECLARE, withEpoch, [
        times.leaseMs,
        EPOCH_MS,
        doubtMs + KEPT_MS,
        KEPT_MS,
        ...values,
      ])) as typeof result;
    } catch (error) {
      // They may have been declared, or be declared later.
      await heartbeat.drop(connection, new Map(redisKeys.map((key) => [key, holder])));
      throw error;
    }
    const [settlingMs, ...found] = result;
    if (settlingMs !== 0) throw new CoordinationUnavailable(SETTLING);
    const before = intentsIn(names, found);
    const now = performance.now();
    for (const [index, key] of redisKeys.entries()) {
      const value = values[index];
      if (value === undefined || before.has(names[index] ?? "")) continue;
      this.add(key, new OwnIntent(value, { doubtMs, renewUntil: now + forMs, forget: () => this.own.delete(key) }));
    }
    return before;
  }

  sent(keys: readonly string[]): void {
    for (const key of keys) this.own.get(this.parts.keys.of("intent", key))?.sent();
  }

  async keep(notes: ReadonlyMap<string, string>, forMs: number, holder: string): Promise<void> {
    const { connection, keys } = this.parts;
    if (notes.size === 0) return;
    const values = new Map([...notes].map(([key, note]) => [keys.of("intent", key), textOf(holder, note)]));
    for (const [key, value] of values) {
      this.add(key, new OwnIntent(value, { doubtMs: forMs, forget: () => this.own.delete(key) }));
    }
    await connection.run(KEEP, [...values.keys()], [Math.ceil(forMs) + KEPT_MS, KEPT_MS, ...values.values()]);
  }

  async known(keys: readonly string[]): Promise<ReadonlyMap<string, Intent>> {
    if (keys.length === 0) return new Map();
    const redisKeys = keys.map((key) => this.parts.keys.of("intent", key));
    const found = (await this.parts.connection.run(KNOWN, redisKeys, [])) as (string | number)[];
    const now = performance.now();
    const own = keys.flatMap((key, index) => {
      const intent = this.own.get(redisKeys[index] ?? "");
      const leftMs = intent?.doubtMs(now) ?? 0;
      return intent === undefined || leftMs <= 0 ? [] : [[key, intentIn(intent.value, leftMs)] as const];
    });
    return new Map([...intentsIn(keys, found), ...own]);
  }

  async forget(keys: readonly string[], holder: string): Promise<void> {
    const { connection, heartbeat, keys: names } = this.parts;
    if (keys.length === 0) return;
    const redisKeys = keys.map((key) => names.of("intent", key));
    for (const key of redisKeys) if (this.own.get(key)?.holder === holder) this.own.delete(key);
    await heartbeat.drop(connection, new Map(redisKeys.map((key) => [key, holder])));
  }

  private add(key: string, intent: OwnIntent): void {
    this.own.set(key, intent);
    this.parts.heartbeat.held.set(key, intent);
  }
}

interface IntentLife {
  /** How long the write is in doubt after the last renewal. */
  readonly doubtMs: number;
  /** Until then it is renewed. @default never */
  readonly renewUntil?: number;
  readonly forget: () => void;
}

class OwnIntent implements HeldKey {
  /** Until when the write is in doubt. */
  private until: number;
  private renewUntil: number;

  constructor(
    readonly value: string,
    private readonly life: IntentLife,
  ) {
    this.until = performance.now() + life.doubtMs;
    this.renewUntil = life.renewUntil ?? Number.NEGATIVE_INFINITY;
  }

  get holder(): string {
    return holderOf(this.value);
  }

  /** The write is leaving. Its lease is safe, so the last renewal is recent enough. */
  sent(): void {
    this.renewUntil = Number.NEGATIVE_INFINITY;
  }

  doubtMs(now: number): number {
    return this.isRenewed(now) ? this.life.doubtMs : this.until - now;
  }

  /** What is in doubt no longer is left to Redis. */
  lifeMs(now: number): number {
    const leftMs = this.doubtMs(now);
    return leftMs > 0 ? leftMs + KEPT_MS : 0;
  }

  isRenewed(now: number): boolean {
    return now < this.renewUntil;
  }

  renewed(startedAt: number): void {
    if (this.isRenewed(startedAt)) this.until = startedAt + this.life.doubtMs;
  }

  lost(): void {
    this.life.forget();
  }
}

function textOf(holder: string, note: string): string {
  return `${holder}\n${note}`;
}

function holderOf(value: string): string {
  return value.slice(0, value.indexOf("\n"));
}

function intentIn(value: string, leftMs: number): Intent {
  const holder = holderOf(value);
  return { holder, note: value.slice(holder.length + 1), leftMs };
}

/** @param found a value, empty if there is none, and a time to live for each key. */
function intentsIn(keys: readonly string[], found: readonly (string | number)[]): Map<string, Intent> {
  return new Map(
    keys.flatMap((key, index) => {
      const value = String(found[2 * index] ?? "");
      return value === "" ? [] : [[key, intentIn(value, Number(found[2 * index + 1]) - KEPT_MS)] as const];
    }),
  );
}
