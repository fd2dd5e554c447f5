import { embeds } from "../graph/relations/embedded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { IscsiLun } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { IscsiLunSnapshot } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { NvmfNamespace } from "../resources/nvmf-namespace/nvmf-namespace.type.js";
import { NvmfNamespaceSnapshot } from "../resources/nvmf-namespace-snapshot/nvmf-namespace-snapshot.type.js";
import { StorageVolume } from "../resources/storage-volume/storage-volume.type.js";

/** The ZBS volumes of block storage, embedded: all that is known of them is in the rows of the objects that they belong to. */
export const storageVolumes = [
  embeds({
    from: IscsiLun,
    field: "storageVolume",
    to: StorageVolume,
    description: "The ZBS volume that holds the LUN's data. Costs no upstream call.",
    parentColumns: ["zbs_volume_id"],
    embed: (lun) => StorageVolume.ofLun(lun.row),
    inverse: "lun",
  }),
  embeds({
    from: IscsiLunSnapshot,
    field: "storageVolume",
    to: StorageVolume,
    description: "The ZBS volume that holds the frozen data, for backups to read. Costs no upstream call.",
    parentColumns: ["local_id"],
    embed: (snapshot) => StorageVolume.ofLunSnapshot(snapshot.row),
    inverse: "lunSnapshot",
  }),
  embeds({
    from: NvmfNamespace,
    field: "storageVolume",
    to: StorageVolume,
    description: "The ZBS volume that holds the namespace's data. Costs no upstream call.",
    parentColumns: ["zbs_volume_id"],
    embed: (namespace) => StorageVolume.ofNamespace(namespace.row),
    inverse: "namespace",
  }),
  embeds({
    from: NvmfNamespaceSnapshot,
    field: "storageVolume",
    to: StorageVolume,
    description: "The ZBS volume that holds the frozen data, for backups to read. Costs no upstream call.",
    parentColumns: ["local_id"],
    embed: (snapshot) => StorageVolume.ofNamespaceSnapshot(snapshot.row),
    inverse: "namespaceSnapshot",
  }),
  embeds({
    from: StorageVolume,
    field: "lunSnapshot",
    to: IscsiLunSnapshot,
    description: "The LUN snapshot that the data belongs to; null for other kinds of data.",
    parentColumns: [],
    embed: (volume) => (volume.lunSnapshotRow ? new IscsiLunSnapshot(volume.lunSnapshotRow) : null),
  }),
  embeds({
    from: StorageVolume,
    field: "namespaceSnapshot",
    to: NvmfNamespaceSnapshot,
    description: "The snapshot of an NVMe namespace that the data belongs to; null for other kinds of data.",
    parentColumns: [],
    embed: (volume) => (volume.namespaceSnapshotRow ? new NvmfNamespaceSnapshot(volume.namespaceSnapshotRow) : null),
  }),
].map(declareRelation);
