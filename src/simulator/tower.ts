import type { Random } from "./random.js";
import type { ChangeLog } from "./store/change-log.js";
import type { Renderer } from "./store/renderer.js";
import type { Store } from "./store/store.js";
import type { Clock } from "./tasks/clock.js";
import type { ConsistencyLag } from "./tasks/consistency-lag.js";
import type { EventQueue } from "./tasks/event-queue.js";
import type { Quirks } from "./tasks/quirks.js";
import type { Tasks } from "./tasks/tasks.js";

/** State of one simulated CloudTower, without its HTTP interface. Lives as long as the simulator. */
export interface Tower {
  readonly store: Store;
  readonly renderer: Renderer;
  /** Changes since the inventory was made. */
  readonly changes: ChangeLog;
  readonly clock: Clock;
  readonly events: EventQueue;
  readonly random: Random;
  readonly tasks: Tasks;
  /** Mutable: tests change it at any time. */
  readonly lag: ConsistencyLag;
  /** Mutable: tests change it at any time. */
  readonly quirks: Quirks;
  /** LUN snapshots that the next `reads` reads do not find yet: see `ConsistencyLag.lunSnapshotReads`. */
  readonly hidden: { reads: number; readonly reveal: () => void }[];
}
