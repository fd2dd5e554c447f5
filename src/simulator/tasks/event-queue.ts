/** Future events in the order in which they are due. There is no timer: events run when the next request arrives. */
export class EventQueue {
  private readonly events: { readonly at: number; readonly run: (at: number) => void }[] = [];

  /** Schedules an event. `run` gets the time it was scheduled for, not the time at which it runs. */
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
  runDue(now: number): void {
    for (let event = this.events[0]; event !== undefined && event.at <= now; event = this.events[0]) {
      this.events.shift();
      event.run(event.at);
    }
  }
}
