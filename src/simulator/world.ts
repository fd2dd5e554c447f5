/** What all writes share: the rows, the time, the ids to come, the tasks, and how far reality lags behind. */

import type { Random } from "./random.js";
import type { Renderer } from "./store/render.js";
import type { Store } from "./store/store.js";
import type { Agenda, Clock } from "./tasks/clock.js";
import type { Lags } from "./tasks/lags.js";
import type { Tasks } from "./tasks/tasks.js";

/** One simulated CloudTower behind its HTTP interface. */
export interface World {
  readonly store: Store;
  readonly renderer: Renderer;
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly random: Random;
  readonly tasks: Tasks;
  readonly lags: Lags;
  /** LUN snapshots that some more reads will not find: see `Lags.lunSnapshotReads`. */
  readonly hidden: { reads: number; readonly reveal: () => void }[];
}
