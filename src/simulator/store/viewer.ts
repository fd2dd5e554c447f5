import type { StoredRow } from "./store.js";

/** Permissions of one caller. Visibility applies to lists, counts, filters across relations, and writes. */
export class Viewer {
  constructor(
    /** Id of the caller's user row, shown in the tasks that the caller starts. */
    readonly userId: string,
    readonly username: string,
    readonly writes: boolean,
    /** Ids of the clusters the caller may see; null for all. */
    readonly clusters: ReadonlySet<string> | null,
    /** Whether rows that are not visible yet are seen as well: only by the simulator itself. */
    private readonly seesHidden = false,
  ) {}

  get seesAll(): boolean {
    return this.clusters === null;
  }

  /** True if the caller may see the row. Rows without a scope, such as labels and users, are visible to all. */
  sees(row: StoredRow): boolean {
    if (row.values.$hidden === true && !this.seesHidden) return false;
    return this.clusters === null || row.scope === null || this.clusters.has(row.scope);
  }
}
