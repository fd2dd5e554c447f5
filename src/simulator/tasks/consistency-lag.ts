/** How long the effects of a task stay invisible, in the simulator's time. All zero: effects are visible immediately, and stay. */
export interface ConsistencyLag {
  /** A task cannot be found for this many ms after it was created. */
  taskVisibleMs: number;
  /** A task shows its end this many ms after it. Its effects are visible before; `finished_at` is the true time, so it may go back from one task to the next. */
  taskEndVisibleMs: number;
  /** A VM snapshot cannot be found for this many ms after it was created. */
  snapshotVisibleMs: number;
  /** A rebuilt volume cannot be found for this many ms after it was created. */
  volumeVisibleMs: number;
  /** `entityAsyncStatus`, and with it the lock, stays for this many ms after the end of the task. */
  asyncStatusMs: number;
  /** A snapshot's frozen disks are null for this many ms after SUCCESSED. */
  frozenDisksMs: number;
  /** A snapshot's frozen NICs are null for this many ms after SUCCESSED. */
  frozenNicsMs: number;
  /** Frozen disks are visible from the start, but name their LUN and volume snapshots only this many ms after SUCCESSED; 0 for together. */
  diskNamesMs: number;
  /** LUN snapshots appear this many ms after SUCCESSED, and not before `lunSnapshotReads` is used up. */
  lunSnapshotMs: number;
  /** Number of reads of LUN snapshots, after `lunSnapshotMs`, that do not find them yet. */
  lunSnapshotReads: number;
}

/** Initial state of a simulator. */
export const noLag: Readonly<ConsistencyLag> = {
  taskVisibleMs: 0,
  taskEndVisibleMs: 0,
  snapshotVisibleMs: 0,
  volumeVisibleMs: 0,
  asyncStatusMs: 0,
  frozenDisksMs: 0,
  frozenNicsMs: 0,
  diskNamesMs: 0,
  lunSnapshotMs: 0,
  lunSnapshotReads: 0,
};
