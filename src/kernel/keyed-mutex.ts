import type { CancelSignal } from "./cancellation.js";

/** Gives out turns: what has a key in common goes one after the other, in order of arrival. */
export class KeyedMutex {
  /** Who waits behind the holder of a key. */
  private readonly waiting = new Map<string, (() => void)[]>();

  /**
   * Resolves when the caller has the turn of every key, with the function that gives all of them back; that one is safe to call
   * twice.
   *
   * Keys are taken in sorted order, so that two callers never wait for each other. Rejects with the signal's reason when it aborts
   * first: the caller is then in no queue any more.
   */
  async acquire(keys: readonly string[], signal: CancelSignal): Promise<() => void> {
    const taken: string[] = [];
    const giveBack = () => {
      for (const key of taken.splice(0)) this.pass(key);
    };
    try {
      for (const key of [...new Set(keys)].sort()) {
        await this.acquireOne(key, signal);
        taken.push(key);
      }
    } catch (error) {
      giveBack();
      throw error;
    }
    return giveBack;
  }

  private acquireOne(key: string, signal: CancelSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const queue = this.waiting.get(key);
    if (queue === undefined) {
      this.waiting.set(key, []);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        queue.splice(queue.indexOf(enter), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      queue.push(enter);
    });
  }

  private pass(key: string): void {
    const next = this.waiting.get(key)?.shift();
    if (next === undefined) this.waiting.delete(key);
    else next();
  }
}
