import { hasOne } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { IscsiLun } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { NvmfNamespace } from "../resources/nvmf-namespace/nvmf-namespace.type.js";
import { StorageVolume } from "../resources/storage-volume/storage-volume.type.js";
import { VmVolume } from "../resources/vm-volume/vm-volume.type.js";

/**
 * StorageVolume → the LUN that the data belongs to or was taken of. Coming from a LUN it is prefetched; for a snapshot the LUN is
 * looked up.
 */
export const storageVolumeLun = declareRelation(
  hasOne({
    from: StorageVolume,
    field: "lun",
    to: IscsiLun,
    description:
      "The LUN that the data belongs to. For frozen data, the LUN that it was taken of; null if that LUN is gone.",
    key: (volume) => volume.lunId,
    parentColumns: ["iscsi_lun", "name"],
    stub: (volume) => volume.lunRow ?? volume.lunSnapshotRow?.iscsi_lun,
  }),
);

/** StorageVolume → the NVMe namespace that the data belongs to or was taken of. */
export const storageVolumeNamespace = declareRelation(
  hasOne({
    from: StorageVolume,
    field: "namespace",
    to: NvmfNamespace,
    description:
      "The NVMe namespace that the data belongs to. For frozen data, the namespace that it was taken of; null if that namespace is gone.",
    key: (volume) => volume.namespaceId,
    parentColumns: ["nvmf_namespace", "name"],
    stub: (volume) => volume.namespaceRow ?? volume.namespaceSnapshotRow?.nvmf_namespace,
  }),
);

/** StorageVolume → the volume that its LUN backs. */
export const storageVolumeVolume = declareRelation(
  hasOne({
    from: StorageVolume,
    field: "volume",
    to: VmVolume,
    description:
      "The volume that the data belongs to. For frozen data, the volume that it was taken of. Null for storage that no VM uses.",
    key: (volume) => volume.lunId,
    parentColumns: ["iscsi_lun"],
    via: "lun",
  }),
);
