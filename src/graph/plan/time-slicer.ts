import { setImmediate } from "node:timers/promises";

/** How long one piece of work may keep the event loop, in milliseconds. */
const SLICE_MS = 10;
/** How many steps are made between two looks at the clock. */
const STEPS = 32;

/** Cuts long work into slices, between which other requests get their turn. */
export class TimeSlicer {
  private steps = 0;
  private began = performance.now();

  /** To be asked after each step: whether it is time for others. */
  isOver(): boolean {
    this.steps += 1;
    return this.steps % STEPS === 0 && performance.now() - this.began > SLICE_MS;
  }

  /** Lets others have their turn. */
  async yield(): Promise<void> {
    await setImmediate();
    this.began = performance.now();
  }
}
