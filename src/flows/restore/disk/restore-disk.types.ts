import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { Task } from "../../../resources/task/task.type.js";
import { VmVolume } from "../../../resources/vm-volume/vm-volume.type.js";
import { MAX_NAME_LENGTH } from "../../writes/check-name.js";
import { MutationError } from "../../writes/mutation-errors.js";
import { namedSnapshot, namedVm } from "../../writes/named-objects.js";
import { LockInput, STEPS_WAIT_DESCRIPTION } from "../../writes/write-inputs.js";
import type { RestoredDisk } from "./restore-disk.js";
import type { RestoreRequest } from "./restore-input.js";
import { DiskRestoreState } from "./restore-state.js";

/** The VM to attach the restored volume to. */
@InputType({ description: "The VM that gets the restored volume as another disk." })
export class AttachRestoredDiskInput {
  @Field(() => ID, { description: "The VM, by its global or bare id. It must be in the snapshot's cluster." })
  readonly vmId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The slot, such as `SCSI:k2`, which must be free. Absent: the bus of the frozen disk, with a number that CloudTower chooses.",
  })
  readonly slot?: string | null;
}

/** The disk to replace. */
@InputType({
  description: "The disk of the snapshot's own VM that the restored volume replaces. The VM must be powered off.",
})
export class ReplaceDiskInput {
  @Field(() => ID, { description: "The VM that the snapshot was taken of, by its global or bare id." })
  readonly vmId!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      "The attached volume to replace, by its global or bare id. It is kept. Absent: the volume that the snapshot froze.",
  })
  readonly volumeId?: string | null;
}

/** Where a disk is restored to. */
@InputType({ description: "Where a disk is restored to: exactly one of these." })
export class RestoreDiskTarget {
  @Field(() => Boolean, { nullable: true, description: "True: to a new volume that is attached to no VM." })
  readonly newVolume?: boolean | null;

  @Field(() => AttachRestoredDiskInput, { nullable: true, description: "To a new volume, as another disk of a VM." })
  readonly attachTo?: AttachRestoredDiskInput | null;

  @Field(() => ReplaceDiskInput, { nullable: true, description: "To a new volume, in place of a disk of the VM." })
  readonly replace?: ReplaceDiskInput | null;
}

/** Input of `restoreDisk`. */
@InputType({ description: "The disk of a VM snapshot to restore, and where to." })
export class RestoreDiskInput extends LockInput implements RestoreRequest {
  @Field(() => ID, { description: "The VM snapshot, by its global or bare id." })
  readonly snapshotId!: string;

  @Field(() => String, { description: "The data disk: its `slot` or its `volumeLocalId`, as in `VmSnapshotDisk`." })
  readonly disk!: string;

  @Field(() => String, {
    description: `Name of the new volume, 1 to ${MAX_NAME_LENGTH} characters. With the snapshot's disk, it is the identity of the restore: choose one per restore, and repeat the call with the same.`,
  })
  readonly name!: string;

  @Field(() => RestoreDiskTarget, { description: "Where to." })
  readonly to!: RestoreDiskTarget;

  @Field(() => Int, { defaultValue: 60, description: STEPS_WAIT_DESCRIPTION })
  readonly waitSeconds!: number;
}

/** Payload of `restoreDisk`. */
@ObjectType({ description: "Result of `restoreDisk`. What is done is said by `state`, also if there are errors." })
export class RestoreDiskPayload implements RestoredDisk {
  static readonly typename = "RestoreDiskPayload";

  readonly snapshotId!: string | null;
  readonly vmId!: string | null;

  @Field(() => VmVolume, {
    nullable: true,
    description: "The restored volume; null if there is none, or none is known.",
  })
  readonly volume!: VmVolume | null;

  @Field(() => [VmVolume], {
    description:
      "Other volumes of the name that were restored from the same disk. There are some only if a gateway was restarted in the middle of a write. Delete those that you do not need.",
  })
  readonly duplicates!: readonly VmVolume[];

  @Field(() => VmVolume, {
    nullable: true,
    description:
      "The volume that is replaced. It is kept. Null if none is, if none is known, or if it was deleted since.",
  })
  readonly replacedVolume!: VmVolume | null;

  @Field(() => DiskRestoreState, {
    nullable: true,
    description: "How far the restore came; null if no volume was made, or none is known.",
  })
  readonly state!: DiskRestoreState | null;

  @Field(() => Boolean, {
    description:
      "Whether everything that the input wants is done. If not, and there are no errors, the time was over: repeat the call.",
  })
  readonly done!: boolean;

  @Field(() => Task, { nullable: true, description: "The task of the step that was done last, if it is known." })
  readonly task!: Task | null;

  @Field(() => [MutationError], { description: "Why the restore did not go on; empty if it is done, or under way." })
  readonly errors!: readonly MutationError[];
}

/** The objects that the payload is about. */
export const restoredDiskObjects = [
  namedSnapshot(RestoreDiskPayload),
  namedVm(
    RestoreDiskPayload,
    "null if the disk is for no VM, if the id in the input is malformed, or if CloudTower does not show it.",
  ),
];
