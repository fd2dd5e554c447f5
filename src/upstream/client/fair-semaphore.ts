import type { CancelSignal } from "../../kernel/cancellation.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";

/** How many calls are under way and wait at most. */
export interface SemaphoreLimits {
  /** Most calls under way at once. */
  readonly permits: number;
  /** Most calls that wait for a place; more are refused with RATE_LIMITED. */
  readonly queue: number;
}

interface Waiter {
  readonly go: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Bounds the calls to CloudTower. Callers who wait are served in turn, one call each, so that a thousand calls of one do not hold up
 * the single call of another.
 */
export class FairSemaphore {
  private taken = 0;
  private waitingCount = 0;
  /** By owner; the order of the owners is the order of their turns. */
  private readonly waiting = new Map<string, Set<Waiter>>();

  constructor(private readonly limits: SemaphoreLimits) {}

  /** Calls that have a place. */
  get underWay(): number {
    return this.taken;
  }

  /** Calls that wait for one. */
  get queued(): number {
    return this.waitingCount;
  }

  /**
   * Takes a place: at once, where the answer is undefined, or when the promise resolves. Each place must be given back.
   *
   * @throws TowerError RATE_LIMITED where the queue is full; the promise rejects with the signal's reason when it is aborted.
   */
  acquire(owner: string, signal: CancelSignal | undefined): Promise<void> | undefined {
    if (this.taken < this.limits.permits) {
      this.taken += 1;
      return undefined;
    }
    if (this.waitingCount >= this.limits.queue) {
      throw new TowerError(ErrorCode.RateLimited, "too many calls wait for CloudTower already; try again later");
    }
    return this.wait(owner, signal);
  }

  /** Gives a place back; whoever's turn it is gets it. */
  release(): void {
    const next = this.nextWaiter();
    if (next === undefined) this.taken -= 1;
    else next.go();
  }

  /** Sends away everybody who waits. */
  rejectAll(error: Error): void {
    for (let next = this.nextWaiter(); next !== undefined; next = this.nextWaiter()) next.fail(error);
  }

  private wait(owner: string, signal: CancelSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const leave = () => {
        this.forget(owner, waiter);
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        go: () => {
          signal?.removeEventListener("abort", leave);
          resolve();
        },
        fail: (error) => {
          signal?.removeEventListener("abort", leave);
          reject(error);
        },
      };
      signal?.addEventListener("abort", leave, { once: true });
      const queue = this.waiting.get(owner);
      if (queue === undefined) this.waiting.set(owner, new Set([waiter]));
      else queue.add(waiter);
      this.waitingCount += 1;
    });
  }

  private nextWaiter(): Waiter | undefined {
    for (const [owner, queue] of this.waiting) {
      for (const waiter of queue) {
        this.forget(owner, waiter);
        // The owner goes to the end of the turns.
        if (this.waiting.delete(owner)) this.waiting.set(owner, queue);
        return waiter;
      }
    }
    return undefined;
  }

  private forget(owner: string, waiter: Waiter): void {
    const queue = this.waiting.get(owner);
    if (!queue?.delete(waiter)) return;
    this.waitingCount -= 1;
    if (queue.size === 0) this.waiting.delete(owner);
  }
}
