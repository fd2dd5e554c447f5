import { hasOne } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { IscsiLun } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { NvmfNamespace } from "../resources/nvmf-namespace/nvmf-namespace.type.js";
import { StorageVolume } from "../resources/storage-volume/storage-volume.type.js";
import { VmVolume } from "../resources/vm-volume/vm-volume.type.js";

/**
 * StorageVolume → the LUN whose data it holds, or of which it was taken. Reached from a LUN it is joined already; for a snapshot
 * the LUN is looked up.
 */
export const storageVolumeLun = declareRelation(
  hasOne({
    from: StorageVolume,
    field: "lun",
    to: IscsiLun,
    description: "The LUN whose data this is; for frozen data the LUN it was taken of, null where that is gone.",
    key: (volume) => volume.lunId,
    parentColumns: ["iscsi_lun", "name"],
    stub: (volume) => volume.lunRow ?? volume.lunSnapshotRow?.iscsi_lun,
  }),
);

/** StorageVolume → the NVMe namespace whose data it holds, or of which it was taken. */
export const storageVolumeNamespace = declareRelation(
  hasOne({
    from: StorageVolume,
    field: "namespace",
    to: NvmfNamespace,
    description:
      "The NVMe namespace whose data this is; for frozen data the namespace it was taken of, null where that is gone.",
    key: (volume) => volume.namespaceId,
    parentColumns: ["nvmf_namespace", "name"],
    stub: (volume) => volume.namespaceRow ?? volume.namespaceSnapshotRow?.nvmf_namespace,
  }),
);

/** StorageVolume → the volume that stands on its LUN. */
export const storageVolumeVolume = declareRelation(
  hasOne({
    from: StorageVolume,
    field: "volume",
    to: VmVolume,
    description:
      "The volume whose data this is; for frozen data the volume it was taken of. Null for storage that no VM uses.",
    key: (volume) => volume.lunId,
    parentColumns: ["iscsi_lun"],
    via: "lun",
  }),
);
