import { type CancelSignal, onAbort } from "../../../src/kernel/cancellation.js";
import type { Clock } from "../../../src/webhooks/delivery/clock.js";

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that a test moves. */
export class ManualClock implements Clock {
  private sleepers: Sleeper[] = [];
  /** Every wait so far, in milliseconds. */
  readonly waits: number[] = [];

  constructor(private time = Date.now()) {}

  now(): number {
    return this.time;
  }

  /** Number of waits that have not ended. */
  get sleeping(): number {
    return this.sleepers.length;
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.sleepers.filter(({ until }) => until <= this.time);
    this.sleepers = this.sleepers.filter((sleeper) => !due.includes(sleeper));
    for (const { wake } of due) wake();
  }

  wait(milliseconds: number, signal: CancelSignal): Promise<void> {
    this.waits.push(milliseconds);
    return new Promise((resolve, reject) => {
      const sleeper = {
        until: this.time + milliseconds,
        wake: () => {
          stopListening();
          resolve();
        },
      };
      this.sleepers.push(sleeper);
      const stopListening = onAbort(signal, () => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
    });
  }
}
