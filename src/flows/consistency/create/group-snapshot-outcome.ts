import { ConsistencyGroupSnapshot } from "../../../resources/consistency-group-snapshot/consistency-group-snapshot.type.js";
import type { Task } from "../../../resources/task/task.type.js";
import type { MutationError } from "../../writes/mutation-errors.js";
import type { GroupSnapshotRequest } from "../group-calls.js";

/** Outcome of the creation of a snapshot. */
export interface GroupSnapshotOutcome {
  readonly snapshot: ConsistencyGroupSnapshot | null;
  /** Other snapshots with the same group and name. */
  readonly duplicates: readonly ConsistencyGroupSnapshot[];
  /** The task that creates it; null if CloudTower has none. */
  readonly task: Task | null;
  /** Whether this call created the snapshot, even if CloudTower's response was lost. */
  readonly created: boolean;
  readonly errors: readonly MutationError[];
}

/** Outcome without a snapshot. */
export function failure(error: MutationError): GroupSnapshotOutcome {
  return { snapshot: null, duplicates: [], task: null, created: false, errors: [error] };
}

/** Outcome of a snapshot that this call created. */
export function created(snapshot: ConsistencyGroupSnapshot, task: Task | null): GroupSnapshotOutcome {
  return { snapshot, duplicates: [], task, created: true, errors: [] };
}

/** The certain part of a snapshot that CloudTower does not show yet. */
export function invisibleSnapshot(id: string, { groupId, name }: GroupSnapshotRequest): ConsistencyGroupSnapshot {
  const making = { entityAsyncStatus: "CREATING", consistency_group: { id: groupId } };
  return new ConsistencyGroupSnapshot({ id, name, ...making });
}
