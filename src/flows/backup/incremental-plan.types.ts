import { Field, ObjectType, registerEnumType } from "type-graphql";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { VmSnapshotDisk } from "../../resources/vm-snapshot/vm-snapshot-disk.type.js";

/** How a disk is backed up. */
export const BackupMode = { FULL: "FULL", INCREMENTAL: "INCREMENTAL" } as const;
registerEnumType(BackupMode, {
  name: "BackupMode",
  description: "How a disk is backed up.",
  valuesConfig: {
    FULL: { description: "Read all of the target volume." },
    INCREMENTAL: { description: "Read the differences between the base and the target volume." },
  },
});

/** Why a disk has to be read in full. */
export const FullReason = {
  NO_BASE: "NO_BASE",
  NEW_DISK: "NEW_DISK",
  BASE_MISSING: "BASE_MISSING",
  BASE_EXPIRED: "BASE_EXPIRED",
  RESIZED: "RESIZED",
  VOLUME_REPLACED: "VOLUME_REPLACED",
  LINEAGE_UNKNOWN: "LINEAGE_UNKNOWN",
} as const;
export type FullReason = keyof typeof FullReason;
registerEnumType(FullReason, {
  name: "FullBackupReason",
  description: "Why a disk has to be read in full. The backup itself is possible in every case.",
  valuesConfig: {
    NO_BASE: { description: "No usable snapshot of the VM is known to be earlier." },
    NEW_DISK: {
      description:
        "The VM did not have the disk when the earlier snapshot was taken: none with its volume, and none in its `slot`.",
    },
    BASE_MISSING: {
      description: "The data of the earlier snapshot is gone, or is being deleted. It cannot be a base any more.",
    },
    BASE_EXPIRED: {
      description:
        "The lease of the earlier snapshot has expired: it may be deleted at any time, also while it is read. If it still exists, renew its lease, and plan again.",
    },
    RESIZED: { description: "The disk has a different size than in the earlier snapshot." },
    VOLUME_REPLACED: {
      description:
        "The disk in the `slot` is backed by a different volume than in the earlier snapshot, or by a different LUN, or is in a different cluster.",
    },
    LINEAGE_UNKNOWN: {
      description:
        "It is not certain that the data descends from the earlier snapshot; `explanation` says why: for example a rollback, a task whose effect is not known or that failed, or tasks that CloudTower has forgotten. Read the disk in full; the next backup can be incremental again.",
    },
  },
});

/** How to back up one data disk of the later snapshot. */
@ObjectType("IncrementalPlanDisk", { description: "What to read for one data disk of the later snapshot." })
export class IncrementalPlanDisk {
  @Field(() => VmSnapshotDisk, { description: "The disk as frozen by the later snapshot." })
  readonly disk!: VmSnapshotDisk;

  @Field(() => BackupMode, { description: "How it is backed up." })
  readonly mode!: keyof typeof BackupMode;

  @Field(() => FullReason, { nullable: true, description: "Why it has to be read in full; null for INCREMENTAL." })
  readonly reason!: FullReason | null;

  @Field(() => String, {
    description: "What the verdict rests on, in words, for logs and operators. The wording may change.",
  })
  readonly explanation!: string;

  @Field(() => String, {
    nullable: true,
    description: "ZBS volume of the earlier snapshot to compare with; null for FULL.",
  })
  readonly baseZbsId!: string | null;

  @Field(() => String, { description: "ZBS volume of the later snapshot, to read from." })
  readonly targetZbsId!: string;
}

/** Plan of a backup that builds on an earlier one. */
@ObjectType("IncrementalPlan", {
  description: "What to read for a backup of the later snapshot, given one of the earlier snapshot.",
})
export class IncrementalPlan {
  @Field(() => VmSnapshot, {
    nullable: true,
    description: "The earlier snapshot; null if there is none to build on: then every disk is FULL.",
  })
  readonly since!: VmSnapshot | null;

  @Field(() => VmSnapshot, { description: "The later snapshot." })
  readonly to!: VmSnapshot;

  @Field(() => [IncrementalPlanDisk], {
    description: "The data disks of the later snapshot, each with its own verdict.",
  })
  readonly disks!: readonly IncrementalPlanDisk[];

  @Field(() => [VmSnapshotDisk], {
    description: "Data disks of the earlier snapshot that the later one does not have.",
  })
  readonly removedDisks!: readonly VmSnapshotDisk[];
}
