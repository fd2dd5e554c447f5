const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** Pauses between the attempts at one thing, growing and with jitter, until its time is over. */
export class Patience {
  private readonly until: number;
  private attempts = 0;

  constructor(
    private readonly seconds: number,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.until = performance.now() + seconds * 1000;
  }

  /** Waits before the next attempt, at least as long as the gateway asked for. False, immediately, if there is no time for another one. */
  async another(atLeastMs = 0): Promise<boolean> {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.attempts, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
    const ms = Math.max(pause, atLeastMs);
    if (performance.now() + ms > this.until) return false;
    this.attempts += 1;
    await sleep(ms, this.signal);
    return true;
  }

  /** The same patience from its beginning, after something was achieved. */
  renewed(): Patience {
    return new Patience(this.seconds, this.signal);
  }
}

/** @throws the signal's reason as soon as it is aborted. */
function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });
}
