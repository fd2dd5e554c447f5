import type { Random } from "../random.js";
import type { Store } from "../store/store.js";

/** What every function that builds rows needs: the store, and the source of ids and random values. */
export interface Builder {
  readonly store: Store;
  readonly random: Random;
}
