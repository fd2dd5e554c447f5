import { type CancelSignal, onAbort } from "../../kernel/cancellation.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { FairShare } from "./fair-share.js";
import { type Waiter, WaitingLine } from "./waiting-line.js";

/** Bounds of a semaphore. */
export interface SemaphoreLimits {
  /** Maximum number of calls in flight. */
  readonly permits: number;
  /** Maximum number of calls waiting for a permit. */
  readonly maxQueued: number;
}

/**
 * An owner with a permit gets another only if it then holds at most this many times the permits that are left.
 *
 * A single owner can hold 28 of 32, two can hold 15 each, three 9 or 10. The last permit is for an owner that holds none.
 */
const MAX_HELD_PER_FREE = 7;

/** After this time without a completion, it is checked whether the next in line may start. */
const RECHECK_MS = 1_000;

/** A call that has ended. */
export interface EndedCall {
  /** Those of one kind take about as long. */
  readonly kind: string;
  readonly milliseconds: number;
}

/**
 * Bounds the calls to CloudTower, with a share of the permits for each owner, so that slow calls of one do not keep others waiting, neither
 * here nor in CloudTower (`FairShare`).
 *
 * Owners in line take turns, one call each; each owner's calls keep their order. If the queue is full, the longest line loses its
 * newest call.
 */
export class FairSemaphore {
  private heldPermits = 0;
  private queuedCount = 0;
  /** Permits held by each owner that holds any. */
  private readonly heldBy = new Map<string, number>();
  /** In the order in which the owners are served. None is empty. */
  private readonly lines = new Map<string, WaitingLine>();
  private readonly share: FairShare;
  private recheck: NodeJS.Timeout | undefined;

  constructor(
    private readonly limits: SemaphoreLimits,
    now: () => number = () => performance.now(),
  ) {
    this.share = new FairShare(limits.permits, now);
  }

  /** Permits currently held. */
  get held(): number {
    return this.heldPermits;
  }

  /** Calls waiting for a permit. */
  get queued(): number {
    return this.queuedCount;
  }

  /**
   * Acquires a permit: undefined if the owner may take one immediately, else a promise that resolves once it is granted. Release each
   * permit once.
   *
   * @throws TowerError RATE_LIMITED if the queue is full and the owner's line is the longest. The promise rejects likewise if others
   * join a full queue later, and with the signal's reason if it aborts first.
   */
  acquire(owner: string, signal: CancelSignal | undefined): Promise<void> | undefined {
    const line = this.lines.get(owner);
    this.share.has(owner, (this.heldBy.get(owner) ?? 0) + (line?.length ?? 0) + 1);
    if (line === undefined && this.mayTake(owner)) {
      this.take(owner);
      return undefined;
    }
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.queuedCount >= this.limits.maxQueued) this.makeRoom(owner);
    return this.enqueue(owner, signal);
  }

  /** Returns the owner's permit, and grants what became free to the next in line. */
  release(owner: string, ended?: EndedCall): void {
    const held = (this.heldBy.get(owner) ?? 0) - 1;
    if (held < 0) throw new Error("A permit was released twice.");
    if (ended !== undefined) this.share.took(owner, ended.kind, ended.milliseconds, this.heldPermits - held - 1);
    if (held === 0) this.heldBy.delete(owner);
    else this.heldBy.set(owner, held);
    this.heldPermits -= 1;
    if (this.queuedCount > 0) this.grantFree();
  }

  /** Rejects all queued callers. */
  rejectAll(error: Error): void {
    const lines = [...this.lines.values()];
    this.lines.clear();
    this.queuedCount = 0;
    for (const line of lines) {
      for (let next = line.takeOldest(); next !== undefined; next = line.takeOldest()) next.reject(error);
    }
  }

  private mayTake(owner: string): boolean {
    const left = this.limits.permits - this.heldPermits - 1;
    const held = this.heldBy.get(owner) ?? 0;
    if (left < 0) return false;
    return held === 0 || (held + 1 <= MAX_HELD_PER_FREE * left && this.share.mayHold(owner, held + 1));
  }

  private take(owner: string): void {
    this.heldPermits += 1;
    this.heldBy.set(owner, (this.heldBy.get(owner) ?? 0) + 1);
  }

  /** At most as many owners as there are permits hold one, and only those can be passed over here. */
  private grantFree(): void {
    for (let next = this.nextOwner(); next !== undefined; next = this.nextOwner()) {
      const [owner, line] = next;
      this.take(owner);
      const waiter = line.takeOldest();
      this.dequeued(owner, line);
      // Round-robin: the owner moves to the end.
      if (this.lines.delete(owner)) this.lines.set(owner, line);
      waiter?.grant();
    }
  }

  private nextOwner(): [string, WaitingLine] | undefined {
    if (this.heldPermits >= this.limits.permits) return undefined;
    for (const entry of this.lines) if (this.mayTake(entry[0])) return entry;
    return undefined;
  }

  /** @throws TowerError RATE_LIMITED if the room would be taken from the owner itself. */
  private makeRoom(owner: string): void {
    let longest = (this.lines.get(owner)?.length ?? 0) + 1;
    let loser: [string, WaitingLine] | undefined;
    for (const entry of this.lines) {
      if (entry[1].length <= longest) continue;
      longest = entry[1].length;
      loser = entry;
    }
    const error = queueFull(this.limits.maxQueued);
    if (loser === undefined) throw error;
    const [loserName, line] = loser;
    const waiter = line.takeNewest();
    this.dequeued(loserName, line);
    waiter?.reject(error);
  }

  private enqueue(owner: string, signal: CancelSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      let stopListening = () => {};
      const waiter: Waiter = {
        grant() {
          stopListening();
          resolve();
        },
        reject(error) {
          stopListening();
          reject(error);
        },
      };
      let line = this.lines.get(owner);
      if (line === undefined) {
        line = new WaitingLine();
        this.lines.set(owner, line);
      }
      const ownLine = line;
      const leave = ownLine.join(waiter);
      this.queuedCount += 1;
      this.recheckLater();
      if (signal === undefined) return;
      stopListening = onAbort(signal, () => {
        leave();
        this.dequeued(owner, ownLine);
        reject(signal.reason);
      });
    });
  }

  /** A share may grow without a completion: when the owners for whom it was reduced are no longer active. */
  private recheckLater(): void {
    this.recheck ??= setTimeout(() => {
      this.recheck = undefined;
      this.grantFree();
      if (this.queuedCount > 0) this.recheckLater();
    }, RECHECK_MS).unref();
  }

  /** Accounts for a waiter that has left the line. */
  private dequeued(owner: string, line: WaitingLine): void {
    this.queuedCount -= 1;
    if (line.length === 0) this.lines.delete(owner);
  }
}

function queueFull(maxQueued: number): TowerError {
  return new TowerError(
    ErrorCode.RateLimited,
    `Too many calls to CloudTower are waiting: at most ${maxQueued} (UPSTREAM_QUEUE), and this client has the most. ` +
      "Send fewer operations at a time, and try again later.",
  );
}
