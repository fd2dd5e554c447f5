import { onAbort } from "../../kernel/cancellation.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { linkedSignal } from "../../kernel/linked-signal.js";
import { Task } from "../../resources/task/task.type.js";
import type { NotReadyReason } from "../../resources/vm-snapshot/not-ready-reason.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { leaseError, type VmSnapshotLeaseInput } from "../leases/snapshot-leases.types.js";
import type { ReadyEvent } from "../watch/ready-event.js";
import type { TaskWatch } from "../watch/task-watch.js";
import { stateOf } from "../watch/update.js";
import { checkId, checkIds, lengthError } from "../writes/check-ids.js";
import { type MutationError, SnapshotNotReadyError, VmNotFoundError } from "../writes/mutation-errors.js";
import { readByIds } from "../writes/object-rows.js";
import { type LockPolicy, runWrites } from "../writes/run-writes.js";
import type { VmWrites } from "../writes/vm-writes.js";
import { ReadinessUnknownError, WriteOutcomeUnknownError } from "../writes/write-errors.js";
import { CreateKind } from "./create-kind.js";
import { withLeases } from "./created-leases.js";
import { identityKey } from "./find-existing.js";
import { failure, type SnapshotOutcome } from "./snapshot-outcome.js";
import { type RequestInput, requestError, type SnapshotRequest } from "./snapshot-request.js";

/** Services of the process that creating a snapshot uses. */
export interface SnapshotServices {
  readonly vmWrites: VmWrites;
  readonly taskWatch: TaskWatch;
}

/** How a call creates its snapshots. */
export interface CreateOptions {
  readonly policy: LockPolicy;
  /** How long to wait until a snapshot is usable; 0 for not at all. */
  readonly waitMs: number;
  /** Lease to put on each snapshot. @default none */
  readonly lease?: VmSnapshotLeaseInput | null | undefined;
}

/** Outcome of a request, together with the request. */
export interface CreateVmSnapshotResult extends SnapshotOutcome {
  /** Id of the VM as it was sent. */
  readonly inputId: string;
  /** Bare id of the VM; null if CloudTower does not show it. */
  readonly vmId: string | null;
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
  { request, ...options }: CreateOptions & { readonly request: RequestInput },
): Promise<CreateVmSnapshotResult> {
  const refusal = leaseError(options.lease);
  if (refusal !== undefined) {
    const vmId = checkId("Vm", request.inputId).id;
    return resultOf({ ...request, vmId }, { ...failure(refusal), ...NOT_WAITED });
  }
  const [result] = await createAll(session, services, { ...options, requests: [request] });
  return result as CreateVmSnapshotResult;
}

/** Result of many requests. */
export interface CreateVmSnapshotsResult {
  readonly results: readonly CreateVmSnapshotResult[];
  readonly errors: readonly MutationError[];
}

/**
 * Creates snapshots of up to 100 VMs, with one upstream call if no other call writes them. The results are in the order of the requests;
 * each VM is waited for on its own.
 */
export async function createVmSnapshots(
  session: UpstreamSession,
  services: SnapshotServices,
  options: CreateOptions & { readonly requests: readonly RequestInput[] },
): Promise<CreateVmSnapshotsResult> {
  const refusal =
    lengthError(options.requests.length, MAX_SNAPSHOTS_PER_CALL, "snapshots") ?? leaseError(options.lease);
  if (refusal !== undefined) return { results: [], errors: [refusal] };
  return { results: await createAll(session, services, options), errors: [] };
}

async function createAll(
  session: UpstreamSession,
  services: SnapshotServices,
  { requests, policy, waitMs, lease }: CreateOptions & { readonly requests: readonly RequestInput[] },
): Promise<CreateVmSnapshotResult[]> {
  const { vmWrites, taskWatch } = services;
  const checked = checkIds(
    "Vm",
    requests.map(({ inputId }) => inputId),
  ).map(({ id, error }, index) => {
    const request = { ...(requests[index] as RequestInput), vmId: id };
    return { request, error: error ?? requestError(request) };
  });
  const items = checked.flatMap(({ request, error }) => (isWritable(request) && error === undefined ? [request] : []));
  const created = await runWrites(vmWrites, { session, kind: new CreateKind(vmWrites.users), items, policy });
  const outcomes = lease ? await withLeases(session, vmWrites, { outcomes: created, lease }) : created;
  const errorsOf = (item: SnapshotRequest) => outcomes.get(identityKey(item))?.errors ?? [];
  const isMissing = (item: SnapshotRequest) => errorsOf(item).some((error) => error instanceof VmNotFoundError);
  const missing = new Set<string | null>(items.filter(isMissing).map(({ vmId }) => vmId));
  const polledBefore = taskWatch.polls(session)();
  const waits = checked.map(async ({ request, error }) => {
    const known = error === undefined && isWritable(request) ? outcomes.get(identityKey(request)) : undefined;
    const outcome = known ?? failure(error ?? new WriteOutcomeUnknownError(0));
    const vmId = missing.has(request.vmId) ? null : request.vmId;
    return resultOf({ ...request, vmId }, await waitUntilReady(session, services, { outcome, waitMs }));
  });
  const polled = taskWatch.polls(session);
  const results = await Promise.all(waits);
  session.chargeShared(polled() - polledBefore);
  return results;
}

type CheckedRequest = RequestInput & { readonly vmId: string | null };

function isWritable(request: CheckedRequest): request is CheckedRequest & SnapshotRequest {
  return request.vmId !== null;
}

function resultOf(
  { inputId, vmId, name, requestedConsistency }: CheckedRequest,
  outcome: SnapshotOutcome & Readiness,
): CreateVmSnapshotResult {
  const consistency = outcome.snapshot?.consistency ?? null;
  return { inputId, vmId, name, askedConsistency: requestedConsistency, ...outcome, consistency };
}

/**
 * Waits until the snapshot is usable or the time is over, if there is a time; returns the state it has reached. Never fails: the snapshot
 * exists, whatever happens to the wait.
 */
async function waitUntilReady(
  session: UpstreamSession,
  { taskWatch, vmWrites }: SnapshotServices,
  { outcome, waitMs }: { readonly outcome: SnapshotOutcome; readonly waitMs: number },
): Promise<SnapshotOutcome & Readiness> {
  if (outcome.snapshot === null || waitMs === 0) return { ...outcome, ...NOT_WAITED };
  const limit = linkedSignal([session.signal, vmWrites.stopSignal]);
  let leave = () => {};
  const stopListening = onAbort(limit.signal, () => leave());
  try {
    const stream = taskWatch.ready(session, [outcome.snapshot.cloudTowerId], { timeoutMs: waitMs });
    leave = () => void stream.return();
    if (limit.signal.aborted) leave();
    const { value: update } = await stream.next();
    if (update === undefined) throw new TowerError(ErrorCode.UpstreamUnavailable, "the gateway stopped waiting.");
    const event = stateOf<ReadyEvent>(update);
    return {
      ...outcome,
      ready: event.ready,
      notReadyReasons: event.reasons,
      // That the snapshot is not usable, or not in time, is not an error of the creation: the reasons say so.
      errors: [
        ...outcome.errors,
        ...event.errors.filter((error: MutationError) => !(error instanceof SnapshotNotReadyError)),
      ],
      snapshot: event.snapshot ?? outcome.snapshot,
      task: event.task ?? outcome.task,
    };
  } catch (error) {
    const reason = error instanceof TowerError ? error.message : "the gateway failed.";
    const errors = [...outcome.errors, new ReadinessUnknownError(reason)];
    return { ...outcome, ...(await currentState(session, outcome)), ...NOT_WAITED, errors };
  } finally {
    leave();
    stopListening();
    limit.dispose();
  }
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
