import { indexByKey } from "../../kernel/group.js";
import { oldestFirst } from "../../resources/shared/oldest-first.js";
import { Task } from "../../resources/task/task.type.js";
import { isTaskOf } from "../../resources/task/task-mutation.js";
import { isFinal } from "../../resources/task/task-status.js";
import { readByIds, readByKeys } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { WriteTargets } from "../../upstream/write-targets.js";
import { listError } from "../writes/check-ids.js";
import {
  type MutationError,
  ResourceLockedError,
  SnapshotNotFoundError,
  WriteOutcomeUnknownError,
} from "../writes/mutation-errors.js";
import { sendBatch } from "../writes/send-batch.js";
import type { Observation } from "../writes/verify-write.js";
import { type LockPolicy, lockOf, type OpenWrite, type VmWriteQueue } from "../writes/vm-write-queue.js";
import { sendDeleteVmSnapshots, tasksOf, type WriteResponse } from "../writes/write-calls.js";

/** Outcome of the deletion of one snapshot. */
export interface DeletedSnapshot {
  /** Bare id. */
  readonly snapshotId: string;
  /** The task that deletes it; null if it was deleted immediately, or if CloudTower has none. */
  readonly task: Task | null;
  readonly errors: readonly MutationError[];
}

/** Result of a deletion. */
export interface DeletionResult {
  readonly results: readonly DeletedSnapshot[];
  readonly errors: readonly MutationError[];
}

/** Maximum number of snapshots in a call. */
export const MAX_DELETIONS_PER_CALL = 100;

type Outcomes = Map<string, DeletedSnapshot>;

/** Deletes snapshots by their ids, with one upstream call. One that cannot be deleted does not affect the others. */
export async function deleteVmSnapshots(
  session: UpstreamSession,
  vmWrites: VmWriteQueue,
  { ids, policy }: { readonly ids: readonly string[]; readonly policy: LockPolicy },
): Promise<DeletionResult> {
  const refusal = listError(ids, MAX_DELETIONS_PER_CALL, "ids");
  if (refusal !== undefined) return { results: [], errors: [refusal] };
  const rows = await readByIds(session, "VmSnapshot", ids);
  const outcomes: Outcomes = new Map();
  const open = new Set(ids);
  const end = await vmWrites.run<"done">({
    session,
    vmIds: [...new Set(rows.flatMap(({ vm }) => vm?.id ?? []))],
    // A snapshot whose VM is gone waits for other deletions of itself.
    keys: rows.map(({ id, vm }) => vm?.id ?? id),
    policy,
    async attempt(write) {
      const locks: ResourceLockedError[] = [];
      for (const [id, outcome] of await deleteBatch(write, [...open])) {
        outcomes.set(id, outcome);
        const lock = lockOf(outcome);
        if (lock === undefined) open.delete(id);
        else locks.push(lock);
      }
      if (locks.length === 0) return "done";
      return new ResourceLockedError(
        locks.flatMap(({ lockedResources }) => lockedResources),
        null,
      );
    },
    abandoned() {
      for (const id of open) outcomes.set(id, failure(id, new WriteOutcomeUnknownError()));
      return "done";
    },
  });
  const fallback = end === "done" ? new WriteOutcomeUnknownError() : end;
  return { results: ids.map((id) => outcomes.get(id) ?? failure(id, fallback)), errors: [] };
}

async function deleteBatch(write: OpenWrite, ids: readonly string[]): Promise<Outcomes> {
  const { session } = write;
  const rows = indexByKey(await readByIds(session, "VmSnapshot", ids), (row) => row.id);
  const deleting = [...rows.values()].filter(isDeleting).map(({ id }) => id);
  const outcomes = await goneOutcomes(session, deleting);
  for (const id of ids) if (!rows.has(id)) outcomes.set(id, failure(id, new SnapshotNotFoundError(id)));
  await sendBatch(write, {
    items: [...rows.values()].filter((row) => !isDeleting(row)),
    key: ({ id }) => id,
    lockTargets: ({ id, vm }) => (vm ? [vm.id, id] : [id]),
    outcomes,
    send: (items) => sendDeleteVmSnapshots(session, WriteTargets.of(items.map(({ id }) => id))),
    observe: (items) => observe(session, items),
    accepted: (_, responses) => acceptedOutcomes(session, responses),
    existing: (found) => goneOutcomes(session, [...found.keys()]),
    failed: ({ id }, error) => failure(id, error),
  });
  return outcomes;
}

/** The effect: the snapshot is gone or being deleted. */
async function observe(session: UpstreamSession, items: readonly Row<"VmSnapshot">[]): Promise<Observation<true>> {
  const ids = items.map(({ id }) => id);
  const [rows, tasks] = await Promise.all([readByIds(session, "VmSnapshot", ids), deletions(session, ids)]);
  const untouched = new Set(rows.filter((row) => !isDeleting(row)).map(({ id }) => id));
  const pending = [...tasks.values()].some(({ row }) => !isFinal(row));
  return { found: new Map(ids.filter((id) => !untouched.has(id)).map((id) => [id, true])), pending };
}

async function acceptedOutcomes(session: UpstreamSession, responses: readonly WriteResponse[]): Promise<Outcomes> {
  const tasks = await tasksOf(session, responses);
  return new Map([...tasks].map(([snapshotId, task]) => [snapshotId, { snapshotId, task, errors: [] }]));
}

async function goneOutcomes(session: UpstreamSession, ids: readonly string[]): Promise<Outcomes> {
  const tasks = await deletions(session, ids).catch(() => new Map<string, Task>());
  return new Map(ids.map((id) => [id, { snapshotId: id, task: tasks.get(id) ?? null, errors: [] }]));
}

/** The newest deletion of each snapshot, by the snapshots' ids. */
async function deletions(session: UpstreamSession, ids: readonly string[]): Promise<Map<string, Task>> {
  const rows = await readByKeys(session, "Task", ids, (resource_id_in) => ({ resource_id_in }));
  const deletions = rows.filter((row) => isTaskOf("delete", row));
  return new Map(oldestFirst(deletions).map((row) => [row.resource_id ?? "", new Task(row)]));
}

function isDeleting({ entityAsyncStatus: status }: Row<"VmSnapshot">): boolean {
  return status === "DELETING";
}

function failure(snapshotId: string, error: MutationError): DeletedSnapshot {
  return { snapshotId, task: null, errors: [error] };
}
