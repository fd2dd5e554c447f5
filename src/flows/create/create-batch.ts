import { indexByKey } from "../../kernel/group.js";
import { Task } from "../../resources/task/task.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { readByIds } from "../../upstream/reads.js";
import { UpstreamError, type UpstreamFailure } from "../../upstream/upstream-error.js";
import type { Row } from "../../upstream/wire/types.js";
import {
  LockedResource,
  type MutationError,
  ResourceLockedError,
  UpstreamFailedError,
  WriteOutcomeUnknownError,
} from "../writes/mutation-errors.js";
import { refusalOf } from "../writes/refusals.js";
import { blockingTasks, lockedError, lockedResources, lockedVms } from "../writes/resource-locks.js";
import { type Observation, verifyWrite } from "../writes/verify-write.js";
import type { OpenWrite } from "../writes/vm-write-queue.js";
import { type NewSnapshot, sendCreateVmSnapshots, type WriteAnswer } from "../writes/write-calls.js";
import { creationTasks, findSnapshots, identityKey, openCreations } from "./find-existing.js";
import { decide, type SnapshotRequest } from "./snapshot-request.js";

/** What came of one order. */
export interface SnapshotOutcome {
  readonly snapshot: VmSnapshot | null;
  /** The task that creates it; null where CloudTower has none. */
  readonly task: Task | null;
  /** Whether this call made the snapshot, also when its answer was lost on the way. */
  readonly created: boolean;
  readonly errors: readonly MutationError[];
}

/** Outcomes by `identityKey`. */
export type Outcomes = Map<string, SnapshotOutcome>;

/** A write is sent at most so often; again only after proof that it did nothing. */
const MAX_SENDS = 2;

/**
 * Takes snapshots of VMs whose turns the caller has: looks what is there, and sends one upstream call for the rest.
 *
 * Each order gets an outcome; one that CloudTower refuses does not spoil the others. Throws only where nothing was sent.
 */
export async function createBatch(write: OpenWrite, orders: readonly SnapshotRequest[]): Promise<Outcomes> {
  const { session, unresolved } = write;
  const [vmRows, existing] = await Promise.all([
    readByIds(session, "Vm", [...new Set(orders.map(({ vmId }) => vmId))]),
    findSnapshots(session, orders),
  ]);
  const vms = indexByKey(vmRows, (row) => row.id);
  const outcomes: Outcomes = new Map();
  const open: NewSnapshot[] = [];
  for (const order of orders) {
    const key = identityKey(order);
    const decision = decide(order, vms.get(order.vmId), existing.get(key));
    if (decision.kind === "refuse") outcomes.set(key, failedOutcome(decision.error));
    else if (decision.kind === "write") open.push({ ...order, consistency: decision.consistency });
  }
  await recordExisting(
    write,
    [...existing].filter(([key]) => !outcomes.has(key)),
    false,
    outcomes,
  );
  const doubtful = open.filter((order) => unresolved.has(identityKey(order)));
  const missing = doubtful.length === 0 ? [] : await search(write, doubtful, false, outcomes);
  const clear = open.filter((order) => !doubtful.includes(order));
  // In a call for several a locked VM would spoil the others: those that are known to be locked are left out.
  const locked = orders.length === 1 ? [] : clear.filter(({ vmId }) => vms.get(vmId)?.entityAsyncStatus);
  const holders = locked.length === 0 ? new Map<string, Task>() : await holdersOf(write, locked);
  for (const order of locked) {
    const held = [new LockedResource(order.vmId, "VM")];
    outcomes.set(identityKey(order), failedOutcome(new ResourceLockedError(held, holders.get(order.vmId) ?? null)));
  }
  await send(write, [...clear.filter((order) => !locked.includes(order)), ...missing], 1, outcomes);
  return outcomes;
}

/** The tasks that hold VMs, as far as they can be found. */
function holdersOf({ session }: OpenWrite, orders: readonly NewSnapshot[]): Promise<Map<string, Task>> {
  return blockingTasks(
    session,
    orders.map(({ vmId }) => vmId),
  ).catch(() => new Map<string, Task>());
}

/** Sends what is left. `attempt` counts how often that was done for the same orders. */
async function send(
  write: OpenWrite,
  orders: readonly NewSnapshot[],
  attempt: number,
  outcomes: Outcomes,
): Promise<void> {
  const [first, ...rest] = orders;
  if (first === undefined) return;
  write.assertWanted();
  try {
    await recordCreated(write, orders, await sendCreateVmSnapshots(write.session, [first, ...rest]), outcomes);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    await afterFailure(write, orders, error.failure, attempt, outcomes, error);
  }
}

async function afterFailure(
  write: OpenWrite,
  orders: readonly NewSnapshot[],
  failure: UpstreamFailure,
  attempt: number,
  outcomes: Outcomes,
  error: UpstreamError,
): Promise<void> {
  const only = orders.length === 1;
  const locked = lockedResources(failure);
  if (locked !== undefined) {
    const vmIds = orders.map(({ vmId }) => vmId);
    const guilty = only ? new Set(vmIds) : await lockedVms(write.session, locked, vmIds);
    for (const { vmId, name } of orders.filter((order) => guilty.has(order.vmId))) {
      const own = only ? locked : locked.filter(({ resourceId, type }) => type !== "VM" || resourceId === vmId);
      outcomes.set(identityKey({ vmId, name }), failedOutcome(await lockedError(write.session, own, [vmId])));
    }
    if (guilty.size === 0) return sendHalves(write, orders, attempt, outcomes);
    return send(
      write,
      orders.filter(({ vmId }) => !guilty.has(vmId)),
      attempt,
      outcomes,
    );
  }
  const refusal = refusalOf(failure);
  if (refusal !== undefined) {
    if (!only && failure.status !== 403) return sendHalves(write, orders, attempt, outcomes);
    for (const order of orders) outcomes.set(identityKey(order), failedOutcome(refusal));
    return;
  }
  if (failure.effect === "none") {
    if (outcomes.size === 0) throw error;
    for (const order of orders)
      outcomes.set(identityKey(order), failedOutcome(new UpstreamFailedError(failure.message)));
    return;
  }
  const missing = await search(write, orders, true, outcomes);
  if (attempt < MAX_SENDS) return send(write, missing, attempt + 1, outcomes);
  for (const order of missing)
    outcomes.set(identityKey(order), failedOutcome(new UpstreamFailedError(failure.message)));
}

/** Finds out which order CloudTower refuses: halves that are fine are written, and what is there meanwhile is not made again. */
async function sendHalves(
  write: OpenWrite,
  orders: readonly NewSnapshot[],
  attempt: number,
  outcomes: Outcomes,
): Promise<void> {
  const there = await findSnapshots(write.session, orders);
  await recordExisting(write, [...there], true, outcomes);
  const left = orders.filter((order) => !there.has(identityKey(order)));
  const middle = Math.ceil(left.length / 2);
  await send(write, left.slice(0, middle), attempt, outcomes);
  await send(write, left.slice(middle), attempt, outcomes);
}

/** Looks for orders whose write was lost, by this call or an earlier one; gives back those that are proven not to exist. */
async function search(
  write: OpenWrite,
  orders: readonly NewSnapshot[],
  ours: boolean,
  outcomes: Outcomes,
): Promise<readonly NewSnapshot[]> {
  const { session, unresolved } = write;
  const keys = new Set(orders.map(identityKey));
  const look = async (): Promise<Observation<Row<"VmSnapshot">>> => {
    const [there, creations] = await Promise.all([findSnapshots(session, orders), openCreations(session, orders)]);
    const found = new Map([...there].filter(([key]) => keys.has(key)));
    return { found, pending: creations.length > 0 };
  };
  const { found, conclusive } = await verifyWrite(write, orders.length, look);
  await recordExisting(write, [...found], ours, outcomes);
  const missing = orders.filter((order) => !found.has(identityKey(order)));
  if (conclusive) {
    for (const order of missing) unresolved.delete(identityKey(order));
    return missing;
  }
  for (const order of missing) {
    unresolved.add(identityKey(order));
    outcomes.set(identityKey(order), failedOutcome(new WriteOutcomeUnknownError()));
  }
  return [];
}

async function recordExisting(
  { session, unresolved }: OpenWrite,
  found: readonly (readonly [string, Row<"VmSnapshot">])[],
  created: boolean,
  outcomes: Outcomes,
): Promise<void> {
  const ids = found.map(([, row]) => row.id);
  // The snapshot is what counts: without its task the answer is still true.
  const tasks = await creationTasks(session, ids).catch(() => new Map<string, Task>());
  for (const [key, row] of found) {
    unresolved.delete(key);
    outcomes.set(key, { snapshot: new VmSnapshot(row), task: tasks.get(row.id) ?? null, created, errors: [] });
  }
}

/**
 * Only ids are reliable in the answer of a write: what they stand for is read, and each snapshot is matched to its order by its own
 * VM. One that is not visible yet is looked for; alone it can only be the one that was ordered.
 */
async function recordCreated(
  write: OpenWrite,
  orders: readonly NewSnapshot[],
  answers: readonly WriteAnswer[],
  outcomes: Outcomes,
): Promise<void> {
  const { session, unresolved } = write;
  const taskIds = answers.flatMap(({ taskId }) => taskId ?? []);
  const byVm = new Map<string, Row<"VmSnapshot">>();
  const read = async (): Promise<Observation<Row<"VmSnapshot">>> => {
    const rows = await readByIds(
      session,
      "VmSnapshot",
      answers.map(({ resourceId }) => resourceId),
    );
    for (const row of rows) if (row.vm) byVm.set(row.vm.id, row);
    return { found: byVm, pending: true };
  };
  if (orders.length === 1) await read().catch(() => {});
  else await verifyWrite(write, orders.length, read);
  const tasks = indexByKey(await readByIds(session, "Task", taskIds).catch(() => []), (row) => row.id);
  const answerOf = indexByKey(answers, ({ resourceId }) => resourceId);
  for (const order of orders) {
    const key = identityKey(order);
    const row = byVm.get(order.vmId);
    const answer = row === undefined ? (orders.length === 1 ? answers[0] : undefined) : answerOf.get(row.id);
    if (answer === undefined) {
      unresolved.add(key);
      outcomes.set(key, failedOutcome(new WriteOutcomeUnknownError()));
      continue;
    }
    const { taskId, resourceId } = answer;
    const snapshot = new VmSnapshot(row ?? invisibleSnapshot(resourceId, order));
    const taskRow = taskId === null ? null : (tasks.get(taskId) ?? invisibleTask(taskId, resourceId));
    unresolved.delete(key);
    outcomes.set(key, { snapshot, task: taskRow && new Task(taskRow), created: true, errors: [] });
  }
}

/** What is certain of a snapshot that CloudTower does not show yet. */
function invisibleSnapshot(id: string, { vmId, name, consistency }: NewSnapshot): Row<"VmSnapshot"> {
  return { id, name, consistent_type: consistency, entityAsyncStatus: "CREATING", vm: { id: vmId } };
}

function invisibleTask(id: string, resourceId: string): Row<"Task"> {
  return { id, status: "PENDING", resource_id: resourceId };
}

/** Without a snapshot. */
export function failedOutcome(error: MutationError): SnapshotOutcome {
  return { snapshot: null, task: null, created: false, errors: [error] };
}

/** The lock that stopped an order, if one did. */
export function lockOf(outcome: SnapshotOutcome | undefined): ResourceLockedError | undefined {
  return outcome?.errors.find((error) => error instanceof ResourceLockedError);
}
