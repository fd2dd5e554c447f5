import type { Task } from "../../resources/task/task.type.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { checkId } from "../writes/check-ids.js";
import { type MutationError, VmNotFoundError } from "../writes/mutation-errors.js";
import { type LockPolicy, runWrites } from "../writes/run-writes.js";
import type { VmWrites } from "../writes/vm-writes.js";
import { WriteOutcomeUnknownError } from "../writes/write-errors.js";
import { PowerKind, type PowerState } from "./power-kind.js";

/** Outcome of a change of a VM's power state. */
export interface PoweredVm {
  /** Bare id; null if the sent one is malformed. */
  readonly vmId: string | null;
  /** Null if the VM has the state already, or if it was done immediately. */
  readonly task: Task | null;
  readonly errors: readonly MutationError[];
}

/**
 * Starts a VM, or powers it off; does nothing to one that has the state.
 *
 * @param options.inputId the VM's id as it was sent.
 * @throws as `runWrites`
 */
export async function powerVm(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { inputId, state, policy }: { readonly inputId: string; readonly state: PowerState; readonly policy: LockPolicy },
): Promise<PoweredVm> {
  const { id: vmId, error } = checkId("Vm", inputId);
  if (vmId === null) return { vmId, task: null, errors: [error ?? new VmNotFoundError(inputId)] };
  const kind = new PowerKind(state, vmWrites.users);
  const outcomes = await runWrites(vmWrites, { session, kind, items: [vmId], policy });
  const outcome = outcomes.get(kind.key(vmId)) ?? kind.failed(vmId, new WriteOutcomeUnknownError(0));
  return { vmId, ...outcome };
}
