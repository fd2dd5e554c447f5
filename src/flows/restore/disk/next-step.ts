import { slotPosition } from "../../../resources/shared/disk-slot.js";
import { isMutation } from "../../../resources/task/task-mutation.js";
import { isOpen } from "../../../resources/task/task-status.js";
import { VmVolume } from "../../../resources/vm-volume/vm-volume.type.js";
import type { Row } from "../../../upstream/wire/types.js";
import {
  InvalidInputError,
  type MutationError,
  SnapshotOfAnotherVmError,
  VmInRecycleBinError,
  VmNotFoundError,
  VmPowerStateError,
} from "../../writes/mutation-errors.js";
import { argumentsName } from "../../writes/own-tasks.js";
import { LockedResource, ResourceLockedError } from "../../writes/write-errors.js";
import {
  DiskNotRestorableError,
  SlotTakenError,
  VmInAnotherClusterError,
  VolumeInUseError,
  VolumeNameTakenError,
  VolumeNotAttachedError,
} from "./disk-errors.js";
import {
  type DiskRestore,
  disksWith,
  isBeingMade,
  isRebuildOf,
  makingTask,
  replacedDisks,
  type Situation,
} from "./situation.js";

/** The writes of a restore, in their order. */
export const STEPS = ["create", "attach", "detach"] as const;
export type Step = (typeof STEPS)[number];

/** What comes next in a restore. */
export type Next =
  /** This write. */
  | { readonly is: "step"; readonly step: Step }
  /** The effect of a write, which a task is working on. */
  | { readonly is: "busy"; readonly step: Step; readonly task: Row<"Task"> | undefined }
  /** Nothing: the restore is complete. */
  | { readonly is: "done" }
  /** Nothing: this prevents it. */
  | { readonly is: "error"; readonly error: MutationError };

/** What comes next, from what CloudTower shows alone: so a restore goes on wherever it was interrupted. */
export function nextStep(restore: DiskRestore, situation: Situation): Next {
  const { to } = restore;
  const { volume } = situation;
  const unfit = to.kind === "newVolume" ? undefined : vmError(restore, to.vmId, situation.vm);
  if (unfit !== undefined) return failed(unfit);
  const isAttached = volume !== undefined && disksWith(situation.disks, [volume.id]).length > 0;
  if (to.kind === "replace") {
    const old = replacedDisks(restore, situation);
    if (situation.replaced.some(({ id }) => id === volume?.id)) return failed(new InvalidInputError(SAME_VOLUME));
    if (isAttached && old.length === 0) return attached(situation, { is: "done" });
    if (old.length !== 1)
      return failed(new VolumeNotAttachedError(to.volumeId ?? restore.source.frozen.vm_volume_local_id ?? ""));
    if (situation.vm?.status !== "STOPPED") {
      return failed(
        new VmPowerStateError(situation.vm as Row<"Vm">, "Its disk can only be replaced while it is powered off"),
      );
    }
    if (isAttached) return attached(situation, detach(situation));
  }
  if (to.kind === "attachTo" && isAttached) return attached(situation, { is: "done" });
  if (to.kind === "attachTo" && to.slot !== undefined) {
    const { bus, key } = to.slot;
    const isTaken = situation.disks.some((disk) => disk.bus === bus && slotPosition(disk) === `k${key}`);
    if (isTaken) return failed(new SlotTakenError(`${bus}:k${key}`));
  }
  return volume === undefined ? create(restore, situation) : withVolume(restore, situation, volume);
}

/** A disk that shows may still vanish if the task that attaches it fails: nothing is removed, or called done, before that has ended. */
function attached({ tasks, vm }: Situation, next: Next): Next {
  const task = tasks.find((one) => isOpen(one) && one.resource_id === vm?.id && isMutation(one, "addVmDisk"));
  return task === undefined ? next : { is: "busy", step: "attach", task };
}

/** Which disk an open task removes does not show, as it names an id of before: when it has ended, the disks tell. */
function detach({ tasks, vm }: Situation): Next {
  const removing = tasks.find(
    (task) => isOpen(task) && task.resource_id === vm?.id && isMutation(task, "removeVmDisk"),
  );
  return removing === undefined ? { is: "step", step: "detach" } : { is: "busy", step: "detach", task: removing };
}

/** Why a VM cannot get the disk, if it cannot. */
function vmError({ source, to }: DiskRestore, vmId: string, vm: Row<"Vm"> | undefined): MutationError | undefined {
  if (vm === undefined) return new VmNotFoundError(vmId);
  const { snapshot, clusterId } = source;
  if (to.kind === "replace" && snapshot.vm?.id !== vmId) {
    return new SnapshotOfAnotherVmError(snapshot.id, vmId, snapshot.vm?.id ?? null);
  }
  if (vm.in_recycle_bin) return new VmInRecycleBinError(vm.original_name || (vm.name ?? vm.id));
  return vm.cluster?.id === clusterId ? undefined : new VmInAnotherClusterError(vm);
}

function create({ disk, name }: DiskRestore, { sources, namesake, tasks }: Situation): Next {
  if (namesake !== undefined) return failed(new VolumeNameTakenError(new VmVolume(namesake)));
  const [source, twin] = sources;
  if (source === undefined) return failed(new DiskNotRestorableError(disk, "its volume snapshot is gone"));
  if (twin !== undefined) return failed(new DiskNotRestorableError(disk, "several volume snapshots have its id"));
  const task = tasks.find((one) => isOpen(one) && isRebuildOf(one, name, sources));
  if (task !== undefined) return { is: "busy", step: "create", task };
  if (source.entityAsyncStatus) {
    return failed(
      new DiskNotRestorableError(disk, `its volume snapshot is being changed (${source.entityAsyncStatus})`),
    );
  }
  return { is: "step", step: "create" };
}

/** The volume exists and is not attached to the VM. */
function withVolume({ to }: DiskRestore, { tasks, otherVmIds, vm }: Situation, volume: Row<"VmVolume">): Next {
  if (volume.entityAsyncStatus === "DELETING") {
    return failed(new ResourceLockedError([new LockedResource(volume.id, "VM_VOLUME")], null));
  }
  if (isBeingMade(volume, { tasks })) return { is: "busy", step: "create", task: makingTask(volume, { tasks }) };
  if (to.kind === "newVolume") return { is: "done" };
  const [otherVmId] = otherVmIds;
  if (otherVmId !== undefined && volume.sharing !== true) {
    return failed(new VolumeInUseError(volume.name ?? volume.id, otherVmId));
  }
  const attaching = tasks.find(
    (task) =>
      isOpen(task) && task.resource_id === vm?.id && isMutation(task, "addVmDisk") && argumentsName(task, [volume.id]),
  );
  return attaching === undefined ? { is: "step", step: "attach" } : { is: "busy", step: "attach", task: attaching };
}

function failed(error: MutationError): Next {
  return { is: "error", error };
}

const SAME_VOLUME = "The volume to replace is the restored one. Choose another name to restore the disk once more.";
