/** Maximum time that one slice may block the event loop, in milliseconds. */
const SLICE_MS = 10;
/** Number of steps between two reads of the clock. */
const STEPS = 32;

/** Cuts long work into slices, so that other requests are served between them. */
export class TimeSlicer {
  private steps = 0;
  private began = performance.now();

  /** @param nextTurn waits for the next turn on the event loop, for work of about so many milliseconds. */
  constructor(private readonly nextTurn: (costMs: number) => Promise<void>) {}

  /** Call after each step; true when it is time to yield to the event loop. */
  isOver(): boolean {
    this.steps += 1;
    return this.steps % STEPS === 0 && performance.now() - this.began > SLICE_MS;
  }

  /** Lets others take their turns and starts the next slice. */
  async yield(): Promise<void> {
    await this.nextTurn(SLICE_MS);
    this.began = performance.now();
  }
}
