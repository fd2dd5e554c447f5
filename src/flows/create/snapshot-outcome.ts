import type { Task } from "../../resources/task/task.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { MutationError } from "../writes/mutation-errors.js";
import type { SnapshotIdentity } from "./find-existing.js";

/** Outcome of one snapshot request. */
export interface SnapshotOutcome {
  readonly snapshot: VmSnapshot | null;
  /** Other snapshots with the same VM and name. */
  readonly duplicates: readonly VmSnapshot[];
  /** The task that creates it; null if CloudTower has none. */
  readonly task: Task | null;
  /** Whether this call created the snapshot, even if CloudTower's response was lost. */
  readonly created: boolean;
  readonly errors: readonly MutationError[];
}

/** Outcome without a snapshot. */
export function failure(error: MutationError): SnapshotOutcome {
  return { snapshot: null, duplicates: [], task: null, created: false, errors: [error] };
}

/** Outcome of a snapshot that this call created. */
export function created(snapshot: VmSnapshot, task: Task | null): SnapshotOutcome {
  return { snapshot, duplicates: [], task, created: true, errors: [] };
}

/** The certain part of a snapshot that CloudTower does not show yet. */
export function invisibleSnapshot(id: string, { vmId, name }: SnapshotIdentity, consistency: string): VmSnapshot {
  return new VmSnapshot({ id, name, consistent_type: consistency, entityAsyncStatus: "CREATING", vm: { id: vmId } });
}
