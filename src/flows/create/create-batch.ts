import { indexByKey } from "../../kernel/group.js";
import { creationTasks } from "../../relations/snapshot-task.js";
import type { Task } from "../../resources/task/task.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { readByIds } from "../../upstream/reads.js";
import type { Row } from "../../upstream/wire/types.js";
import { LockedResource, type MutationError } from "../writes/mutation-errors.js";
import { lockedErrors } from "../writes/resource-locks.js";
import { sendBatch } from "../writes/send-batch.js";
import { type Observation, verifyWrite } from "../writes/verify-write.js";
import type { OpenWrite } from "../writes/vm-write-queue.js";
import { type NewSnapshot, sendCreateVmSnapshots, tasksOf, type WriteResponse } from "../writes/write-calls.js";
import { findSnapshots, identityKey, openCreations } from "./find-existing.js";
import { decide, type SnapshotRequest } from "./snapshot-request.js";

/** Outcome of one snapshot request. */
export interface SnapshotOutcome {
  readonly snapshot: VmSnapshot | null;
  /** The task that creates it; null if CloudTower has none. */
  readonly task: Task | null;
  /** Whether this call created the snapshot, even if CloudTower's response was lost. */
  readonly created: boolean;
  readonly errors: readonly MutationError[];
}

/** Outcomes by `identityKey`. */
export type SnapshotOutcomes = Map<string, SnapshotOutcome>;

/**
 * Creates snapshots of VMs that the caller holds in the write queue: finds the existing ones, then sends one call for the rest.
 *
 * Each request gets an outcome; one that CloudTower refuses does not affect the others.
 *
 * @throws if nothing was sent.
 */
export async function createBatch(write: OpenWrite, requests: readonly SnapshotRequest[]): Promise<SnapshotOutcomes> {
  const { session, unresolved } = write;
  const [vmRows, existing] = await Promise.all([
    readByIds(session, "Vm", [...new Set(requests.map(({ vmId }) => vmId))]),
    findSnapshots(session, requests),
  ]);
  const vms = indexByKey(vmRows, (row) => row.id);
  const outcomes: SnapshotOutcomes = new Map();
  const found = new Map<string, Row<"VmSnapshot">>();
  const absent: NewSnapshot[] = [];
  for (const request of requests) {
    const key = identityKey(request);
    const decision = decide(request, vms.get(request.vmId), existing.get(key));
    if (decision.kind === "refuse") outcomes.set(key, failure(decision.error));
    else if (decision.kind === "write") absent.push({ ...request, consistency: decision.consistency });
    else found.set(key, decision.snapshot);
  }
  for (const [key, outcome] of await existingOutcomes(write, found, false)) {
    unresolved.delete(key);
    outcomes.set(key, outcome);
  }
  // A locked VM would fail a call for several: VMs that are known to be locked are left out of it.
  const isLocked = (item: NewSnapshot) =>
    Boolean(vms.get(item.vmId)?.entityAsyncStatus) && !unresolved.has(identityKey(item));
  const locked = requests.length === 1 ? [] : absent.filter(isLocked);
  for (const [item, error] of await lockErrors(write, locked)) outcomes.set(identityKey(item), failure(error));
  await sendBatch<NewSnapshot, Row<"VmSnapshot">, SnapshotOutcome>(write, {
    items: absent.filter((item) => !locked.includes(item)),
    key: identityKey,
    lockTargets: ({ vmId }) => [vmId],
    outcomes,
    send: (items) => sendCreateVmSnapshots(session, items),
    observe: (items) => observe(write, items),
    accepted: (items, responses) => acceptedOutcomes(write, items, responses),
    existing: (snapshots, created) => existingOutcomes(write, snapshots, created),
    failed: (_, error) => failure(error),
    unresolved,
  });
  return outcomes;
}

function lockErrors({ session }: OpenWrite, items: readonly NewSnapshot[]) {
  const locked = items.map(({ vmId }) => new LockedResource(vmId, "VM"));
  return lockedErrors({ session, locked, items, targetsOf: ({ vmId }) => [vmId] });
}

async function observe({ session }: OpenWrite, items: readonly NewSnapshot[]): Promise<Observation<Row<"VmSnapshot">>> {
  const keys = new Set(items.map(identityKey));
  const [existing, creations] = await Promise.all([findSnapshots(session, items), openCreations(session, items)]);
  return { found: new Map([...existing].filter(([key]) => keys.has(key))), pending: creations.length > 0 };
}

async function existingOutcomes(
  { session }: OpenWrite,
  found: ReadonlyMap<string, Row<"VmSnapshot">>,
  created: boolean,
): Promise<SnapshotOutcomes> {
  const ids = [...found.values()].map(({ id }) => id);
  // The snapshot is what counts: the outcome is true without its task.
  const tasks = await creationTasks(session, ids).catch(() => new Map<string, Task>());
  return new Map(
    [...found].map(([key, row]) => [
      key,
      { snapshot: new VmSnapshot(row), task: tasks.get(row.id) ?? null, created, errors: [] },
    ]),
  );
}

/**
 * Outcomes of a response to `create-vm-snapshot`.
 *
 * Only its ids are reliable: their snapshots are read, and each is matched to its item by its own VM. With several items those that
 * CloudTower does not show yet are waited for; the response to one item can only mean that item.
 */
async function acceptedOutcomes(
  write: OpenWrite,
  items: readonly NewSnapshot[],
  responses: readonly WriteResponse[],
): Promise<SnapshotOutcomes> {
  const { session } = write;
  const ids = responses.map(({ resourceId }) => resourceId);
  const byVm = new Map<string, Row<"VmSnapshot">>();
  const read = async (): Promise<Observation<Row<"VmSnapshot">>> => {
    for (const row of await readByIds(session, "VmSnapshot", ids)) if (row.vm) byVm.set(row.vm.id, row);
    return { found: byVm, pending: true };
  };
  if (items.length === 1) await read().catch(() => {});
  else await verifyWrite(write, items.length, read);
  const tasks = await tasksOf(session, responses);
  const outcomes: SnapshotOutcomes = new Map();
  for (const item of items) {
    const id = byVm.get(item.vmId)?.id ?? (items.length === 1 ? ids[0] : undefined);
    if (id === undefined) continue;
    const snapshot = new VmSnapshot(byVm.get(item.vmId) ?? invisibleSnapshot(id, item));
    outcomes.set(identityKey(item), { snapshot, task: tasks.get(id) ?? null, created: true, errors: [] });
  }
  return outcomes;
}

/** The certain part of a snapshot that CloudTower does not show yet. */
function invisibleSnapshot(id: string, { vmId, name, consistency }: NewSnapshot): Row<"VmSnapshot"> {
  return { id, name, consistent_type: consistency, entityAsyncStatus: "CREATING", vm: { id: vmId } };
}

/** Outcome without a snapshot. */
export function failure(error: MutationError): SnapshotOutcome {
  return { snapshot: null, task: null, created: false, errors: [error] };
}
