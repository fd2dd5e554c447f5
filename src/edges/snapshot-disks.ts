import { declareEdge } from "../graph/declare.js";
import { inline, inlineList } from "../graph/inline-edge.js";
import { VmDiskType } from "../resources/disk.enums.js";
import { VmSnapshot } from "../resources/vm-snapshot/vm-snapshot.type.js";
import { VmSnapshotDisk } from "../resources/vm-snapshot/vm-snapshot-disk.type.js";

/** VmSnapshot → its frozen disks, which arrive whole within its row. */
export const snapshotDisks = declareEdge(
  inlineList({
    from: VmSnapshot,
    field: "disks",
    to: VmSnapshotDisk,
    description: "The disks as they were frozen; null while the snapshot is not complete.",
    of: (snapshot) => snapshot.row.vm_disks?.map((disk) => new VmSnapshotDisk(disk, snapshot.row)) ?? null,
    back: "snapshot",
    narrowing: {
      name: "type",
      type: () => VmDiskType.type,
      description: "Only disks of this type.",
      keep: (disk: VmSnapshotDisk, type) => disk.type === type,
    },
  }),
);

/** VmSnapshotDisk → the snapshot that froze it. */
export const snapshotDiskSnapshot = declareEdge(
  inline({
    from: VmSnapshotDisk,
    field: "snapshot",
    to: VmSnapshot,
    description: "The snapshot that froze the disk. Costs nothing.",
    of: (disk) => new VmSnapshot(disk.snapshot),
  }),
);
