import { wait } from "../../kernel/backoff.js";
import type { OpenWrite } from "./vm-write-queue.js";

/** Result of one read of the effects of a write. */
export interface Observation<E> {
  /** The effects that are there, by item. */
  readonly found: ReadonlyMap<string, E>;
  /** Whether something is under way that could still produce a missing effect. */
  readonly pending: boolean;
}

/** Result of verifying a write whose response was lost. */
export interface Verification<E> {
  readonly found: ReadonlyMap<string, E>;
  /** Whether what was not found is proven not to exist: observed for long enough, with nothing under way. */
  readonly conclusive: boolean;
}

/**
 * Observes the effects of a write until all are found, or until the rest is proven not to exist: successful reads over
 * `writeVerifyMs` in a row that show neither the effect nor anything pending.
 *
 * A failed read proves nothing and restarts that time. Gives up after twice `writeVerifyMs`.
 *
 * @param expected number of effects.
 */
export async function verifyWrite<E>(
  { limits, stopping }: OpenWrite,
  expected: number,
  observe: () => Promise<Observation<E>>,
): Promise<Verification<E>> {
  const began = performance.now();
  let cleanSince: number | undefined;
  let found: ReadonlyMap<string, E> = new Map();
  for (;;) {
    try {
      const observation = await observe();
      found = new Map([...found, ...observation.found]);
      if (found.size >= expected) return { found, conclusive: true };
      cleanSince = observation.pending ? undefined : (cleanSince ?? performance.now());
    } catch {
      cleanSince = undefined;
    }
    const now = performance.now();
    if (cleanSince !== undefined && now - cleanSince >= limits.writeVerifyMs) return { found, conclusive: true };
    if (stopping.aborted || now - began >= 2 * limits.writeVerifyMs) return { found, conclusive: false };
    await wait(limits.pollMs, stopping).catch(() => {});
  }
}
