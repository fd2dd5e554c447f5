import { ColumnGuard, Columns } from "./columns.js";
import { entities } from "./wire/contract.js";
import { endpointOf } from "./wire/endpoints.js";
import type { Entity } from "./wire/types.js";

/**
 * Lists without bounds that rows carry inline, such as every execution of a plan since it was made. No field shows them, and no request
 * asks for them: what each execution made is a list of its own.
 */
export const UNBOUNDED_LISTS: { readonly [E in Entity]?: readonly string[] } = {
  BackupPlan: ["backup_plan_executions", "backup_restore_points"],
  BackupRestorePoint: ["backup_restore_executions"],
  ReplicaVm: ["replication_target_executions", "restore_points"],
  ReplicationPlan: ["replication_plan_executions", "replication_restore_points", "replication_target_executions"],
  SnapshotPlan: ["execution_tasks"],
};

/** The columns that a reader of whole rows gets: all but the lists without bounds. Undefined if the rows have none of those. */
export function boundedColumns(endpoint: string): Columns | undefined {
  return bounded.get(endpoint);
}

const bounded: ReadonlyMap<string, Columns> = new Map(
  (Object.keys(UNBOUNDED_LISTS) as Entity[]).map((entity) => {
    const names = Object.keys(entities[entity].fields).filter((name) => !UNBOUNDED_LISTS[entity]?.includes(name));
    return [endpointOf(entity), new Columns(entity, new Set(names), new ColumnGuard())];
  }),
);
