/** Maximum time that one slice may block the event loop, in milliseconds. */
const SLICE_MS = 2;
/** Number of short steps between two reads of the clock. */
const SHORT_STEPS = 32;

/** Cuts long work into slices, so that other requests are served between them. */
export class TimeSlicer {
  private steps = 0;
  private began = performance.now();

  /** @param nextTurn waits for the next turn on the event loop, for work of about so many milliseconds. */
  constructor(private readonly nextTurn: (costMs: number) => Promise<void>) {}

  /** Whether it is time to yield to the event loop. */
  isOver(): boolean {
    return performance.now() - this.began > SLICE_MS;
  }

  /** Call after each step of some microseconds, which reading the clock would make longer. The same as `isOver` in the long run. */
  isOverAfterStep(): boolean {
    this.steps += 1;
    return this.steps % SHORT_STEPS === 0 && this.isOver();
  }

  /** Lets others take their turns and starts the next slice. */
  async yield(): Promise<void> {
    await this.nextTurn(SLICE_MS);
    this.began = performance.now();
  }

  /** Runs steps to their end, in slices. */
  async run<T>(steps: Iterator<void, T>): Promise<T> {
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      if (this.isOver()) await this.yield();
    }
  }
}

/** Runs steps to their end without a pause. */
export function runAll<T>(steps: Iterator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
