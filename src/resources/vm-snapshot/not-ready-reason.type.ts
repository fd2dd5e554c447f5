import { Field, Int, ObjectType, registerEnumType } from "type-graphql";

/** Why a snapshot is not usable, for programs. */
export const NotReadyCode = {
  NOT_READ: "NOT_READ",
  SNAPSHOT_MISSING: "SNAPSHOT_MISSING",
  SNAPSHOT_UNREADABLE: "SNAPSHOT_UNREADABLE",
  TASK_OPEN: "TASK_OPEN",
  TASK_FAILED: "TASK_FAILED",
  CHANGING: "CHANGING",
  CONFIGURATION_UNKNOWN: "CONFIGURATION_UNKNOWN",
  DISKS_UNKNOWN: "DISKS_UNKNOWN",
  NICS_UNKNOWN: "NICS_UNKNOWN",
  DISK_INCOMPLETE: "DISK_INCOMPLETE",
  DISK_WITHOUT_LUN: "DISK_WITHOUT_LUN",
  LUN_SNAPSHOT_MISSING: "LUN_SNAPSHOT_MISSING",
  LUN_SNAPSHOT_INCOMPLETE: "LUN_SNAPSHOT_INCOMPLETE",
  LUN_SNAPSHOT_AMBIGUOUS: "LUN_SNAPSHOT_AMBIGUOUS",
  LUN_SNAPSHOT_MISMATCH: "LUN_SNAPSHOT_MISMATCH",
} as const;
export type NotReadyCode = keyof typeof NotReadyCode;
registerEnumType(NotReadyCode, {
  name: "VmSnapshotNotReadyCode",
  description: "Why a VM snapshot is not usable, for programs.",
  valuesConfig: {
    NOT_READ: { description: "Its state could not be read in time." },
    SNAPSHOT_MISSING: { description: "CloudTower does not show it." },
    SNAPSHOT_UNREADABLE: { description: "CloudTower describes it in a way that this version cannot read." },
    TASK_OPEN: { description: "A task on it has not ended." },
    TASK_FAILED: { description: "The task that should have created it failed." },
    CHANGING: { description: "CloudTower is creating, changing or deleting it." },
    CONFIGURATION_UNKNOWN: { description: "Parts of the frozen configuration are not known yet." },
    DISKS_UNKNOWN: { description: "Its disks are not known yet." },
    NICS_UNKNOWN: { description: "Its NICs are not known yet." },
    DISK_INCOMPLETE: { description: "What is known of a disk is incomplete, or the disk is of an unknown type." },
    DISK_WITHOUT_LUN: {
      description:
        "A disk names no LUN snapshot: not yet, or never because its volume has no LUN. Such a disk cannot be read through ZBS.",
    },
    LUN_SNAPSHOT_MISSING: { description: "The LUN snapshot of a disk does not exist in the snapshot's cluster yet." },
    LUN_SNAPSHOT_INCOMPLETE: {
      description: "The LUN snapshot of a disk has no id in ZBS yet, or is being created, changed or deleted.",
    },
    LUN_SNAPSHOT_AMBIGUOUS: {
      description: "Several LUN snapshots in the snapshot's cluster have the name that a disk refers to.",
    },
    LUN_SNAPSHOT_MISMATCH: {
      description:
        "The LUN snapshot and the volume snapshot of a disk name different snapshots in ZBS, or the LUN snapshot is much newer than the VM snapshot: which one holds the data is unknown.",
    },
  },
});

/** A reason why a snapshot is not usable. Lives as long as one operation. */
@ObjectType("VmSnapshotNotReadyReason", { description: "A reason why a VM snapshot is not usable." })
export class NotReadyReason {
  @Field(() => NotReadyCode, { description: "The reason, for programs." })
  readonly code: NotReadyCode;

  @Field(() => String, { description: "The reason, for people." })
  readonly message: string;

  @Field(() => Int, {
    nullable: true,
    description: "Index of the disk that is concerned; null for the whole snapshot.",
  })
  readonly diskIndex: number | null;

  constructor(
    code: NotReadyCode,
    message: string,
    diskIndex: number | null = null,
    /** Whether it is certain that the snapshot will never become usable. */
    readonly isFinal = false,
  ) {
    this.code = code;
    this.message = message;
    this.diskIndex = diskIndex;
  }
}
