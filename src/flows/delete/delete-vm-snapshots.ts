import { groupByKey, indexByKey } from "../../kernel/group.js";
import { Task } from "../../resources/task/task.type.js";
import { readByIds, readByKeys } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import type { Row } from "../../upstream/wire/types.js";
import { WriteTargets } from "../../upstream/write-targets.js";
import { listError } from "../writes/check-ids.js";
import {
  type MutationError,
  ResourceLockedError,
  SnapshotNotFoundError,
  UpstreamFailedError,
  WriteOutcomeUnknownError,
} from "../writes/mutation-errors.js";
import { refusalOf } from "../writes/refusals.js";
import { lockedError, lockedResources, lockedVms } from "../writes/resource-locks.js";
import { type Observation, verifyWrite } from "../writes/verify-write.js";
import type { LockPolicy, OpenWrite, VmWriteQueue } from "../writes/vm-write-queue.js";
import { sendDeleteVmSnapshots } from "../writes/write-calls.js";

/** What came of the deletion of one snapshot. */
export interface DeletedSnapshot {
  /** Bare id. */
  readonly snapshotId: string;
  /** The task that deletes it; null where it was done at once, and where CloudTower has none. */
  readonly task: Task | null;
  readonly errors: readonly MutationError[];
}

/** What came of a deletion. */
export interface DeleteVmSnapshotsResult {
  readonly results: readonly DeletedSnapshot[];
  readonly errors: readonly MutationError[];
}

/** Most snapshots in one call. */
export const MAX_DELETIONS_A_CALL = 100;
const MAX_SENDS = 2;

type Outcomes = Map<string, DeletedSnapshot>;

/** Deletes snapshots by their ids, with one upstream call. What cannot be deleted does not spoil the others. */
export async function deleteVmSnapshots(
  session: UpstreamSession,
  vmWrites: VmWriteQueue,
  ids: readonly string[],
  policy: LockPolicy,
): Promise<DeleteVmSnapshotsResult> {
  const refusal = listError(ids, MAX_DELETIONS_A_CALL, "ids");
  if (refusal !== undefined) return { results: [], errors: [refusal] };
  const rows = await readByIds(session, "VmSnapshot", ids);
  // A snapshot whose VM is gone still has a turn of its own.
  const vmIds = [...new Set(rows.map((row) => row.vm?.id ?? row.id))];
  const outcomes: Outcomes = new Map();
  const open = new Set(ids);
  const turn = async (write: OpenWrite) => {
    const done = await deleteOnce(write, [...open]);
    for (const [id, outcome] of done) outcomes.set(id, outcome);
    const locks = [...done.values()].flatMap(({ errors }) =>
      errors.filter((error) => error instanceof ResourceLockedError),
    );
    for (const [id, { errors }] of done)
      if (!errors.some((error) => error instanceof ResourceLockedError)) open.delete(id);
    return locks.length === 0
      ? true
      : new ResourceLockedError(
          locks.flatMap((lock) => lock.lockedResources),
          null,
        );
  };
  const givenUp = () => {
    for (const id of open) outcomes.set(id, failedOutcome(id, new WriteOutcomeUnknownError()));
    return true;
  };
  const outcome = await vmWrites.run(session, vmIds, policy, turn, givenUp);
  const results = ids.map((id) => {
    const fallback = outcome instanceof ResourceLockedError ? outcome : new WriteOutcomeUnknownError();
    return outcomes.get(id) ?? failedOutcome(id, fallback);
  });
  return { results, errors: [] };
}

async function deleteOnce(write: OpenWrite, ids: readonly string[]): Promise<Outcomes> {
  const { session } = write;
  const rows = indexByKey(await readByIds(session, "VmSnapshot", ids), (row) => row.id);
  const outcomes: Outcomes = new Map();
  const open: Row<"VmSnapshot">[] = [];
  const going: string[] = [];
  for (const id of ids) {
    const row = rows.get(id);
    if (row === undefined) outcomes.set(id, failedOutcome(id, new SnapshotNotFoundError(id)));
    else if (row.entityAsyncStatus === "DELETING") going.push(id);
    else open.push(row);
  }
  await noteGone(write, going, outcomes);
  await send(write, open, 1, outcomes);
  return outcomes;
}

async function send(
  write: OpenWrite,
  rows: readonly Row<"VmSnapshot">[],
  attempt: number,
  outcomes: Outcomes,
): Promise<void> {
  if (rows.length === 0) return;
  write.assertWanted();
  const ids = rows.map(({ id }) => id);
  try {
    const answers = await sendDeleteVmSnapshots(write.session, WriteTargets.of(ids));
    const taskIds = answers.flatMap(({ taskId }) => taskId ?? []);
    const tasks = indexByKey(await readByIds(write.session, "Task", taskIds).catch(() => []), (row) => row.id);
    const answerOf = indexByKey(answers, ({ resourceId }) => resourceId);
    const unanswered = ids.filter((id) => !answerOf.has(id));
    for (const [snapshotId, { taskId }] of answerOf) {
      const row =
        taskId === null ? null : (tasks.get(taskId) ?? { id: taskId, status: "PENDING", resource_id: snapshotId });
      outcomes.set(snapshotId, { snapshotId, task: row && new Task(row), errors: [] });
    }
    for (const id of unanswered) outcomes.set(id, failedOutcome(id, new WriteOutcomeUnknownError()));
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    await afterFailure(write, rows, error, attempt, outcomes);
  }
}

async function afterFailure(
  write: OpenWrite,
  rows: readonly Row<"VmSnapshot">[],
  error: UpstreamError,
  attempt: number,
  outcomes: Outcomes,
): Promise<void> {
  const { failure } = error;
  const fail = (row: Row<"VmSnapshot">, item: MutationError) => outcomes.set(row.id, failedOutcome(row.id, item));
  const locked = lockedResources(failure);
  if (locked !== undefined) {
    const vmIds = [...new Set(rows.flatMap(({ vm }) => vm?.id ?? []))];
    const lockedIds = new Set(locked.map(({ resourceId }) => resourceId));
    const guilty = await lockedVms(write.session, locked, vmIds);
    const held = rows.filter((row) => guilty.has(row.vm?.id ?? "") || lockedIds.has(row.id));
    if (held.length === 0 && rows.length > 1) return sendHalves(write, rows, attempt, outcomes);
    const stuck = held.length === 0 ? rows : held;
    const lock = await lockedError(write.session, locked, vmIds);
    for (const row of stuck) fail(row, lock);
    return send(
      write,
      rows.filter((row) => !stuck.includes(row)),
      attempt,
      outcomes,
    );
  }
  const refusal = refusalOf(failure);
  if (refusal !== undefined) {
    if (rows.length > 1 && failure.status !== 403) return sendHalves(write, rows, attempt, outcomes);
    for (const row of rows) fail(row, refusal);
    return;
  }
  if (failure.effect === "none") {
    if (outcomes.size === 0) throw error;
    for (const row of rows) fail(row, new UpstreamFailedError(failure.message));
    return;
  }
  const left = await search(write, rows, outcomes);
  if (attempt < MAX_SENDS) return send(write, left, attempt + 1, outcomes);
  for (const row of left) fail(row, new UpstreamFailedError(failure.message));
}

/** Finds out which snapshot CloudTower refuses to delete. */
async function sendHalves(
  write: OpenWrite,
  rows: readonly Row<"VmSnapshot">[],
  attempt: number,
  outcomes: Outcomes,
): Promise<void> {
  const middle = Math.ceil(rows.length / 2);
  await send(write, rows.slice(0, middle), attempt, outcomes);
  await send(write, rows.slice(middle), attempt, outcomes);
}

/** After a lost answer: what is gone or going was deleted. Gives back those that are proven to be untouched. */
async function search(
  write: OpenWrite,
  rows: readonly Row<"VmSnapshot">[],
  outcomes: Outcomes,
): Promise<readonly Row<"VmSnapshot">[]> {
  const { session } = write;
  const ids = rows.map(({ id }) => id);
  const look = async (): Promise<Observation<true>> => {
    const [there, tasks] = await Promise.all([readByIds(session, "VmSnapshot", ids), deletions(session, ids)]);
    const untouched = new Set(there.filter((row) => row.entityAsyncStatus !== "DELETING").map(({ id }) => id));
    const open = [...tasks.values()].some(({ status }) => status !== "SUCCEEDED" && status !== "FAILED");
    return { found: new Map(ids.filter((id) => !untouched.has(id)).map((id) => [id, true])), pending: open };
  };
  const { found, conclusive } = await verifyWrite(write, ids.length, look);
  await noteGone(write, [...found.keys()], outcomes);
  const left = rows.filter(({ id }) => !found.has(id));
  if (conclusive) return left;
  for (const { id } of left) outcomes.set(id, failedOutcome(id, new WriteOutcomeUnknownError()));
  return [];
}

async function noteGone({ session }: OpenWrite, ids: readonly string[], outcomes: Outcomes): Promise<void> {
  const tasks = await deletions(session, ids).catch(() => new Map<string, Task>());
  for (const id of ids) outcomes.set(id, { snapshotId: id, task: tasks.get(id) ?? null, errors: [] });
}

/** The tasks that delete snapshots, by the snapshots' ids. */
async function deletions(session: UpstreamSession, ids: readonly string[]): Promise<Map<string, Task>> {
  const rows = await readByKeys(session, "Task", ids, (resource_id_in) => ({ resource_id_in }));
  const deleting = rows.filter(({ resource_mutation: mutation }) => /delete/i.test(mutation ?? ""));
  const newestLast = deleting.toSorted((a, b) => ((a.local_created_at ?? "") < (b.local_created_at ?? "") ? -1 : 1));
  const groups = groupByKey(newestLast, (row) => row.resource_id);
  return new Map([...groups].map(([id, tasks]) => [id, new Task(tasks.at(-1) as Row<"Task">)]));
}

function failedOutcome(snapshotId: string, error: MutationError): DeletedSnapshot {
  return { snapshotId, task: null, errors: [error] };
}
