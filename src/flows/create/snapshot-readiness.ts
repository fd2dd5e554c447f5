import { Field, ObjectType, registerEnumType } from "type-graphql";
import { followMany, followOne } from "../../graph/loading/follow-relation.js";
import type { GraphObject } from "../../graph/model/graph-object.js";
import type { LoadedRelation } from "../../graph/relations/relation.js";
import { computedField } from "../../graph/schema/computed-field.js";
import { badInput } from "../../kernel/errors.js";
import { Consistency } from "../../resources/shared/consistency.js";
import { Task } from "../../resources/task/task.type.js";
import { VmToolsStatus } from "../../resources/vm/vm.enums.js";
import { Vm } from "../../resources/vm/vm.type.js";
import { VmDisk } from "../../resources/vm-disk/vm-disk.type.js";
import { blockingTasks } from "../writes/resource-locks.js";
import { OnToolsNotRunningType } from "../writes/write-inputs.js";
import { disksWithoutLun } from "./disks-without-lun.js";
import { consistencyProblem, decide, type OnToolsNotRunning } from "./snapshot-request.js";

/** Why `createVmSnapshot` would not create a snapshot now, or none that becomes ready. */
const SnapshotProblem = {
  IN_RECYCLE_BIN: "IN_RECYCLE_BIN",
  LOCKED: "LOCKED",
  TOOLS_NOT_RUNNING: "TOOLS_NOT_RUNNING",
  DISK_WITHOUT_LUN: "DISK_WITHOUT_LUN",
} as const;
registerEnumType(SnapshotProblem, {
  name: "VmSnapshotProblem",
  description: "Why `createVmSnapshot` would not create a snapshot now, or none that becomes ready.",
  valuesConfig: {
    IN_RECYCLE_BIN: { description: "The VM is in the recycle bin." },
    LOCKED: {
      description: "Another task locks the VM; see `blockingTask`. With `onLocked: WAIT` the call would wait for it.",
    },
    TOOLS_NOT_RUNNING: {
      description: "The snapshot is to be file-system-consistent, and the guest tools are not running.",
    },
    DISK_WITHOUT_LUN: {
      description:
        "The volume of a data disk has no LUN; see `disksWithoutLun`. A snapshot would be created, but never become ready: the data of that disk cannot be read through ZBS.",
    },
  },
});

/** Predicts what `createVmSnapshot` would do with a VM now. Lives as long as the operation. */
@ObjectType("VmSnapshotReadiness", { description: "What `createVmSnapshot` would do with the VM now, and why." })
export class VmSnapshotReadiness implements GraphObject {
  static readonly typename = "VmSnapshotReadiness";

  [relation: `@${string}`]: unknown;

  constructor(
    readonly vm: Vm,
    private readonly requestedConsistency: string,
    private readonly onToolsNotRunning: OnToolsNotRunning,
  ) {}

  @Field(() => Boolean, {
    description:
      "Whether a snapshot would be created, as far as the VM itself tells: a lock on one of its volumes shows only when the snapshot is created.",
  })
  get possible(): boolean {
    return this.obstacles.length === 0;
  }

  @Field(() => Consistency.type, {
    nullable: true,
    description:
      "Consistency of the snapshot once a lock, if there is one, is released; null if none would be created.",
  })
  get consistency(): string | null {
    const decision = this.decision;
    return decision.kind === "write" ? decision.consistency : null;
  }

  /** Why no snapshot would be created; empty if one would. */
  get obstacles(): string[] {
    const problems: string[] = [];
    if (this.vm.row.in_recycle_bin) problems.push(SnapshotProblem.IN_RECYCLE_BIN);
    if (this.isLocked) problems.push(SnapshotProblem.LOCKED);
    const tools = this.vm.row.vm_tools_status;
    const needsTools = this.requestedConsistency === "FILE_SYSTEM_CONSISTENT" && this.onToolsNotRunning === "FAIL";
    if (needsTools && tools !== "RUNNING") problems.push(SnapshotProblem.TOOLS_NOT_RUNNING);
    return problems;
  }

  @Field(() => VmToolsStatus.type, { description: "State of the guest tools." })
  get vmToolsStatus(): string {
    return this.vm.vmToolsStatus;
  }

  get isLocked(): boolean {
    return Boolean(this.vm.row.entityAsyncStatus);
  }

  private get decision() {
    const { vm, requestedConsistency, onToolsNotRunning } = this;
    return decide({ vmId: vm.cloudTowerId, name: "any", requestedConsistency, onToolsNotRunning }, vm.row, []);
  }
}

/** Vm → whether a snapshot is possible now; no upstream call, except for fields that say so. */
export const vmSnapshotReadiness = computedField<Vm, { consistency: string; onToolsNotRunning: OnToolsNotRunning }>({
  from: Vm,
  field: "snapshotReadiness",
  calls: {},
  type: () => VmSnapshotReadiness,
  nullable: false,
  description:
    "What `createVmSnapshot` would do now, and why: guest tools, recycle bin, and the task that locks the VM.",
  args: {
    consistency: {
      type: () => Consistency.type,
      defaultValue: "CRASH_CONSISTENT",
      description: "The consistency to request.",
    },
    onToolsNotRunning: {
      type: () => OnToolsNotRunningType,
      defaultValue: "FAIL",
      description: "What to do if the guest tools are not running.",
    },
  },
  resolve(vm, { consistency, onToolsNotRunning }) {
    const problem = consistencyProblem(consistency);
    if (problem !== undefined) throw badInput(problem);
    return new VmSnapshotReadiness(vm, consistency, onToolsNotRunning);
  },
});

/** Not a relation of the schema: gives two computed fields a DataLoader. */
const disksWithoutLunRelation: LoadedRelation<VmSnapshotReadiness, VmDisk> = {
  kind: "loaded",
  from: VmSnapshotReadiness,
  field: "disksWithoutLun",
  to: VmDisk,
  many: true,
  description:
    "The VM's data disks whose volume has no LUN. Their data cannot be read through ZBS, nor can that of their snapshots.",
  endpoints: ["get-vm-disks", "get-vm-volumes"],
  key: ({ vm }) => (vm.row.vm_disks?.length ? vm.cloudTowerId : null),
  keyIsId: false,
  parentColumns: ["vm_disks"],
  load: (session, vmIds) => disksWithoutLun(session, vmIds),
};

/** VmSnapshotReadiness → the disks that keep a snapshot from becoming ready: two calls for all VMs of the response. */
export const readinessDisksWithoutLun = computedField<VmSnapshotReadiness>({
  from: VmSnapshotReadiness,
  field: disksWithoutLunRelation.field,
  calls: { perBatch: 2 },
  type: () => [VmDisk],
  nullable: true,
  description: disksWithoutLunRelation.description,
  resolve: (readiness, _, { graph }) => followMany(graph, disksWithoutLunRelation, readiness),
});

/** VmSnapshotReadiness → the problems, with the same two calls. */
export const readinessProblems = computedField<VmSnapshotReadiness>({
  from: VmSnapshotReadiness,
  field: "problems",
  calls: { perBatch: 2 },
  type: () => [SnapshotProblem],
  nullable: false,
  description: "Why no snapshot would be created, or why one would never become ready; empty if neither.",
  async resolve(readiness, _, { graph }) {
    const disks = await followMany(graph, disksWithoutLunRelation, readiness);
    return disks.length === 0 ? readiness.obstacles : [...readiness.obstacles, SnapshotProblem.DISK_WITHOUT_LUN];
  },
});

/** Not a relation of the schema: gives the computed field a DataLoader, so that it is loaded for many VMs at the same time. */
const blockingTaskRelation: LoadedRelation<VmSnapshotReadiness, Task> = {
  kind: "loaded",
  from: VmSnapshotReadiness,
  field: "blockingTask",
  to: Task,
  many: false,
  description: "The task that locks the VM; null if none does, or if it cannot be found.",
  endpoints: ["get-vm-snapshots", "get-tasks"],
  key: (readiness) => (readiness.isLocked ? readiness.vm.cloudTowerId : null),
  keyIsId: false,
  parentColumns: ["entityAsyncStatus"],
  load: (session, vmIds) => blockingTasks(session, vmIds),
};

/** VmSnapshotReadiness → the task that locks the VM: two calls for all VMs of the response. */
export const readinessBlockingTask = computedField<VmSnapshotReadiness>({
  from: VmSnapshotReadiness,
  field: blockingTaskRelation.field,
  calls: { perBatch: 2 },
  type: () => Task,
  nullable: true,
  description: blockingTaskRelation.description,
  resolve: (readiness, _, { graph }) => followOne(graph, blockingTaskRelation, readiness),
});
