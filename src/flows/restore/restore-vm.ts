import type { Task } from "../../resources/task/task.type.js";
import { Vm } from "../../resources/vm/vm.type.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { incompleteRow } from "../snapshot-data/readiness.js";
import { type MutationError, SnapshotNotReadyError } from "../writes/mutation-errors.js";
import { readByIds } from "../writes/object-rows.js";
import type { KnownUsers } from "../writes/own-tasks.js";
import { type LockPolicy, runWrites } from "../writes/run-writes.js";
import type { VmWrites } from "../writes/vm-writes.js";
import { pendingTask, tasksOf, type WriteResponse } from "../writes/write-calls.js";
import { WriteOutcomeUnknownError } from "../writes/write-errors.js";
import type { Accepted, Completed, WriteKind } from "../writes/write-kind.js";
import { acceptedNote } from "./earlier-restores.js";

/** Outcome of a rollback or a rebuild. */
export interface RestoredVm {
  readonly vm: Vm | null;
  /** The task that does it; null if it was done immediately, or if CloudTower has none. */
  readonly task: Task | null;
  readonly errors: readonly MutationError[];
}

/** A write that restores one VM. */
export type RestoreKind<I> = WriteKind<I, RestoredVm>;

/** Makes a rollback or a rebuild. */
export async function runRestore<I>(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { kind, item, policy }: { readonly kind: RestoreKind<I>; readonly item: I; readonly policy: LockPolicy },
): Promise<RestoredVm> {
  const outcomes = await runWrites(vmWrites, { session, kind, items: [item], policy });
  return outcomes.get(kind.key(item)) ?? failure(new WriteOutcomeUnknownError(0));
}

/** What is certain of an accepted restore. The VM's row is that of before, if it is known. @param note what was noted when it was sent. */
export function acceptedRestore(
  { key, note }: { readonly key: string; readonly note: string | undefined },
  [response]: readonly WriteResponse[],
  rowOf: (response: WriteResponse) => Row<"Vm">,
): Map<string, Accepted<RestoredVm>> {
  if (response === undefined) return new Map();
  const outcome = restored(rowOf(response), pendingTask(response));
  return new Map([[key, { outcome, note: acceptedNote(note, response) }]]);
}

/** Reads the VM and the task of an accepted restore. */
export async function completeRestore(
  session: UpstreamSession,
  users: KnownUsers,
  accepted: {
    readonly key: string;
    readonly responses: readonly WriteResponse[];
    rowOf(response: WriteResponse): Row<"Vm">;
  },
): Promise<Map<string, Completed<RestoredVm>>> {
  const [response] = accepted.responses;
  if (response === undefined) return new Map();
  const last = accepted.rowOf(response);
  const [[row], tasks] = await Promise.all([
    readByIds(session, "Vm", [last.id]).catch(() => []),
    tasksOf(session, users, [response]),
  ]);
  const outcome = restored(row ?? last, tasks.get(response.resourceId) ?? null);
  return new Map([[accepted.key, { outcome, isVisible: true }]]);
}

/** Outcome of a restore that was accepted or found. */
export function restored(vm: Row<"Vm">, task: Task | null): RestoredVm {
  return { vm: new Vm(vm), task, errors: [] };
}

/** Outcome of a restore whose task was found, while its VM does not show yet. */
export function startedOnly(task: Task | null): RestoredVm {
  return { vm: null, task, errors: [] };
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
