import { linkedSignal } from "../../kernel/linked-signal.js";
import { Task } from "../../resources/task/task.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { readByIds } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { TaskWatch } from "../watch/task-watch.js";
import { listError } from "../writes/check-ids.js";
import { nameError } from "../writes/check-name.js";
import { type MutationError, ResourceLockedError, WriteOutcomeUnknownError } from "../writes/mutation-errors.js";
import type { LockPolicy, VmWriteQueue } from "../writes/vm-write-queue.js";
import { createBatch, failedOutcome, lockOf, type SnapshotOutcome } from "./create-batch.js";
import { identityKey } from "./find-existing.js";
import type { SnapshotRequest } from "./snapshot-request.js";

/** What taking a snapshot needs of the process. */
export interface SnapshotServices {
  readonly vmWrites: VmWriteQueue;
  readonly taskWatch: TaskWatch;
}

/** What came of an order, with what was asked. */
export interface CreateVmSnapshotResult extends SnapshotOutcome {
  readonly vmId: string;
  readonly name: string;
  readonly askedConsistency: string;
  /** What was got: null where there is no snapshot. */
  readonly consistency: string | null;
  /** Whether it is usable, where that was waited for. */
  readonly ready: boolean | null;
}

/** Most VMs in one call. */
export const MAX_SNAPSHOTS_A_CALL = 100;

/** Takes a snapshot of a VM once: the pair (VM, name) is its identity. With `waitMs` it is waited for until it is usable. */
export async function createVmSnapshot(
  session: UpstreamSession,
  services: SnapshotServices,
  order: SnapshotRequest,
  policy: LockPolicy,
  waitMs: number,
): Promise<CreateVmSnapshotResult> {
  const invalid = nameError(order.name);
  const taken =
    invalid === undefined ? await takeOne(session, services.vmWrites, order, policy) : failedOutcome(invalid);
  return waited(session, services, order, taken, waitMs);
}

/** What came of many orders. */
export interface CreateVmSnapshotsResult {
  readonly results: readonly CreateVmSnapshotResult[];
  readonly errors: readonly MutationError[];
}

/**
 * Takes snapshots of up to 100 VMs with one upstream call. Each order gets a result, in the order of the orders; those that meet a
 * lock wait on their own.
 */
export async function createVmSnapshots(
  session: UpstreamSession,
  services: SnapshotServices,
  orders: readonly SnapshotRequest[],
  policy: LockPolicy,
  waitMs: number,
): Promise<CreateVmSnapshotsResult> {
  const refusal = listError(
    orders.map(({ vmId }) => vmId),
    MAX_SNAPSHOTS_A_CALL,
    "snapshots",
  );
  if (refusal !== undefined) return { results: [], errors: [refusal] };
  const began = performance.now();
  const valid = orders.filter(({ name }) => nameError(name) === undefined);
  const taken = await takeMany(session, services.vmWrites, valid);
  const results = orders.map(async (order) => {
    let outcome = taken instanceof ResourceLockedError ? failedOutcome(taken) : taken.get(identityKey(order));
    outcome ??= failedOutcome(nameError(order.name) ?? new WriteOutcomeUnknownError());
    if (policy.onLocked === "WAIT" && lockOf(outcome) !== undefined) {
      const maxWaitMs = Math.max(0, policy.maxWaitMs - (performance.now() - began));
      outcome = await takeOne(session, services.vmWrites, order, { onLocked: "WAIT", maxWaitMs }).catch(() => outcome);
    }
    return waited(session, services, order, outcome as SnapshotOutcome, waitMs);
  });
  return { results: await Promise.all(results), errors: [] };
}

async function takeOne(
  session: UpstreamSession,
  vmWrites: VmWriteQueue,
  order: SnapshotRequest,
  policy: LockPolicy,
): Promise<SnapshotOutcome> {
  const outcome = await vmWrites.run(
    session,
    [order.vmId],
    policy,
    async (write) => {
      const taken = (await createBatch(write, [order])).get(identityKey(order));
      return lockOf(taken) ?? taken ?? failedOutcome(new WriteOutcomeUnknownError());
    },
    () => failedOutcome(new WriteOutcomeUnknownError()),
  );
  return outcome instanceof ResourceLockedError ? failedOutcome(outcome) : outcome;
}

/** No VM waits for the lock of another: what is locked is told, and the others are written. */
function takeMany(session: UpstreamSession, vmWrites: VmWriteQueue, orders: readonly SnapshotRequest[]) {
  const unknown = () =>
    new Map(orders.map((order) => [identityKey(order), failedOutcome(new WriteOutcomeUnknownError())]));
  const vmIds = orders.map(({ vmId }) => vmId);
  const policy = { onLocked: "FAIL", maxWaitMs: 0 } as const;
  return vmWrites.run(session, vmIds, policy, (write) => createBatch(write, orders), unknown);
}

/** Waits until the snapshot is usable or the time is over, and tells the state that was reached. */
async function waited(
  session: UpstreamSession,
  { taskWatch, vmWrites }: SnapshotServices,
  order: SnapshotRequest,
  taken: SnapshotOutcome,
  waitMs: number,
): Promise<CreateVmSnapshotResult> {
  const { vmId, name, requestedConsistency: askedConsistency } = order;
  const result = { vmId, name, askedConsistency, ...taken, consistency: taken.snapshot?.consistency ?? null };
  if (taken.snapshot === null || waitMs === 0) return { ...result, ready: null };
  const limit = linkedSignal([session.signal, vmWrites.stopSignal], waitMs);
  const stream = taskWatch.ready(session, taken.snapshot.cloudTowerId);
  const leave = () => void stream.return();
  limit.signal.addEventListener("abort", leave, { once: true });
  try {
    const { value: event } = await stream.next();
    if (event === undefined) return { ...result, ...(await stateReached(session, taken)), ready: false };
    const { ready, errors } = event;
    return { ...result, ready, errors, snapshot: event.snapshot ?? taken.snapshot, task: event.task ?? taken.task };
  } finally {
    leave();
    limit.dispose();
  }
}

async function stateReached(session: UpstreamSession, { snapshot, task }: SnapshotOutcome) {
  try {
    const [[row], [taskRow]] = await Promise.all([
      readByIds(session, "VmSnapshot", snapshot === null ? [] : [snapshot.cloudTowerId]),
      readByIds(session, "Task", task === null ? [] : [task.cloudTowerId]),
    ]);
    return { snapshot: row ? new VmSnapshot(row) : snapshot, task: taskRow ? new Task(taskRow) : task };
  } catch {
    return { snapshot, task };
  }
}
