/** What one caller may see and do. */
import type { Stored } from "./store.js";

/** The rights of a user. Visibility applies to lists, counts, filters across relations and writes alike. */
export class Viewer {
  constructor(
    /** Id of the caller's row among the users, shown in the tasks that the caller starts. */
    readonly userId: string,
    readonly username: string,
    readonly writes: boolean,
    /** The clusters that the caller sees; null for all of them. */
    readonly clusters: ReadonlySet<string> | null,
  ) {}

  get seesAll(): boolean {
    return this.clusters === null;
  }

  /** Rows without a scope, such as labels and users, are seen by everybody. */
  sees(row: Stored): boolean {
    return this.clusters === null || row.scope === null || this.clusters.has(row.scope);
  }
}
