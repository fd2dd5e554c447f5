/** How far reality trails behind a task, and how the next tasks end. Tests change these while the simulator runs. */

/** All in the simulator's own time. Zero everywhere is the friendliest CloudTower there can be. */
export interface Lags {
  /** A task cannot be found before this many ms after it was created. */
  taskVisibleMs: number;
  /** `entityAsyncStatus` stays this many ms after the task's end, and with it the lock. */
  asyncStatusMs: number;
  /** A snapshot's frozen disks are null for this many ms after SUCCESSED. */
  frozenDisksMs: number;
  /** LUN snapshots appear this many ms after SUCCESSED ... */
  lunSnapshotMs: number;
  /** ... and then only after this many reads of LUN snapshots did not find them. */
  lunSnapshotReads: number;
}

/** How a task ends other than well. */
export type Outcome =
  | { readonly kind: "FAILED"; readonly errorCode?: string; readonly errorMessage?: string }
  /** Stops half way until `resumeTasks`. */
  | { readonly kind: "PAUSED" };

/** The state in which a simulator starts. */
export const noLags: Readonly<Lags> = {
  taskVisibleMs: 0,
  asyncStatusMs: 0,
  frozenDisksMs: 0,
  lunSnapshotMs: 0,
  lunSnapshotReads: 0,
};
