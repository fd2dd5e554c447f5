import { wait } from "../../kernel/backoff.js";
import { Cancellation } from "../../kernel/cancellation.js";
import type { RedisConnection } from "./redis-connection.js";
import { DROP, RENEW } from "./scripts.js";

/** A key that this replica holds in Redis. */
export interface HeldKey {
  /** What is written: the holder, a line feed, and a note. */
  readonly value: string;
  /** How long it is to live in Redis from now on, in milliseconds; 0 or less if it is no longer held. */
  lifeMs(now: number): number;
  /** Whether each heartbeat extends its life. */
  isRenewed(now: number): boolean;
  /** It was renewed by a command that began at this time. */
  renewed(startedAt: number): void;
  /** It has expired, or another holder has it. */
  lost(): void;
}

/** Times of the protocol, in milliseconds. They all follow from one: how long a lease lasts. */
export interface Times {
  readonly leaseMs: number;
  /** Between heartbeats. */
  readonly beatMs: number;
  /** What a lease must have left when a write is handed to the socket. */
  readonly reserveMs: number;
  /** Time limit of a command. */
  readonly timeoutMs: number;
}

/** A lease of 10 s is renewed every 3 s, and has 2 s left when a write is sent. */
export function timesOf(leaseMs: number): Times {
  return { leaseMs, beatMs: leaseMs * 0.3, reserveMs: leaseMs * 0.2, timeoutMs: leaseMs * 0.2 };
}

/** Longer than any intent may live, so that only a Redis that lost its memory has no epoch. */
export const EPOCH_MS = 24 * 3_600_000;
/** Keys in one command. */
const MAX_KEYS = 500;
/** Keys that are still to be given up; beyond it the oldest are left to expire. */
const MAX_LEFT_BEHIND = 10_000;
/** Heartbeats without a response until another connection is tried. */
const MAX_SILENT_BEATS = 3;

/**
 * Keeps alive in Redis what this replica holds, and finds out whether Redis can be used.
 *
 * If Redis has lost its memory, or a connection was lost, all that is held is written again before anything is taken. After another
 * connection nothing is taken for one lease time, in which the other replicas do the same: a server that took over may lack what was
 * written last.
 */
export class Heartbeat {
  /** By their keys in Redis. */
  readonly held = new Map<string, HeldKey>();
  private readonly leftBehind = new Map<string, string>();
  private readonly stopping = new Cancellation();
  private epoch: string | undefined;
  private quietUntil = Number.NEGATIVE_INFINITY;
  private silentBeats = 0;
  private wake: () => void = () => {};

  /** @param epochKey since when Redis remembers. */
  constructor(
    private readonly epochKey: string,
    private readonly times: Times,
  ) {}

  /** Whether nothing may be taken yet, by what this replica knows. */
  get isQuiet(): boolean {
    return performance.now() < this.quietUntil;
  }

  /** Beats until it is stopped. Never fails. */
  async run(connection: RedisConnection): Promise<void> {
    while (!this.stopping.aborted) {
      await this.beat(connection).then(
        () => {
          this.silentBeats = 0;
        },
        () => {
          this.silentBeats += 1;
          if (this.silentBeats % MAX_SILENT_BEATS === 0) connection.reconnect();
        },
      );
      await this.pause();
    }
  }

  /** Beats now, because a connection is there. */
  beatNow(): void {
    this.wake();
  }

  /** Gives up a key; again with each heartbeat until Redis has confirmed it. Never fails. */
  async drop(connection: RedisConnection, holders: ReadonlyMap<string, string>): Promise<void> {
    for (const [key, holder] of holders) {
      if (this.held.get(key)?.value.startsWith(`${holder}\n`)) this.held.delete(key);
      this.leftBehind.delete(key);
      this.leftBehind.set(key, holder);
      const [oldest] = this.leftBehind.keys();
      if (this.leftBehind.size > MAX_LEFT_BEHIND && oldest !== undefined) this.leftBehind.delete(oldest);
    }
    await this.dropAll(connection, holders).catch(() => {});
  }

  stop(): void {
    this.stopping.abort(undefined);
    this.wake();
  }

  private async beat(connection: RedisConnection): Promise<void> {
    const wasUsable = connection.isUsable;
    const before = this.epoch;
    await this.renew(connection, !wasUsable);
    if (wasUsable && before !== this.epoch) await this.renew(connection, true);
    if (connection.recovered()) this.quietUntil = performance.now() + this.times.leaseMs;
    for (const part of chunks([...this.leftBehind])) await this.dropAll(connection, new Map(part));
  }

  /**
   * Writes what is held again. What is missing has not expired, by this replica's own clock, which is ahead: Redis has forgotten it.
   *
   * @param all also what needs no renewal.
   */
  private async renew(connection: RedisConnection, all: boolean): Promise<void> {
    const now = performance.now();
    for (const [key, held] of this.held) if (held.lifeMs(now) <= 0) this.lose(key, held);
    const chosen = [...this.held].filter(([, held]) => all || held.isRenewed(now));
    for (const part of chosen.length === 0 ? [[]] : chunks(chosen)) {
      const startedAt = performance.now();
      const living = part.filter(([, held]) => held.lifeMs(startedAt) > 0);
      const keys = [this.epochKey, ...living.map(([key]) => key)];
      const values = living.flatMap(([, held]) => [held.value, Math.ceil(held.lifeMs(startedAt))]);
      const result = await connection.run(RENEW, keys, [this.times.leaseMs, EPOCH_MS, ...values], true);
      const [epoch, ...kept] = result as [string, ...number[]];
      this.epoch = epoch;
      for (const [index, [key, held]] of living.entries()) {
        if (kept[index] === 1) held.renewed(startedAt);
        else this.lose(key, held);
      }
    }
  }

  private lose(key: string, held: HeldKey): void {
    if (this.held.get(key) !== held) return;
    this.held.delete(key);
    held.lost();
  }

  private async dropAll(connection: RedisConnection, holders: ReadonlyMap<string, string>): Promise<void> {
    await connection.run(DROP, [...holders.keys()], [...holders.values()]);
    for (const [key, holder] of holders) if (this.leftBehind.get(key) === holder) this.leftBehind.delete(key);
  }

  private async pause(): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    await Promise.race([woken, wait(this.times.beatMs, this.stopping).catch(() => {})]);
  }
}

function chunks<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / MAX_KEYS);
  return Array.from({ length: count }, (_, index) => items.slice(index * MAX_KEYS, (index + 1) * MAX_KEYS));
}
