import type { Task } from "../../resources/task/task.type.js";
import { Vm } from "../../resources/vm/vm.type.js";
import { readByIds } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { incompleteRow } from "../snapshot-data/readiness.js";
import {
  type MutationError,
  ResourceLockedError,
  SnapshotNotReadyError,
  WriteOutcomeUnknownError,
} from "../writes/mutation-errors.js";
import { sendBatch } from "../writes/send-batch.js";
import type { Observation } from "../writes/verify-write.js";
import { lockOf, type OpenWrite, type QueuedWrite, type VmWriteQueue } from "../writes/vm-write-queue.js";
import { tasksOf, type WriteResponse } from "../writes/write-calls.js";

/** Outcome of a rollback or a rebuild. */
export interface RestoredVm {
  readonly vm: Vm | null;
  /** The task that does it; null if it was done immediately, or if CloudTower has none. */
  readonly task: Task | null;
  readonly errors: readonly MutationError[];
}

/** Queues a rollback or a rebuild. */
export async function runRestore(
  vmWrites: VmWriteQueue,
  write: Omit<QueuedWrite<RestoredVm>, "abandoned">,
): Promise<RestoredVm> {
  const abandoned = () => failure(new WriteOutcomeUnknownError());
  const outcome = await vmWrites.run({ ...write, abandoned });
  return outcome instanceof ResourceLockedError ? failure(outcome) : outcome;
}

/** A write of one VM: of the VM that is rolled back, or of one with a new name. */
export type Restore = ({ readonly vm: Row<"Vm"> } | { readonly newName: string }) & {
  send(): Promise<readonly WriteResponse[]>;
  observe(): Promise<Observation<WriteResponse>>;
};

/** Key of the only item. */
const RESTORED = "restored";

/** The only effect of a rollback or a rebuild, if it was found. */
export function foundVm(response: WriteResponse | undefined): ReadonlyMap<string, WriteResponse> {
  return new Map(response === undefined ? [] : [[RESTORED, response]]);
}

/** Sends a rollback or a rebuild: a batch of one item. */
export async function sendRestore(write: OpenWrite, restore: Restore): Promise<RestoredVm | ResourceLockedError> {
  const outcomes = new Map<string, RestoredVm>();
  const outcomeOf = async (response: WriteResponse | undefined) =>
    new Map(response === undefined ? [] : [[RESTORED, await restoredVm(write.session, restore, response)]]);
  await sendBatch<typeof RESTORED, WriteResponse, RestoredVm>(write, {
    items: [RESTORED],
    key: (item) => item,
    lockTargets: () => ("vm" in restore ? [restore.vm.id] : []),
    outcomes,
    send: restore.send,
    observe: restore.observe,
    accepted: (_, [response]) => outcomeOf(response),
    existing: (found) => outcomeOf(found.get(RESTORED)),
    failed: (_, error) => failure(error),
  });
  const outcome = outcomes.get(RESTORED) ?? failure(new WriteOutcomeUnknownError());
  return lockOf(outcome) ?? outcome;
}

async function restoredVm(session: UpstreamSession, restore: Restore, response: WriteResponse): Promise<RestoredVm> {
  const last = "vm" in restore ? restore.vm : { id: response.resourceId, name: restore.newName };
  const [[row], tasks] = await Promise.all([
    readByIds(session, "Vm", [last.id]).catch(() => []),
    tasksOf(session, [response]),
  ]);
  return { vm: new Vm(row ?? last), task: tasks.get(response.resourceId) ?? null, errors: [] };
}

/** Why a snapshot cannot be restored, if its row says so. */
export function readinessError(snapshot: Row<"VmSnapshot">): MutationError | undefined {
  const missing = incompleteRow(snapshot);
  return missing === undefined ? undefined : new SnapshotNotReadyError([missing]);
}

/** Outcome without a VM. */
export function failure(error: MutationError): RestoredVm {
  return { vm: null, task: null, errors: [error] };
}
