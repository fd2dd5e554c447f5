import { wait } from "../kernel/backoff.js";
import type { KeyedQueue } from "../kernel/keyed-queue.js";
import { creating } from "../resources/task/creating-task.js";
import { Task } from "../resources/task/task.type.js";
import { VmSnapshot } from "../resources/vm-snapshot/vm-snapshot.type.js";
import { readAll, readByIds } from "../upstream/reads.js";
import type { UpstreamSession } from "../upstream/session.js";
import { UpstreamError } from "../upstream/upstream-error.js";
import type { Row } from "../upstream/wire/types.js";
import {
  InvalidNameError,
  type MutationError,
  PermissionDeniedError,
  SnapshotNameTakenError,
  UpstreamRejectedError,
  VmInRecycleBinError,
  VmNotFoundError,
  VmToolsNotRunningError,
  WriteOutcomeUnknownError,
} from "./mutation-errors.js";
import { lockedError } from "./resource-locks.js";
import { type NewSnapshot, sendCreateVmSnapshot, type WriteAnswer } from "./snapshot-writes.js";

/** What a creation came to. */
export interface CreateVmSnapshotResult {
  readonly snapshot: VmSnapshot | null;
  /** The task that creates it; null where CloudTower has none. */
  readonly task: Task | null;
  /** Whether this call made the snapshot, also when its answer was lost on the way. */
  readonly created: boolean;
  readonly errors: readonly MutationError[];
}

/** How long is looked for the effect of a write whose answer was lost. */
export interface VerifyLimits {
  readonly writeVerifyMs: number;
}

/** Longest name of a snapshot, in characters. */
const MAX_NAME_LENGTH = 255;

/**
 * Takes a snapshot of a VM once: the pair (VM, name) is its identity.
 *
 * Creations of one VM run one after the other within this process, so that of several identical calls the first makes the
 * snapshot and the others find it. The write is sent once. When its answer is lost, the snapshot is looked for; only when
 * neither it nor a task is seen for `writeVerifyMs` did the write do nothing.
 */
export async function createVmSnapshot(
  session: UpstreamSession,
  queue: KeyedQueue,
  wanted: NewSnapshot,
  limits: VerifyLimits,
): Promise<CreateVmSnapshotResult> {
  if (wanted.name.trim() === "" || wanted.name.length > MAX_NAME_LENGTH) {
    return failed(new InvalidNameError(`expected a name of 1 to ${MAX_NAME_LENGTH} characters that is not blank`));
  }
  return queue.run(wanted.vmId, async () => {
    const [[vm], [existing]] = await Promise.all([
      readByIds(session, "Vm", [wanted.vmId]),
      findSnapshots(session, wanted),
    ]);
    if (vm === undefined) return failed(new VmNotFoundError(wanted.vmId));
    if (existing !== undefined) return foundAgain(session, existing, wanted);
    const refusal = refusalOf(vm, wanted);
    return refusal === undefined ? write(session, wanted, limits) : failed(refusal);
  });
}

function refusalOf(vm: Row<"Vm">, wanted: NewSnapshot): MutationError | undefined {
  if (vm.in_recycle_bin) return new VmInRecycleBinError(vm.name ?? vm.id);
  if (wanted.consistency === "FILE_SYSTEM_CONSISTENT" && vm.vm_tools_status !== "RUNNING") {
    return new VmToolsNotRunningError(vm.vm_tools_status ?? "UNKNOWN");
  }
  return undefined;
}

async function foundAgain(
  session: UpstreamSession,
  row: Row<"VmSnapshot">,
  wanted: NewSnapshot,
): Promise<CreateVmSnapshotResult> {
  const has = row.consistent_type ?? "UNKNOWN";
  if (has !== wanted.consistency) return failed(new SnapshotNameTakenError(wanted.name, has, wanted.consistency));
  return { snapshot: new VmSnapshot(row), task: await creationTask(session, row.id), created: false, errors: [] };
}

async function write(
  session: UpstreamSession,
  wanted: NewSnapshot,
  limits: VerifyLimits,
): Promise<CreateVmSnapshotResult> {
  try {
    return await made(session, wanted, await sendCreateVmSnapshot(session, wanted));
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const { failure } = error;
    if (failure.upstreamCode === "ResourceLocked")
      return failed(await lockedError(session, failure.props, wanted.vmId));
    if (failure.status === 403) return failed(new PermissionDeniedError());
    if (failure.status === 400 || failure.status === 404) {
      return failed(new UpstreamRejectedError(failure.upstreamMessage, failure.upstreamCode));
    }
    if (failure.effect === "none") throw error;
    return afterLostAnswer(session, wanted, limits);
  }
}

/** Only ids are reliable in the answer of a write: what they stand for is read, and may not be visible at once. */
async function made(
  session: UpstreamSession,
  wanted: NewSnapshot,
  { resourceId, taskId }: WriteAnswer,
): Promise<CreateVmSnapshotResult> {
  const [[row], [task]] = await Promise.all([
    readByIds(session, "VmSnapshot", [resourceId]),
    taskId === null ? [] : readByIds(session, "Task", [taskId]),
  ]);
  return {
    snapshot: new VmSnapshot(row ?? invisibleSnapshot(resourceId, wanted)),
    task: taskId === null ? null : new Task(task ?? { id: taskId, status: "PENDING", resource_id: resourceId }),
    created: true,
    errors: [],
  };
}

/** What is certain of a snapshot that CloudTower does not show yet. */
function invisibleSnapshot(id: string, { vmId, name, consistency }: NewSnapshot): Row<"VmSnapshot"> {
  return { id, name, consistent_type: consistency, entityAsyncStatus: "CREATING", vm: { id: vmId } };
}

async function afterLostAnswer(
  session: UpstreamSession,
  wanted: NewSnapshot,
  { writeVerifyMs }: VerifyLimits,
): Promise<CreateVmSnapshotResult> {
  const until = performance.now() + writeVerifyMs;
  for (;;) {
    const found = await lookedFor(session, wanted);
    if (found !== undefined) {
      return {
        snapshot: new VmSnapshot(found),
        task: await creationTask(session, found.id),
        created: true,
        errors: [],
      };
    }
    if (performance.now() >= until || session.signal.aborted) return failed(new WriteOutcomeUnknownError());
    await wait(VERIFY_INTERVAL_MS, session.signal).catch(() => {});
  }
}

const VERIFY_INTERVAL_MS = 250;

async function lookedFor(session: UpstreamSession, wanted: NewSnapshot): Promise<Row<"VmSnapshot"> | undefined> {
  try {
    return (await findSnapshots(session, wanted))[0];
  } catch {
    return undefined;
  }
}

function findSnapshots(session: UpstreamSession, { vmId, name }: NewSnapshot): Promise<Row<"VmSnapshot">[]> {
  return readAll(session, "VmSnapshot", { vm: { id: vmId }, name });
}

async function creationTask(session: UpstreamSession, snapshotId: string): Promise<Task | null> {
  const rows = await readAll(session, "Task", { resource_id: snapshotId });
  return rows.length === 0 ? null : new Task(creating(rows));
}

function failed(error: MutationError): CreateVmSnapshotResult {
  return { snapshot: null, task: null, created: false, errors: [error] };
}
