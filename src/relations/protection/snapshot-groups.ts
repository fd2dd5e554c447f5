import { hasConnection } from "../../graph/relations/connection-relation.js";
import { belongsTo } from "../../graph/relations/loaded-relation.js";
import type { Relation } from "../../graph/relations/relation.js";
import { declareRelation } from "../../graph/schema/declare.js";
import { IscsiLunSnapshot } from "../../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { NvmfNamespaceSnapshot } from "../../resources/nvmf-namespace-snapshot/nvmf-namespace-snapshot.type.js";
import { SnapshotGroup } from "../../resources/snapshot-group/snapshot-group.type.js";
import { SnapshotPlanTask } from "../../resources/snapshot-plan-task/snapshot-plan-task.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";

/** The groups of snapshots that executions of snapshot plans have taken. */
export const snapshotGroups: readonly Relation[] = [
  belongsTo({
    from: SnapshotPlanTask,
    field: "snapshotGroup",
    to: SnapshotGroup,
    via: "snapshotGroup",
    description: "The snapshots that the execution has taken, or that it used; null if none.",
    filter: "By the snapshot group.",
  }),
  belongsTo({
    from: SnapshotGroup,
    field: "execution",
    to: SnapshotPlanTask,
    via: "snapshotPlanTask",
    description: "The execution that took the snapshots.",
    filter: "By the execution.",
  }),
  belongsTo({
    from: VmSnapshot,
    field: "snapshotGroup",
    to: SnapshotGroup,
    via: "snapshot_group",
    description: "The snapshots that a snapshot plan took together with this one; null if no plan took it.",
    filter: "By the snapshot's group.",
  }),
  hasConnection({
    from: SnapshotGroup,
    field: "snapshots",
    to: VmSnapshot,
    via: "snapshot_group",
    description: "The VM snapshots of the group.",
    filter: { via: "vm_snapshots", description: "By the group's VM snapshots." },
    expectedCount: "vm_snapshots",
    inverse: "snapshotGroup",
  }),
  belongsTo({
    from: IscsiLunSnapshot,
    field: "snapshotGroup",
    to: SnapshotGroup,
    via: "snapshot_group",
    description: "The snapshots that a snapshot plan took together with this one; null if no plan took it.",
    filter: "By the snapshot's group.",
  }),
  hasConnection({
    from: SnapshotGroup,
    field: "lunSnapshots",
    to: IscsiLunSnapshot,
    via: "snapshot_group",
    description: "The LUN snapshots of the group.",
    inverse: "snapshotGroup",
  }),
  belongsTo({
    from: NvmfNamespaceSnapshot,
    field: "snapshotGroup",
    to: SnapshotGroup,
    via: "snapshot_group",
    description: "The snapshots that a snapshot plan took together with this one; null if no plan took it.",
    filter: "By the snapshot's group.",
  }),
  hasConnection({
    from: SnapshotGroup,
    field: "namespaceSnapshots",
    to: NvmfNamespaceSnapshot,
    via: "snapshot_group",
    description: "The snapshots of NVMe namespaces in the group.",
    inverse: "snapshotGroup",
  }),
].map(declareRelation);
