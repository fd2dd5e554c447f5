import { type CancelSignal, onAbort } from "./cancellation.js";

/** Mutex per key: callers with a key in common run one after the other, in order of arrival. */
export class KeyedMutex {
  /** Waiters per key that is held; no entry if the key is free. */
  private readonly waiters = new Map<string, Set<() => void>>();

  /**
   * Resolves with a release function when the caller holds every key. Releasing is safe to call twice.
   *
   * Keys are acquired in sorted order, so that two callers never deadlock. Rejects with the signal's reason if it aborts first; the
   * caller is then in no queue and holds no key.
   */
  async acquire(keys: readonly string[], signal: CancelSignal): Promise<() => void> {
    const held: string[] = [];
    const release = () => {
      for (const key of held.splice(0)) this.releaseOne(key);
    };
    try {
      for (const key of [...new Set(keys)].sort()) {
        await this.acquireOne(key, signal);
        held.push(key);
      }
    } catch (error) {
      release();
      throw error;
    }
    return release;
  }

  private acquireOne(key: string, signal: CancelSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const waiters = this.waiters.get(key);
    if (waiters === undefined) {
      this.waiters.set(key, new Set());
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const grant = () => {
        stopListening();
        resolve();
      };
      waiters.add(grant);
      const stopListening = onAbort(signal, () => {
        waiters.delete(grant);
        reject(signal.reason);
      });
    });
  }

  /** Hands the key to the next waiter, if any. */
  private releaseOne(key: string): void {
    const waiters = this.waiters.get(key);
    const [next] = waiters ?? [];
    if (next === undefined) {
      this.waiters.delete(key);
      return;
    }
    waiters?.delete(next);
    next();
  }
}
