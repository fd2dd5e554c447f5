/** The simulator's time: real time plus the jumps that tests make. */
export class Clock {
  private offset = 0;
  private stoppedAt: number | undefined;

  /** Milliseconds since 1970. */
  now(): number {
    return this.stoppedAt ?? Date.now() + this.offset;
  }

  /** Runs something at a time that has passed: for it, now is that time. */
  runAt(at: number, run: () => void): void {
    const before = this.stoppedAt;
    this.stoppedAt = at;
    try {
      run();
    } finally {
      this.stoppedAt = before;
    }
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
