import type { Change } from "./store.js";

/** A change with its place in the log. */
export interface LoggedChange extends Change {
  readonly revision: number;
  readonly at: number;
}

/** The newest changes of rows, by increasing revisions. Lives as long as the simulator. */
export class ChangeLog {
  private log: LoggedChange[] = [];
  private lastRevision = 0;

  /** @param now the simulator's time, in ms since 1970. */
  constructor(private readonly now: () => number) {}

  /** Revision of the last change; 0 if there was none. */
  get revision(): number {
    return this.lastRevision;
  }

  /** Changes after this revision are kept; earlier ones are forgotten. */
  get compactRevision(): number {
    return (this.log[0]?.revision ?? this.lastRevision + 1) - 1;
  }

  readonly record = (change: Change): void => {
    this.lastRevision += 1;
    this.log.push({ ...change, revision: this.lastRevision, at: this.now() });
    if (this.log.length >= MAX_CHANGES * 2) this.log = this.log.slice(-MAX_CHANGES);
  };

  /** Changes after a revision, oldest first. */
  since(revision: number): readonly LoggedChange[] {
    return this.log.filter((change) => change.revision > revision);
  }
}

/** At least so many changes are kept, and less than twice as many. */
const MAX_CHANGES = 2_000;
