import type { Clock } from "./clock.js";

/** Future events in the order in which they are due. There is no timer: events run when the next request arrives. */
export class EventQueue {
  private readonly events: { readonly at: number; readonly run: (at: number) => void }[] = [];

  /** Schedules an event. When it runs, the clock shows the time it was scheduled for, which `run` also gets. */
  schedule(at: number, run: (at: number) => void): void {
    // Insert after events with the same time. Binary search: a thousand tasks have thousands of events.
    let low = 0;
    for (let high = this.events.length; low < high; ) {
      const middle = (low + high) >>> 1;
      const event = this.events[middle];
      if (event !== undefined && event.at > at) high = middle;
      else low = middle + 1;
    }
    this.events.splice(low, 0, { at, run });
  }

  /** Runs all events that are due, including those that they schedule. */
  runDue(clock: Clock): void {
    const now = clock.now();
    for (let event = this.events[0]; event !== undefined && event.at <= now; event = this.events[0]) {
      const { at, run } = event;
      this.events.shift();
      clock.runAt(at, () => run(at));
    }
  }
}
