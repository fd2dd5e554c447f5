import { Field, Int, ObjectType, registerEnumType } from "type-graphql";
import type { GraphObject } from "../../graph/model/graph-object.js";
import { DateTimeScalar } from "../../graph/model/scalars.js";
import type { BackupPlan } from "../../resources/backup-plan/backup-plan.type.js";
import { ReplicaVm } from "../../resources/replica-vm/replica-vm.type.js";
import { ReplicationPlan } from "../../resources/replication-plan/replication-plan.type.js";
import type { SnapshotPlan } from "../../resources/snapshot-plan/snapshot-plan.type.js";
import type { Row } from "../../upstream/wire/types.js";

/** Whether a VM has a copy that is recent enough. */
export const ProtectionState = {
  PROTECTED: "PROTECTED",
  STALE: "STALE",
  UNPROTECTED: "UNPROTECTED",
  UNKNOWN: "UNKNOWN",
} as const;
export type ProtectionState = keyof typeof ProtectionState;
registerEnumType(ProtectionState, {
  name: "ProtectionState",
  description: "Whether a VM has a copy that is recent enough.",
  valuesConfig: {
    PROTECTED: { description: "There is a copy that is not older than the limit." },
    STALE: { description: "There are copies, and all of them are older than the limit." },
    UNPROTECTED: { description: "There is no copy, whatever plans the VM is in." },
    UNKNOWN: {
      description:
        "Not everything could be read, and what was read is no proof of another state. `reasons` says what is missing.",
    },
  },
});

/** What a copy of a VM is. */
export const CopyKind = {
  SNAPSHOT: "SNAPSHOT",
  RESTORE_POINT: "RESTORE_POINT",
  REPLICA: "REPLICA",
  PLAN_EXECUTION: "PLAN_EXECUTION",
} as const;
export type CopyKind = keyof typeof CopyKind;
registerEnumType(CopyKind, {
  name: "CopyKind",
  description: "What a copy of a VM is, or what it was derived from.",
  valuesConfig: {
    SNAPSHOT: { description: "A VM snapshot. It is on the same cluster as the VM, and lost with it." },
    RESTORE_POINT: { description: "A restore point of a backup plan." },
    REPLICA: { description: "A replica, as old as the last successful execution of its plan." },
    PLAN_EXECUTION: {
      description:
        "Derived from a backup plan's last successful execution, as there are too many restore points to look through.",
    },
  },
});

/** Codes of reasons. */
export const ProtectionReasonCode = {
  RECENT_COPY: "RECENT_COPY",
  OLD_COPY: "OLD_COPY",
  NO_COPY: "NO_COPY",
  IN_RECYCLE_BIN: "IN_RECYCLE_BIN",
  NO_PLAN: "NO_PLAN",
  PLAN_NOT_EXECUTED: "PLAN_NOT_EXECUTED",
  PLAN_FAILED: "PLAN_FAILED",
  PLAN_UNREADABLE: "PLAN_UNREADABLE",
  REPLICA_UNCERTAIN: "REPLICA_UNCERTAIN",
  LIST_UNREADABLE: "LIST_UNREADABLE",
  LIST_TOO_LONG: "LIST_TOO_LONG",
  ROWS_MISSING: "ROWS_MISSING",
  COPY_UNDATED: "COPY_UNDATED",
  COPY_FROM_FUTURE: "COPY_FROM_FUTURE",
  COPY_STATE_UNKNOWN: "COPY_STATE_UNKNOWN",
} as const;
export type ProtectionReasonCode = keyof typeof ProtectionReasonCode;
registerEnumType(ProtectionReasonCode, {
  name: "ProtectionReasonCode",
  description: "What the state of a VM's protection rests on, or what stands in the way of knowing it.",
  valuesConfig: {
    RECENT_COPY: { description: "The newest copy is not older than the limit." },
    OLD_COPY: { description: "The newest copy that is known is older than the limit." },
    NO_COPY: { description: "No copy is known." },
    IN_RECYCLE_BIN: { description: "The VM is in the recycle bin. Copies count as those of any other VM." },
    NO_PLAN: { description: "The VM is in no plan that is known: nothing makes the next copy." },
    PLAN_NOT_EXECUTED: { description: "A plan is paused, suspended or stopped: it makes no copies." },
    PLAN_FAILED: { description: "The last execution of a plan failed, for some or all of its VMs." },
    PLAN_UNREADABLE: {
      description: "The VM is in a plan that CloudTower does not list for the caller. So may be its copies.",
    },
    REPLICA_UNCERTAIN: { description: "It is not certain how old a replica is, or whether it can be used." },
    LIST_UNREADABLE: { description: "A list of CloudTower could not be read." },
    LIST_TOO_LONG: { description: "There are too many copies to look through for the newest one of the VM." },
    ROWS_MISSING: { description: "CloudTower names copies of the VM, but does not list them for the caller." },
    COPY_UNDATED: { description: "A copy has no time, or one that cannot be read." },
    COPY_FROM_FUTURE: { description: "A copy has a time in the future: a clock is wrong." },
    COPY_STATE_UNKNOWN: { description: "A copy is in a state that this version of TowerQL does not know." },
  },
});

/** One reason. */
@ObjectType("ProtectionReason", { description: "What the state rests on, or what stands in the way of knowing it." })
export class ProtectionReason {
  @Field(() => ProtectionReasonCode, { description: "For programs. The list may grow." })
  readonly code!: ProtectionReasonCode;

  @Field(() => String, { description: "The same in words, for operators. The wording may change." })
  readonly message!: string;
}

/** The replication of a VM by one plan. */
@ObjectType("VmReplication", { description: "How a replication plan copies a VM." })
export class VmReplication {
  @Field(() => ReplicationPlan, { description: "The plan." })
  readonly plan!: ReplicationPlan;

  @Field(() => ReplicaVm, { nullable: true, description: "The copy; null if CloudTower lists none." })
  readonly replica!: ReplicaVm | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "The longest planned time between two executions, in seconds: the plan's `interval` times its `period`, with 31 days for a month. Null if that does not tell, as `rpoDerivedFrom` says.",
  })
  readonly rpoSeconds!: number | null;

  @Field(() => String, { description: "What `rpoSeconds` was derived from, or why it is null." })
  readonly rpoDerivedFrom!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      "Time since the plan's last execution began, in seconds, if it succeeded for all VMs. Null if it did not, as `lagDerivedFrom` says.",
  })
  readonly lagSeconds!: number | null;

  @Field(() => String, { description: "What `lagSeconds` was derived from, or why it is null." })
  readonly lagDerivedFrom!: string;
}

/** The protection of one VM. Lives as long as the operation. */
@ObjectType("VmProtection", {
  description: "Which copies of a VM there are, how old the newest is, and which plans make them.",
})
export class VmProtection implements GraphObject {
  static readonly typename = "VmProtection";

  [relation: `@${string}`]: unknown;

  @Field(() => ProtectionState, { description: "Whether there is a copy that is recent enough." })
  readonly state: ProtectionState;

  @Field(() => [ProtectionReason], {
    description: "What the state rests on and what stands in the way of knowing more; first what decided.",
  })
  readonly reasons: readonly ProtectionReason[];

  @Field(() => DateTimeScalar, { nullable: true, description: "When the newest copy that is known was made." })
  readonly newestCopyAt: string | null;

  @Field(() => CopyKind, { nullable: true, description: "What `newestCopyAt` was derived from." })
  readonly newestCopyKind: CopyKind | null;

  @Field(() => VmReplication, {
    nullable: true,
    description:
      "The replication of the VM; null if it is in no replication plan that can be read. With several plans, the one with the smallest lag. `Vm.replicationPlans` has all.",
  })
  readonly replication: VmReplication | null;

  readonly snapshotRow: Row<"VmSnapshot"> | null;
  readonly restorePointRow: Row<"BackupRestorePoint"> | null;
  readonly snapshotPlan: SnapshotPlan | null;
  readonly backupPlans: readonly BackupPlan[];

  constructor(found: Omit<VmProtection, `@${string}`>) {
    this.state = found.state;
    this.reasons = found.reasons;
    this.newestCopyAt = found.newestCopyAt;
    this.newestCopyKind = found.newestCopyKind;
    this.replication = found.replication;
    this.snapshotRow = found.snapshotRow;
    this.restorePointRow = found.restorePointRow;
    this.snapshotPlan = found.snapshotPlan;
    this.backupPlans = found.backupPlans;
  }
}
