import { declareEdge } from "../graph/declare.js";
import { inline } from "../graph/inline-edge.js";
import { IscsiLun } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { IscsiLunSnapshot } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { NvmfNamespace } from "../resources/nvmf-namespace/nvmf-namespace.type.js";
import { NvmfNamespaceSnapshot } from "../resources/nvmf-namespace-snapshot/nvmf-namespace-snapshot.type.js";
import { StorageVolume } from "../resources/storage-volume/storage-volume.type.js";

/** The ZBS volumes behind block storage: all that is known of them stands on the objects that they lie under. */
export const storageVolumes = [
  inline({
    from: IscsiLun,
    field: "storageVolume",
    to: StorageVolume,
    description: "The ZBS volume that holds the LUN's data. Costs nothing.",
    of: (lun) => StorageVolume.ofLun(lun.row),
    back: "lun",
  }),
  inline({
    from: IscsiLunSnapshot,
    field: "storageVolume",
    to: StorageVolume,
    description: "The ZBS volume that holds the frozen data: what a backup reads. Costs nothing.",
    of: (snapshot) => StorageVolume.ofLunSnapshot(snapshot.row),
    back: "lunSnapshot",
  }),
  inline({
    from: NvmfNamespace,
    field: "storageVolume",
    to: StorageVolume,
    description: "The ZBS volume that holds the namespace's data. Costs nothing.",
    of: (namespace) => StorageVolume.ofNamespace(namespace.row),
    back: "namespace",
  }),
  inline({
    from: NvmfNamespaceSnapshot,
    field: "storageVolume",
    to: StorageVolume,
    description: "The ZBS volume that holds the frozen data: what a backup reads. Costs nothing.",
    of: (snapshot) => StorageVolume.ofNamespaceSnapshot(snapshot.row),
    back: "namespaceSnapshot",
  }),
  inline({
    from: StorageVolume,
    field: "lunSnapshot",
    to: IscsiLunSnapshot,
    description: "The LUN snapshot whose data this is; null for anything else.",
    of: (volume) => (volume.lunSnapshotRow ? new IscsiLunSnapshot(volume.lunSnapshotRow) : null),
  }),
  inline({
    from: StorageVolume,
    field: "namespaceSnapshot",
    to: NvmfNamespaceSnapshot,
    description: "The snapshot of an NVMe namespace whose data this is; null for anything else.",
    of: (volume) => (volume.namespaceSnapshotRow ? new NvmfNamespaceSnapshot(volume.namespaceSnapshotRow) : null),
  }),
].map(declareEdge);
