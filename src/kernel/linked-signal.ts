import { Cancellation, type CancelSignal, onAbort } from "./cancellation.js";

/** A signal that follows others; dispose of it when done. */
export interface LinkedSignal {
  readonly signal: CancelSignal;
  /** Removes its listeners and its timer. Safe to call twice. */
  dispose(): void;
}

/**
 * A signal that aborts with the first of the others, or with `reason` after `timeoutMs`.
 *
 * Once disposed it leaves nothing on a signal that lives as long as the process.
 *
 * @param timeoutMs no timeout if absent.
 */
export function linkedSignal(others: readonly CancelSignal[], timeoutMs?: number, reason?: Error): LinkedSignal {
  const linked = new Cancellation();
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => linked.abort(reason), timeoutMs);
  const unlink = others.map((other) => onAbort(other, () => linked.abort(other.reason)));
  return {
    signal: linked,
    dispose() {
      clearTimeout(timer);
      for (const remove of unlink) remove();
    },
  };
}
