import { quote } from "../../../kernel/text/global-id.js";
import { checkId } from "../../writes/check-ids.js";
import { nameError } from "../../writes/check-name.js";
import { InvalidInputError, type MutationError } from "../../writes/mutation-errors.js";
import type { AttachSlot, RestoreTo } from "./situation.js";

/** The restore of a disk as the client sent it: ids are global or bare, perhaps malformed. */
export interface RestoreRequest {
  readonly snapshotId: string;
  readonly disk: string;
  readonly name: string;
  readonly to: {
    readonly newVolume?: boolean | null;
    readonly attachTo?: { readonly vmId: string; readonly slot?: string | null } | null;
    readonly replace?: { readonly vmId: string; readonly volumeId?: string | null } | null;
  };
}

/** An input that was checked. */
interface CheckedRestore {
  /** Null if the sent one is malformed. */
  readonly snapshotId: string | null;
  /** Undefined if it cannot be used. */
  readonly to: RestoreTo | undefined;
  /** The VM that the disk is for; null if there is none. */
  readonly vmId: string | null;
  readonly errors: readonly MutationError[];
}

/** Checks the input without asking CloudTower. */
export function checkRestore({ snapshotId, name, to }: RestoreRequest): CheckedRestore {
  const snapshot = checkId("VmSnapshot", snapshotId);
  const target = checkTarget(to);
  const errors = [snapshot.error, nameError(name), ...target.errors].filter((error) => error !== undefined);
  return { snapshotId: snapshot.id, to: target.to, vmId: target.vmId, errors };
}

/** Exactly one of the fields is given, and is not null: that is checked when the operation is validated. */
function checkTarget({ newVolume, attachTo, replace }: RestoreRequest["to"]): Omit<CheckedRestore, "snapshotId"> {
  if (attachTo) {
    const { id: vmId, error } = checkId("Vm", attachTo.vmId);
    const slot = attachTo.slot == null ? undefined : slotOf(attachTo.slot);
    const errors = [error, slot instanceof InvalidInputError ? slot : undefined].filter((one) => one !== undefined);
    if (vmId === null || slot instanceof InvalidInputError) return { to: undefined, vmId, errors };
    return { to: { kind: "attachTo", vmId, slot }, vmId, errors };
  }
  if (replace) {
    const { id: vmId, error } = checkId("Vm", replace.vmId);
    const volume = replace.volumeId == null ? undefined : checkId("VmVolume", replace.volumeId);
    const errors = [error, volume?.error].filter((one) => one !== undefined);
    if (vmId === null || volume?.id === null) return { to: undefined, vmId, errors };
    return { to: { kind: "replace", vmId, volumeId: volume?.id }, vmId, errors };
  }
  if (newVolume) return { to: { kind: "newVolume" }, vmId: null, errors: [] };
  return { to: undefined, vmId: null, errors: [new InvalidInputError("newVolume must be true.")] };
}

function slotOf(text: string): AttachSlot | InvalidInputError {
  const [, bus, key] = /^(IDE|SCSI|USB|VIRTIO):k(\d{1,4})$/.exec(text) ?? [];
  if (bus !== undefined && key !== undefined) return { bus, key: Number(key) };
  return new InvalidInputError(
    `slot must be a bus (IDE, SCSI, USB, VIRTIO) with a number, such as "SCSI:k2", got ${quote(text)}.`,
  );
}
