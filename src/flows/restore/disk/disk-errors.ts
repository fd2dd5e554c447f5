import { Field } from "type-graphql";
import { quote } from "../../../kernel/text/global-id.js";
import { Task } from "../../../resources/task/task.type.js";
import { VmVolume } from "../../../resources/vm-volume/vm-volume.type.js";
import type { Row } from "../../../upstream/wire/types.js";
import { MutationError, mutationError } from "../../writes/mutation-errors.js";

/** Maximum number of slots in a message. */
const MAX_SLOTS = 20;

@mutationError("DISK_NOT_IN_SNAPSHOT", "The VM snapshot has no such data disk. Nothing was changed.")
export class DiskNotInSnapshotError extends MutationError {
  @Field(() => [String], { description: "The slots of the snapshot's data disks." })
  readonly slots: readonly string[];

  constructor(disk: string, slots: readonly string[]) {
    const more = slots.length > MAX_SLOTS ? ` and ${slots.length - MAX_SLOTS} more` : "";
    const some = slots.length === 0 ? "none with a known slot" : `${slots.slice(0, MAX_SLOTS).join(", ")}${more}`;
    super(`The snapshot has no data disk ${quote(disk)}. Its data disks: ${some}.`);
    this.slots = slots;
  }
}

@mutationError(
  "DISK_NOT_RESTORABLE",
  "The data of the disk cannot be made a volume: CloudTower has no volume snapshot of it, or not yet. Nothing was changed.",
)
export class DiskNotRestorableError extends MutationError {
  /** @param problem as a sentence without a period. */
  constructor(disk: string, problem: string) {
    super(`Disk ${quote(disk)} cannot be restored by itself: ${problem}. Rebuild the whole VM instead, or try later.`);
  }
}

@mutationError(
  "VOLUME_NAME_TAKEN",
  "The cluster has a volume of that name that was not restored from this disk of this snapshot. Nothing was changed.",
)
export class VolumeNameTakenError extends MutationError {
  @Field(() => VmVolume, { description: "The volume that has the name." })
  readonly existing: VmVolume;

  constructor(existing: VmVolume) {
    super(`A volume named ${quote(existing.name)} exists, and was not restored from this disk. Choose another name.`);
    this.existing = existing;
  }
}

@mutationError("VM_IN_ANOTHER_CLUSTER", "The VM is in another cluster than the snapshot. Nothing was changed.")
export class VmInAnotherClusterError extends MutationError {
  constructor({ id, name }: Row<"Vm">) {
    super(`VM ${quote(name ?? id)} is in another cluster than the snapshot: its volumes cannot be attached to it.`);
  }
}

@mutationError("SLOT_TAKEN", "The VM has another disk in the slot.")
export class SlotTakenError extends MutationError {
  constructor(slot: string) {
    super(`The VM has another disk in slot ${quote(slot)}. Choose another slot, or omit it.`);
  }
}

@mutationError("VOLUME_IN_USE", "The restored volume is attached to another VM, so it cannot be attached to this one.")
export class VolumeInUseError extends MutationError {
  constructor(name: string, vmId: string) {
    super(`Volume ${quote(name)} is attached to VM ${quote(vmId)}. Choose another name to restore the disk once more.`);
  }
}

@mutationError("VOLUME_NOT_ATTACHED", "The VM has no disk with the volume that is to be replaced.")
export class VolumeNotAttachedError extends MutationError {
  constructor(volume: string) {
    super(`The VM has no disk with volume ${quote(volume)}. Name the volume to replace with volumeId.`);
  }
}

@mutationError(
  "RESTORE_STEP_FAILED",
  "The task of a step failed. `state` says how far the restore came; repeating the call tries the step again.",
)
export class RestoreStepFailedError extends MutationError {
  @Field(() => Task, { description: "The failed task; its `error` gives the reason." })
  readonly task: Task;

  constructor(task: Task) {
    super(`A step of the restore failed: ${task.error?.message ?? "CloudTower gives no reason"}`);
    this.task = task;
  }
}

@mutationError(
  "RESTORE_INCOMPLETE",
  "The restore was interrupted after a step. `state` says how far it came; repeating the call goes on from there.",
)
export class RestoreIncompleteError extends MutationError {
  /** @param reason as a sentence. */
  constructor(reason: string) {
    super(`The restore is not complete: ${reason} Repeat the call: it goes on from where this one left off.`);
  }
}
