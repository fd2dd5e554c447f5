import { wait } from "../../kernel/backoff.js";
import type { OpenWrite } from "./vm-write-queue.js";

/** What one look for the effect of a write has found. */
export interface Observation<E> {
  /** Effects that are there. */
  readonly found: ReadonlyMap<string, E>;
  /** Whether something is under way that may still have an effect. */
  readonly pending: boolean;
}

/** What became of a write whose answer was lost. */
export interface Verification<E> {
  readonly found: ReadonlyMap<string, E>;
  /** Whether what was not found is proven not to exist: it was looked for long enough, and nothing is under way. */
  readonly conclusive: boolean;
}

/**
 * Looks for the effects of a write until all of them are found, or until it is proven that the rest does not exist: reads that
 * succeed, one after the other for `writeVerifyMs`, and find neither an effect nor anything that may still have one.
 *
 * A failing read proves nothing and starts the time anew; after twice the time the search is given up.
 */
export async function verifyWrite<E>(
  { limits, stopping }: OpenWrite,
  wanted: number,
  observe: () => Promise<Observation<E>>,
): Promise<Verification<E>> {
  const began = performance.now();
  let cleanSince: number | undefined;
  let found: ReadonlyMap<string, E> = new Map();
  for (;;) {
    try {
      const seen = await observe();
      found = new Map([...found, ...seen.found]);
      if (found.size >= wanted) return { found, conclusive: true };
      cleanSince = seen.pending ? undefined : (cleanSince ?? performance.now());
    } catch {
      cleanSince = undefined;
    }
    const now = performance.now();
    if (cleanSince !== undefined && now - cleanSince >= limits.writeVerifyMs) return { found, conclusive: true };
    if (stopping.aborted || now - began >= 2 * limits.writeVerifyMs) return { found, conclusive: false };
    await wait(limits.lookMs, stopping).catch(() => {});
  }
}
