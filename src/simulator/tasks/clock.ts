/** The simulator's time: real time plus the jumps that tests make. */
export class Clock {
  private offset = 0;

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.offset;
  }

  /** Jumps ahead. Throws a RangeError for a negative jump: going back would undo finished tasks. */
  advance(milliseconds: number): void {
    if (!(milliseconds >= 0)) throw new RangeError(`milliseconds must be 0 or more, got ${milliseconds}`);
    this.offset += milliseconds;
  }
}

/** Formats a time as CloudTower does. */
export function iso(at: number): string {
  return new Date(at).toISOString();
}
