import { randomUUID } from "node:crypto";
import { wait } from "../../kernel/backoff.js";
import type { Lease, Leases } from "../coordination.js";
import { EPOCH_MS, type Heartbeat, type HeldKey, type Times } from "./heartbeat.js";
import { type RedisConnection, unavailable } from "./redis-connection.js";
import type { RedisKeys } from "./redis-keys.js";
import { SameTick } from "./same-tick.js";
import { HELD, REQUEST, REQUESTED_BY, TAKE } from "./scripts.js";

/** Where the replicas' state is, and what keeps it alive. */
export interface RedisParts {
  readonly connection: RedisConnection;
  readonly keys: RedisKeys;
  readonly heartbeat: Heartbeat;
  readonly times: Times;
}

/** How long a lease is kept for the replica that requested it, in milliseconds. */
const REQUEST_MS = 15_000;

/** Leases that all replicas respect. The requests of one tick of the event loop are one command. */
export class RedisLeases implements Leases {
  private readonly takes = new SameTick<string, Lease | undefined>((keys) => this.takeAll(keys));
  private readonly looks = new SameTick<string, boolean>((keys) => this.areHeld(keys));
  private readonly drops = new SameTick<HeldLease, undefined>((leases) => this.dropAll(leases));
  private readonly releasing = new Set<Promise<undefined>>();
  /** Tells the replicas apart. */
  private readonly replica = randomUUID();
  private count = 0;

  constructor(private readonly parts: RedisParts) {}

  /** Number of leases held by this replica. */
  get held(): number {
    return this.count;
  }

  /** Resolves when Redis has the releases so far, or after the time. */
  async settled(maxMs: number): Promise<void> {
    await Promise.race([Promise.all(this.releasing), wait(maxMs)]);
  }

  take(key: string): Promise<Lease | undefined> {
    return this.takes.add(this.parts.keys.of("lease", key));
  }

  isHeld(key: string): Promise<boolean> {
    return this.looks.add(this.parts.keys.of("lease", key));
  }

  async request(key: string): Promise<void> {
    const { connection, keys } = this.parts;
    await connection.run(REQUEST, [keys.of("request", key)], [this.replica, REQUEST_MS]);
  }

  async isRequested(key: string): Promise<boolean> {
    const { connection, keys } = this.parts;
    const by = await connection.run(REQUESTED_BY, [keys.of("request", key)], []);
    return by !== "" && by !== this.replica;
  }

  private async takeAll(keys: readonly string[]): Promise<(Lease | undefined)[]> {
    const { connection, heartbeat, times } = this.parts;
    if (!connection.isUsable) throw unavailable();
    if (heartbeat.isQuiet) return keys.map(() => undefined);
    const leases = keys.map((key) => new HeldLease(key, times, (lease) => this.release(lease)));
    const values = leases.map(({ value }) => value);
    let taken: number[];
    try {
      taken = (await connection.run(TAKE, this.withEpoch(keys), [times.leaseMs, EPOCH_MS, ...values])) as number[];
    } catch (error) {
      // It may have been taken, or be taken later.
      await this.dropAll(leases);
      throw error;
    }
    return leases.map((lease, index) => {
      if (taken[index] !== 1) return undefined;
      this.count += 1;
      heartbeat.held.set(lease.key, lease);
      return lease;
    });
  }

  private async areHeld(keys: readonly string[]): Promise<boolean[]> {
    const { connection, heartbeat, times } = this.parts;
    const held = (await connection.run(HELD, this.withEpoch(keys), [times.leaseMs, EPOCH_MS])) as number[];
    return keys.map((_, index) => held[index] === 1 || heartbeat.isQuiet);
  }

  private release(lease: HeldLease): void {
    this.count -= 1;
    const released = this.drops.add(lease).finally(() => this.releasing.delete(released));
    this.releasing.add(released);
  }

  private async dropAll(leases: readonly HeldLease[]): Promise<undefined[]> {
    const { connection, heartbeat } = this.parts;
    await heartbeat.drop(connection, new Map(leases.map(({ key, holder }) => [key, holder])));
    return leases.map(() => undefined);
  }

  private withEpoch(keys: readonly string[]): string[] {
    return [this.parts.keys.one("epoch"), ...keys];
  }
}

/** A lease that Redis has for at least as long as this process believes, since its time is counted from before each command. */
class HeldLease implements Lease, HeldKey {
  readonly holder = randomUUID();
  readonly value = `${this.holder}\n`;
  private until: number;
  private isReleased = false;

  constructor(
    readonly key: string,
    private readonly times: Times,
    private readonly onRelease: (lease: HeldLease) => void,
  ) {
    this.until = performance.now() + times.leaseMs;
  }

  get isSafe(): boolean {
    return performance.now() + this.times.reserveMs <= this.until;
  }

  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    this.onRelease(this);
  }

  lifeMs(now: number): number {
    return now < this.until ? this.times.leaseMs : 0;
  }

  isRenewed(): boolean {
    return true;
  }

  renewed(startedAt: number): void {
    this.until = startedAt + this.times.leaseMs;
  }

  lost(): void {
    this.until = Number.NEGATIVE_INFINITY;
  }
}
