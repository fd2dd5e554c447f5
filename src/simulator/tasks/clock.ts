/** The simulator's own time, and what is due at a later one. Nothing runs on a timer: time passes when somebody looks. */

/** Real time plus the jumps that tests make. */
export class Clock {
  private offset = 0;

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.offset;
  }

  /** Jumps ahead. Throws a RangeError for a negative jump: time that goes back would undo finished tasks. */
  advance(milliseconds: number): void {
    if (!(milliseconds >= 0)) throw new RangeError(`milliseconds must be 0 or more, got ${milliseconds}`);
    this.offset += milliseconds;
  }
}

interface Entry {
  readonly at: number;
  readonly run: (at: number) => void;
}

/** What will happen later, in the order in which it is due. */
export class Agenda {
  private readonly entries: Entry[] = [];

  /** Notes something for a time. It gets that time and not the one at which it is found to be due. */
  add(at: number, run: (at: number) => void): void {
    // Behind what is due at the same time. Found by halving: a thousand tasks have thousands of entries.
    let low = 0;
    for (let high = this.entries.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((this.entries[middle] as Entry).at > at) high = middle;
      else low = middle + 1;
    }
    this.entries.splice(low, 0, { at, run });
  }

  /** Does all that is due, and what becomes due by doing so. */
  settle(now: number): void {
    for (let entry = this.entries[0]; entry !== undefined && entry.at <= now; entry = this.entries[0]) {
      this.entries.shift();
      entry.run(entry.at);
    }
  }
}

/** A time as CloudTower writes it. */
export function iso(at: number): string {
  return new Date(at).toISOString();
}
