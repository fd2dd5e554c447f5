import { embeds, embedsMany } from "../graph/relations/embedded-relation.js";
import { filterBy } from "../graph/relations/relation-argument.js";
import { declareRelation } from "../graph/schema/declare.js";
import { objectList } from "../kernel/odd-values.js";
import { VmDiskType } from "../resources/shared/disk.enums.js";
import { VmSnapshot } from "../resources/vm-snapshot/vm-snapshot.type.js";
import { VmSnapshotDisk } from "../resources/vm-snapshot/vm-snapshot-disk.type.js";

/** VmSnapshot → its frozen disks, which are embedded in its row. */
export const snapshotDisks = declareRelation(
  embedsMany({
    from: VmSnapshot,
    field: "disks",
    to: VmSnapshotDisk,
    description: "The frozen disks; null until the snapshot is complete.",
    parentColumns: ["vm_disks"],
    embed: ({ row }) => objectList(row.vm_disks)?.map((disk) => new VmSnapshotDisk(disk, row)) ?? null,
    inverse: "snapshot",
    argument: filterBy(VmSnapshotDisk, "type", VmDiskType, "Only disks of this type."),
  }),
);

/** VmSnapshotDisk → the snapshot that froze it. */
export const snapshotDiskSnapshot = declareRelation(
  embeds({
    from: VmSnapshotDisk,
    field: "snapshot",
    to: VmSnapshot,
    description: "The snapshot that froze the disk. Costs no upstream call.",
    parentColumns: [],
    embed: (disk) => new VmSnapshot(disk.snapshot),
  }),
);
