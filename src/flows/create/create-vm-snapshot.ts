import { onAbort } from "../../kernel/cancellation.js";
import { TowerError } from "../../kernel/errors.js";
import { linkedSignal } from "../../kernel/linked-signal.js";
import { Task } from "../../resources/task/task.type.js";
import { NotReadyReason } from "../../resources/vm-snapshot/not-ready-reason.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { readByIds } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { ReadyEvent } from "../watch/ready-event.js";
import type { TaskWatch } from "../watch/task-watch.js";
import { listError } from "../writes/check-ids.js";
import { nameError } from "../writes/check-name.js";
import { type MutationError, ResourceLockedError, WriteOutcomeUnknownError } from "../writes/mutation-errors.js";
import { type LockPolicy, lockOf, type VmWriteQueue } from "../writes/vm-write-queue.js";
import { createBatch, failure, type SnapshotOutcome } from "./create-batch.js";
import { identityKey } from "./find-existing.js";
import type { SnapshotRequest } from "./snapshot-request.js";

/** Services of the process that creating a snapshot uses. */
export interface SnapshotServices {
  readonly vmWrites: VmWriteQueue;
  readonly taskWatch: TaskWatch;
}

/** How a call creates its snapshots. */
export interface CreateOptions {
  readonly policy: LockPolicy;
  /** How long to wait until a snapshot is usable; 0 for not at all. */
  readonly waitMs: number;
}

/** Outcome of a request, together with the request. */
export interface CreateVmSnapshotResult extends SnapshotOutcome {
  readonly vmId: string;
  readonly name: string;
  readonly askedConsistency: string;
  /** Consistency of the snapshot; null if there is none. */
  readonly consistency: string | null;
  /** Whether the snapshot is usable; null if that was not waited for. */
  readonly ready: boolean | null;
  /** Why it is not usable; empty if it is, or if that was not waited for. */
  readonly notReadyReasons: readonly NotReadyReason[];
}

type Readiness = Pick<CreateVmSnapshotResult, "ready" | "notReadyReasons">;
const NOT_WAITED: Readiness = { ready: null, notReadyReasons: [] };

/** Maximum number of VMs in a call. */
export const MAX_SNAPSHOTS_PER_CALL = 100;

/** Creates a snapshot of a VM once: VM and name are its identity. With `waitMs` waits until it is usable. */
export async function createVmSnapshot(
  session: UpstreamSession,
  services: SnapshotServices,
  { request, policy, waitMs }: CreateOptions & { readonly request: SnapshotRequest },
): Promise<CreateVmSnapshotResult> {
  const invalid = nameError(request.name);
  const outcome =
    invalid === undefined ? await createOne(session, services.vmWrites, { request, policy }) : failure(invalid);
  return resultOf(request, await waitUntilReady(session, services, { outcome, waitMs }));
}

/** Result of many requests. */
export interface CreateVmSnapshotsResult {
  readonly results: readonly CreateVmSnapshotResult[];
  readonly errors: readonly MutationError[];
}

/**
 * Creates snapshots of up to 100 VMs with one upstream call. The results are in the order of the requests; with WAIT each locked VM
 * is waited for on its own.
 */
export async function createVmSnapshots(
  session: UpstreamSession,
  services: SnapshotServices,
  { requests, policy, waitMs }: CreateOptions & { readonly requests: readonly SnapshotRequest[] },
): Promise<CreateVmSnapshotsResult> {
  const vmIds = requests.map(({ vmId }) => vmId);
  const refusal = listError(vmIds, MAX_SNAPSHOTS_PER_CALL, "snapshots");
  if (refusal !== undefined) return { results: [], errors: [refusal] };
  const began = performance.now();
  const valid = requests.filter(({ name }) => nameError(name) === undefined);
  const outcomes = await createMany(session, services.vmWrites, valid);
  const results = requests.map(async (request) => {
    let outcome = outcomes instanceof ResourceLockedError ? failure(outcomes) : outcomes.get(identityKey(request));
    outcome ??= failure(nameError(request.name) ?? new WriteOutcomeUnknownError());
    if (policy.onLocked === "WAIT" && lockOf(outcome) !== undefined) {
      const maxWaitMs = Math.max(0, policy.maxWaitMs - (performance.now() - began));
      const locked = outcome;
      const waiting = createOne(session, services.vmWrites, { request, policy: { onLocked: "WAIT", maxWaitMs } });
      outcome = await waiting.catch(() => locked);
    }
    return resultOf(request, await waitUntilReady(session, services, { outcome, waitMs }));
  });
  return { results: await Promise.all(results), errors: [] };
}

async function createOne(
  session: UpstreamSession,
  vmWrites: VmWriteQueue,
  { request, policy }: { readonly request: SnapshotRequest; readonly policy: LockPolicy },
): Promise<SnapshotOutcome> {
  const outcome = await vmWrites.run<SnapshotOutcome>({
    session,
    vmIds: [request.vmId],
    policy,
    async attempt(write) {
      const outcome = (await createBatch(write, [request])).get(identityKey(request));
      return lockOf(outcome) ?? outcome ?? failure(new WriteOutcomeUnknownError());
    },
    abandoned: () => failure(new WriteOutcomeUnknownError()),
  });
  return outcome instanceof ResourceLockedError ? failure(outcome) : outcome;
}

/** No VM waits for another's lock: locked VMs fail, and the others are written. */
function createMany(session: UpstreamSession, vmWrites: VmWriteQueue, requests: readonly SnapshotRequest[]) {
  return vmWrites.run({
    session,
    vmIds: requests.map(({ vmId }) => vmId),
    policy: { onLocked: "FAIL", maxWaitMs: 0 },
    attempt: (write) => createBatch(write, requests),
    abandoned: () =>
      new Map(requests.map((request) => [identityKey(request), failure(new WriteOutcomeUnknownError())])),
  });
}

function resultOf(
  { vmId, name, requestedConsistency }: SnapshotRequest,
  outcome: SnapshotOutcome & Readiness,
): CreateVmSnapshotResult {
  const consistency = outcome.snapshot?.consistency ?? null;
  return { vmId, name, askedConsistency: requestedConsistency, ...outcome, consistency };
}

/**
 * Waits until the snapshot is usable or the time is over, if there is a time; returns the state it has reached. The snapshot exists:
 * nothing that fails here may hide it.
 */
async function waitUntilReady(
  session: UpstreamSession,
  { taskWatch, vmWrites }: SnapshotServices,
  { outcome, waitMs }: { readonly outcome: SnapshotOutcome; readonly waitMs: number },
): Promise<SnapshotOutcome & Readiness> {
  if (outcome.snapshot === null || waitMs === 0) return { ...outcome, ...NOT_WAITED };
  const limit = linkedSignal([session.signal, vmWrites.stopSignal]);
  let event: ReadyEvent | undefined;
  let failure = "the gateway stopped waiting";
  try {
    const stream = taskWatch.ready(session, outcome.snapshot.cloudTowerId, waitMs);
    const leave = () => void stream.return();
    onAbort(limit.signal, leave);
    event = (await stream.next().finally(leave)).value;
  } catch (error) {
    if (error instanceof TowerError) failure = error.message;
  } finally {
    limit.dispose();
  }
  if (event === undefined) {
    const notReadyReasons = [new NotReadyReason("NOT_READ", failure)];
    return { ...outcome, ...(await currentState(session, outcome)), ready: false, notReadyReasons };
  }
  return {
    ready: event.ready,
    notReadyReasons: event.reasons,
    // That the time is over is not an error of the creation.
    errors: event.timedOut ? outcome.errors : event.errors,
    created: outcome.created,
    snapshot: event.snapshot ?? outcome.snapshot,
    task: event.task ?? outcome.task,
  };
}

async function currentState(session: UpstreamSession, { snapshot, task }: SnapshotOutcome) {
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
