import { declareEdge } from "../graph/declare.js";
import { inlineList } from "../graph/inline-edge.js";
import { VmDiskType } from "../resources/disk.enums.js";
import { VmSnapshotDisk } from "../resources/vm-snapshot/vm-snapshot-disk.type.js";
import { VmSnapshot } from "../resources/vm-snapshot/vm-snapshot.type.js";

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
