import type { Edge } from "../graph/edge.js";
import { diskVolume, volumeDisks } from "./disk-volume.js";
import { lunSnapshotLun, lunSnapshots } from "./lun-snapshots.js";
import { places } from "./places.js";
import { snapshotDiskLunSnapshot } from "./snapshot-disk-lun-snapshot.js";
import { snapshotDisks } from "./snapshot-disks.js";
import { snapshotTask } from "./snapshot-task.js";
import { lunSnapshotStorageVolume, lunStorageVolume, storageVolumeLunSnapshot } from "./storage-volume.js";
import { storageVolumeLun } from "./storage-volume-lun.js";
import { diskVm, vmDisks } from "./vm-disks.js";
import { snapshotVm, vmSnapshots } from "./vm-snapshots.js";
import { lunVolume, volumeLun } from "./volume-lun.js";
import { volumeVms } from "./volume-vms.js";

/** Every edge of the graph. */
export const allEdges: readonly Edge[] = [
  vmDisks,
  diskVm,
  diskVolume,
  volumeDisks,
  volumeVms,
  volumeLun,
  lunVolume,
  lunStorageVolume,
  storageVolumeLun,
  lunSnapshots,
  lunSnapshotLun,
  lunSnapshotStorageVolume,
  storageVolumeLunSnapshot,
  vmSnapshots,
  snapshotVm,
  snapshotTask,
  snapshotDisks,
  snapshotDiskLunSnapshot,
  ...places,
];
