import { embeds } from "../graph/relations/embedded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { IscsiLun } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { IscsiLunSnapshot } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { NvmfNamespace } from "../resources/nvmf-namespace/nvmf-namespace.type.js";
import { NvmfNamespaceSnapshot } from "../resources/nvmf-namespace-snapshot/nvmf-namespace-snapshot.type.js";
import { StorageVolume } from "../resources/storage-volume/storage-volume.type.js";

/** The ZBS volumes behind block storage: all that is known of them stands on the objects that they lie under. */
export const storageVolumes = [
  embeds({
    from: IscsiLun,
    field: "storageVolume",
    to: StorageVolume,
    description: "The ZBS volume that holds the LUN's data. Costs nothing.",
    parentColumns: ["zbs_volume_id"],
    embed: (lun) => StorageVolume.ofLun(lun.row),
    inverse: "lun",
  }),
  embeds({
    from: IscsiLunSnapshot,
    field: "storageVolume",
    to: StorageVolume,
    description: "The ZBS volume that holds the frozen data: what a backup reads. Costs nothing.",
    parentColumns: ["local_id"],
    embed: (snapshot) => StorageVolume.ofLunSnapshot(snapshot.row),
    inverse: "lunSnapshot",
  }),
  embeds({
    from: NvmfNamespace,
    field: "storageVolume",
    to: StorageVolume,
    description: "The ZBS volume that holds the namespace's data. Costs nothing.",
    parentColumns: ["zbs_volume_id"],
    embed: (namespace) => StorageVolume.ofNamespace(namespace.row),
    inverse: "namespace",
  }),
  embeds({
    from: NvmfNamespaceSnapshot,
    field: "storageVolume",
    to: StorageVolume,
    description: "The ZBS volume that holds the frozen data: what a backup reads. Costs nothing.",
    parentColumns: ["local_id"],
    embed: (snapshot) => StorageVolume.ofNamespaceSnapshot(snapshot.row),
    inverse: "namespaceSnapshot",
  }),
  embeds({
    from: StorageVolume,
    field: "lunSnapshot",
    to: IscsiLunSnapshot,
    description: "The LUN snapshot whose data this is; null for anything else.",
    parentColumns: [],
    embed: (volume) => (volume.lunSnapshotRow ? new IscsiLunSnapshot(volume.lunSnapshotRow) : null),
  }),
  embeds({
    from: StorageVolume,
    field: "namespaceSnapshot",
    to: NvmfNamespaceSnapshot,
    description: "The snapshot of an NVMe namespace whose data this is; null for anything else.",
    parentColumns: [],
    embed: (volume) => (volume.namespaceSnapshotRow ? new NvmfNamespaceSnapshot(volume.namespaceSnapshotRow) : null),
  }),
].map(declareRelation);
