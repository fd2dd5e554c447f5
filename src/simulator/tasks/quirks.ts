import type { Random } from "../random.js";

/** How this CloudTower differs from a tidy one. Tests change it at any time. */
export interface Quirks {
  /** How far the cluster's clock is ahead of CloudTower's, in ms; negative if it is behind. The times of snapshots are the cluster's. */
  clusterClockMs: number;
  /** Finished tasks are forgotten this many ms after their end. */
  taskMemoryMs: number;
  /** A list of tasks has at most this many rows, even if `first` asks for more. */
  maxTaskRows: number;
  /** Share, 0 to 1, of the tasks and VM snapshots that `taskVisibleMs`, `taskEndVisibleMs` and `snapshotVisibleMs` delay. */
  lateShare: number;
  /** Share of the new VM snapshots without `local_created_at`. */
  undatedSnapshots: number;
  /** Share of the tasks that end without `finished_at`. */
  undatedTasks: number;
  /** How `resource_mutation` is written. */
  mutationSpelling: MutationSpelling;
  /** Whether writes are done when they are answered: `task_id` is null, and there is no task. */
  synchronousWrites: boolean;
  /** What an object does with a second label of a key: keeps both, keeps the `first` and says nothing, or replaces it by the `last`. */
  labelValuesPerKey: LabelValues;
}

/** Labels of one key that an object can have. */
export type LabelValues = "many" | "first" | "last";

/** The possible values of `labelValuesPerKey`. */
export const labelValues: readonly LabelValues[] = ["many", "first", "last"];

/** Spelling of `rollbackVm`: `rollbackVm`, `RollbackVm`, `ROLLBACK_VM`, `rollback-vm`, `` or null. */
export type MutationSpelling = "camel" | "pascal" | "upper-snake" | "kebab" | "empty" | "null";

/** Initial state of a simulator: one clock, all tasks are kept, names as in the API. */
export const noQuirks: Readonly<Quirks> = {
  clusterClockMs: 0,
  taskMemoryMs: Number.POSITIVE_INFINITY,
  maxTaskRows: Number.POSITIVE_INFINITY,
  lateShare: 1,
  undatedSnapshots: 0,
  undatedTasks: 0,
  mutationSpelling: "camel",
  synchronousWrites: false,
  labelValuesPerKey: "many",
};

const spellings: Readonly<Record<MutationSpelling, (mutation: string) => string | null>> = {
  camel: (mutation) => mutation,
  pascal: (mutation) => mutation.charAt(0).toUpperCase() + mutation.slice(1),
  "upper-snake": (mutation) => words(mutation, "_").toUpperCase(),
  kebab: (mutation) => words(mutation, "-"),
  empty: () => "",
  null: () => null,
};

/** The names of all spellings. */
export const mutationSpellings = Object.keys(spellings) as readonly MutationSpelling[];

/** The name of a mutation as this CloudTower writes it. */
export function spelled(mutation: string, { mutationSpelling }: Quirks): string | null {
  return spellings[mutationSpelling](mutation);
}

/** The time on the cluster's clock at a time on CloudTower's. */
export function clusterTime({ clusterClockMs }: Quirks, at: number): number {
  return at + clusterClockMs;
}

/** Whether something happens this time that happens to a share of all. */
export function happens(share: number, random: Random): boolean {
  return share >= 1 || (share > 0 && random.chance(share));
}

/** How long a row is late that may be late by this much. */
export function lateBy(lagMs: number, { lateShare }: Quirks, random: Random): number {
  return lagMs > 0 && happens(lateShare, random) ? lagMs : 0;
}

function words(mutation: string, separator: string): string {
  return mutation.replace(/[A-Z]/g, (letter) => separator + letter.toLowerCase());
}
