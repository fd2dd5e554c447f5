import { backoffMs, wait } from "../../../kernel/backoff.js";
import { linkedSignal } from "../../../kernel/linked-signal.js";
import { objectsIn } from "../../../kernel/odd-values.js";
import { ConsistencyGroupSnapshot } from "../../../resources/consistency-group-snapshot/consistency-group-snapshot.type.js";
import { Task } from "../../../resources/task/task.type.js";
import { isOpen } from "../../../resources/task/task-status.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import type { Row } from "../../../upstream/wire/types.js";
import { SnapshotFailedError } from "../../writes/mutation-errors.js";
import { readAll, readByIds } from "../../writes/object-rows.js";
import type { VmWrites } from "../../writes/vm-writes.js";
import { ReadinessUnknownError } from "../../writes/write-errors.js";
import type { GroupSnapshotOutcome } from "./group-snapshot-outcome.js";

/** Whether a snapshot is usable. */
export interface GroupReadiness {
  /** Null if that was not waited for, or is unknown. */
  readonly ready: boolean | null;
  /** What is still missing, for people; empty if `ready` is not false. */
  readonly missing: readonly string[];
}

const NOT_WAITED: GroupReadiness = { ready: null, missing: [] };

/**
 * Waits until a snapshot and the snapshots of all its members are there, or the time is over; returns the state reached. Never fails: the
 * snapshot exists, whatever happens to the wait.
 *
 * @param options.members number of members that the group had when the snapshot was about to be created; 0 if that is not known.
 */
export async function waitForGroupSnapshot(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { outcome, members, waitMs }: { outcome: GroupSnapshotOutcome; members: number; waitMs: number },
): Promise<GroupSnapshotOutcome & GroupReadiness> {
  if (outcome.snapshot === null || waitMs === 0) return { ...outcome, ...NOT_WAITED };
  const limit = linkedSignal([session.signal, vmWrites.stopSignal], waitMs, new Error("The wait is over."));
  const { signal } = limit;
  let last: State | undefined;
  try {
    for (let attempt = 1; ; attempt += 1) {
      // A failed read is repeated until the time is over.
      last = await stateOf(session.detached(signal), outcome, members).catch(() => last);
      if (last !== undefined && (last.missing.length === 0 || last.failed)) break;
      await wait(backoffMs(attempt, { firstMs: vmWrites.limits.pollMs, maxMs: MAX_PAUSE_MS }), signal);
    }
  } catch {
    // The time is over, or the result is no longer wanted.
  } finally {
    limit.dispose();
  }
  if (last === undefined) {
    const error = new ReadinessUnknownError("CloudTower could not be read in time.", "Repeat the mutation.");
    return { ...outcome, ...NOT_WAITED, errors: [...outcome.errors, error] };
  }
  const { snapshot, task, missing, failed } = last;
  const errors = failed ? [...outcome.errors, new SnapshotFailedError(task)] : outcome.errors;
  return { ...outcome, snapshot, task, errors, ready: missing.length === 0, missing };
}

interface State {
  readonly snapshot: ConsistencyGroupSnapshot;
  readonly task: Task | null;
  readonly missing: readonly string[];
  /** Whether its task has failed. */
  readonly failed: boolean;
}

/** The state of a snapshot: two calls, and two more once nothing but the snapshots of its members can be missing. */
async function stateOf(session: UpstreamSession, outcome: GroupSnapshotOutcome, members: number): Promise<State> {
  const { snapshot, task } = outcome as GroupSnapshotOutcome & { snapshot: ConsistencyGroupSnapshot };
  const id = snapshot.cloudTowerId;
  const [[taskRow], [row]] = await Promise.all([
    readByIds(session, "Task", task === null ? [] : [task.cloudTowerId]),
    readByIds(session, "ConsistencyGroupSnapshot", [id]),
  ]);
  const failed = taskRow?.status === "FAILED";
  const missing = [
    ...(failed ? ["the task that should have created it failed"] : []),
    ...(taskRow !== undefined && isOpen(taskRow) ? ["its task has not ended"] : []),
    ...(row === undefined ? ["CloudTower does not show it"] : []),
    ...(row?.entityAsyncStatus ? [`CloudTower is changing it (${row.entityAsyncStatus})`] : []),
  ];
  return {
    snapshot: row === undefined ? snapshot : new ConsistencyGroupSnapshot(row),
    task: taskRow === undefined ? task : new Task(taskRow),
    missing: row === undefined || missing.length > 0 ? missing : await missingParts(session, row, members),
    failed,
  };
}

/** What is missing of the snapshots of a group's members, each of which needs an id in ZBS. */
async function missingParts(
  session: UpstreamSession,
  row: Row<"ConsistencyGroupSnapshot">,
  members: number,
): Promise<readonly string[]> {
  const where = { consistency_group_snapshot: { id: row.id } };
  const [luns, namespaces] = await Promise.all([
    readAll(session, "IscsiLunSnapshot", where),
    readAll(session, "NvmfNamespaceSnapshot", where),
  ]);
  const named = [row.Iscsi_lun_snapshots, row.nvmf_namespace_snapshots].flatMap((list) => objectsIn(list ?? []));
  const expected = Math.max(1, members, named.length);
  const whole = [...luns, ...namespaces].filter((part) => part.local_id && !part.entityAsyncStatus);
  return whole.length < expected ? [`${whole.length} of ${expected} snapshots of its members are there`] : [];
}

/** Maximum pause between two looks at a snapshot that is not usable yet, in milliseconds. */
const MAX_PAUSE_MS = 5_000;
