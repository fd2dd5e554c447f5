import { type CancelSignal, onAbort } from "../../kernel/cancellation.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";

/** Bounds of a semaphore. */
export interface SemaphoreLimits {
  /** Maximum number of calls in flight. */
  readonly permits: number;
  /** Maximum number of calls waiting for a permit; further calls are refused with RATE_LIMITED. */
  readonly maxQueued: number;
}

interface Waiter {
  readonly grant: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Bounds the calls to CloudTower. Waiting owners are served round-robin, one call each, so that a thousand calls of one do not delay
 * the single call of another.
 */
export class FairSemaphore {
  private heldPermits = 0;
  private queuedCount = 0;
  /** Waiters by owner; the order of the owners is the order in which they are served. */
  private readonly queues = new Map<string, Set<Waiter>>();

  constructor(private readonly limits: SemaphoreLimits) {}

  /** Permits currently held. */
  get held(): number {
    return this.heldPermits;
  }

  /** Calls waiting for a permit. */
  get queued(): number {
    return this.queuedCount;
  }

  /**
   * Acquires a permit: undefined if one is free, else a promise that resolves once it is granted. Release each permit once.
   *
   * @throws TowerError RATE_LIMITED if the queue is full; the promise rejects with the signal's reason if it aborts first.
   */
  acquire(owner: string, signal: CancelSignal | undefined): Promise<void> | undefined {
    if (this.heldPermits < this.limits.permits) {
      this.heldPermits += 1;
      return undefined;
    }
    const { maxQueued } = this.limits;
    if (this.queuedCount >= maxQueued) {
      throw new TowerError(
        ErrorCode.RateLimited,
        `Too many calls to CloudTower: at most ${maxQueued} can be queued. Try again later.`,
      );
    }
    return this.enqueue(owner, signal);
  }

  /** Passes the permit to the next caller in line, or frees it. */
  release(): void {
    const next = this.dequeue();
    if (next === undefined) this.heldPermits -= 1;
    else next.grant();
  }

  /** Rejects all queued callers. */
  rejectAll(error: Error): void {
    for (let next = this.dequeue(); next !== undefined; next = this.dequeue()) next.reject(error);
  }

  private enqueue(owner: string, signal: CancelSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
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
      const queue = this.queues.get(owner);
      if (queue === undefined) this.queues.set(owner, new Set([waiter]));
      else queue.add(waiter);
      this.queuedCount += 1;
      if (signal === undefined) return;
      stopListening = onAbort(signal, () => {
        this.remove(owner, waiter);
        reject(signal.reason);
      });
    });
  }

  private dequeue(): Waiter | undefined {
    for (const [owner, queue] of this.queues) {
      for (const waiter of queue) {
        this.remove(owner, waiter);
        // Round-robin: the owner moves to the end.
        if (this.queues.delete(owner)) this.queues.set(owner, queue);
        return waiter;
      }
    }
    return undefined;
  }

  private remove(owner: string, waiter: Waiter): void {
    const queue = this.queues.get(owner);
    if (!queue?.delete(waiter)) return;
    this.queuedCount -= 1;
    if (queue.size === 0) this.queues.delete(owner);
  }
}
