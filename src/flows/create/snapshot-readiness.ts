import { Field, ObjectType, registerEnumType } from "type-graphql";
import { followOne } from "../../graph/loading/follow-relation.js";
import type { GraphObject } from "../../graph/model/graph-object.js";
import type { LoadedRelation } from "../../graph/relations/relation.js";
import { computedField } from "../../graph/schema/computed-field.js";
import { Task } from "../../resources/task/task.type.js";
import { VmToolsStatus } from "../../resources/vm/vm.enums.js";
import { Vm } from "../../resources/vm/vm.type.js";
import { Consistency } from "../../resources/vm-snapshot/vm-snapshot.enums.js";
import { blockingTasks } from "../writes/resource-locks.js";
import { OnToolsNotRunningType } from "../writes/write-inputs.js";
import { assertConsistency, decide, type OnToolsNotRunning } from "./snapshot-request.js";

/** Why `createVmSnapshot` would not take a snapshot now. */
const SnapshotProblem = {
  IN_RECYCLE_BIN: "IN_RECYCLE_BIN",
  LOCKED: "LOCKED",
  TOOLS_NOT_RUNNING: "TOOLS_NOT_RUNNING",
} as const;
registerEnumType(SnapshotProblem, {
  name: "VmSnapshotProblem",
  description: "Why `createVmSnapshot` would not take a snapshot now.",
  valuesConfig: {
    IN_RECYCLE_BIN: { description: "The VM lies in the recycle bin." },
    LOCKED: {
      description: "Another task holds the VM; see `blockingTask`. With `onLocked: WAIT` it would be waited for.",
    },
    TOOLS_NOT_RUNNING: {
      description: "A file-system-consistent snapshot was asked about, and the guest tools do not run.",
    },
  },
});

/** What `createVmSnapshot` would do now; lives as long as the operation. */
@ObjectType("VmSnapshotReadiness", { description: "What `createVmSnapshot` would do with the VM now, and why." })
export class VmSnapshotReadiness implements GraphObject {
  static readonly typename = "VmSnapshotReadiness";

  [joined: `@${string}`]: unknown;

  constructor(
    readonly vm: Vm,
    private readonly asked: string,
    private readonly onToolsNotRunning: OnToolsNotRunning,
  ) {}

  @Field(() => Boolean, { description: "Whether a snapshot would be taken." })
  get possible(): boolean {
    return this.problems.length === 0;
  }

  @Field(() => Consistency.type, {
    nullable: true,
    description:
      "The consistency that would be got once the lock, if there is one, is over; null where none would be taken.",
  })
  get consistency(): string | null {
    const decision = this.decision;
    return decision.kind === "write" ? decision.consistency : null;
  }

  @Field(() => [SnapshotProblem], { description: "Why no snapshot would be taken; empty where one would." })
  get problems(): string[] {
    const problems: string[] = [];
    if (this.vm.row.in_recycle_bin) problems.push(SnapshotProblem.IN_RECYCLE_BIN);
    if (this.isLocked) problems.push(SnapshotProblem.LOCKED);
    const tools = this.vm.row.vm_tools_status;
    const needsTools = this.asked === "FILE_SYSTEM_CONSISTENT" && this.onToolsNotRunning === "FAIL";
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
    const { vm, asked, onToolsNotRunning } = this;
    return decide(
      { vmId: vm.cloudTowerId, name: "any", requestedConsistency: asked, onToolsNotRunning },
      vm.row,
      undefined,
    );
  }
}

/** Vm → what a snapshot would come to: costs nothing. */
export const vmSnapshotReadiness = computedField<Vm, { consistency: string; onToolsNotRunning: OnToolsNotRunning }>({
  from: Vm,
  field: "snapshotReadiness",
  type: () => VmSnapshotReadiness,
  nullable: false,
  description:
    "What `createVmSnapshot` would do now, and why: guest tools, recycle bin, and the task that holds the VM.",
  args: {
    consistency: {
      type: () => Consistency.type,
      defaultValue: "CRASH_CONSISTENT",
      description: "The consistency to be asked for.",
    },
    onToolsNotRunning: {
      type: () => OnToolsNotRunningType,
      defaultValue: "FAIL",
      description: "What is done where the guest tools do not run.",
    },
  },
  resolve(vm, { consistency, onToolsNotRunning }) {
    assertConsistency(consistency);
    return new VmSnapshotReadiness(vm, consistency, onToolsNotRunning);
  },
});

const blockingTaskRelation: LoadedRelation<VmSnapshotReadiness, Task> = {
  kind: "loaded",
  from: VmSnapshotReadiness,
  field: "blockingTask",
  to: Task,
  many: false,
  description: "The task that holds the VM; null where none does, and where it cannot be found.",
  endpoints: ["get-vm-snapshots", "get-tasks"],
  key: (readiness) => (readiness.isLocked ? readiness.vm.cloudTowerId : null),
  keyIsId: false,
  parentColumns: ["entityAsyncStatus"],
  load: (session, vmIds) => blockingTasks(session, vmIds),
};

/** VmSnapshotReadiness → the task that holds the VM: two calls for all VMs of the answer. */
export const readinessBlockingTask = computedField<VmSnapshotReadiness>({
  from: VmSnapshotReadiness,
  field: blockingTaskRelation.field,
  type: () => Task,
  nullable: true,
  description: blockingTaskRelation.description,
  resolve: (readiness, _, { graph }) => followOne(graph, blockingTaskRelation, readiness),
});
