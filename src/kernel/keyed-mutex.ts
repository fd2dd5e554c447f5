import { type CancelSignal, onAbort } from "./cancellation.js";

type Grant = () => void;

/** A request for keys. */
export interface Acquisition {
  readonly keys: readonly string[];
  readonly signal: CancelSignal;
  /** Waiting owners get a key in turns, each its own requests in order of arrival. */
  readonly owner: string;
}

/** Mutex per key: callers with a key in common run one after the other, fairly among their owners. */
export class KeyedMutex {
  /** Waiters by owner, per key that is held; no entry if the key is free. The order of the owners is the order of their turns. */
  private readonly waiters = new Map<string, Map<string, Set<Grant>>>();

  /** Whether one of the keys is held. */
  isHeld(keys: readonly string[]): boolean {
    return keys.some((key) => this.waiters.has(key));
  }

  /**
   * Resolves with a release function when the caller holds every key. Releasing is safe to call twice.
   *
   * Keys are acquired in sorted order, so that two callers never deadlock. Rejects with the signal's reason if it aborts first; the
   * caller is then in no queue and holds no key.
   */
  async acquire({ keys, signal, owner }: Acquisition): Promise<() => void> {
    const held: string[] = [];
    const release = () => {
      for (const key of held.splice(0)) this.releaseOne(key);
    };
    try {
      for (const key of [...new Set(keys)].sort()) {
        await this.acquireOne(key, signal, owner);
        held.push(key);
      }
    } catch (error) {
      release();
      throw error;
    }
    return release;
  }

  private acquireOne(key: string, signal: CancelSignal, owner: string): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const waiters = this.waiters.get(key);
    if (waiters === undefined) {
      this.waiters.set(key, new Map());
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const grant = () => {
        stopListening();
        resolve();
      };
      const own = waiters.get(owner) ?? new Set();
      waiters.set(owner, own.add(grant));
      const stopListening = onAbort(signal, () => {
        own.delete(grant);
        if (own.size === 0 && waiters.get(owner) === own) waiters.delete(owner);
        reject(signal.reason);
      });
    });
  }

  /** Hands the key to the next waiter, if any. */
  private releaseOne(key: string): void {
    const waiters = this.waiters.get(key) ?? new Map<string, Set<Grant>>();
    for (const [owner, own] of waiters) {
      waiters.delete(owner);
      for (const grant of own) {
        own.delete(grant);
        // The owner goes to the end of the turns.
        if (own.size > 0) waiters.set(owner, own);
        grant();
        return;
      }
    }
    this.waiters.delete(key);
  }
}
