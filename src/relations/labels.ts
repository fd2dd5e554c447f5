import type { Listing } from "../graph/connections/listing.js";
import { hasConnection } from "../graph/relations/connection-relation.js";
import { hasManyByIds } from "../graph/relations/loaded-by-ids.js";
import type { LoadedRelation, Relation } from "../graph/relations/relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { clusterList } from "../resources/cluster/cluster.type.js";
import { consistencyGroupList } from "../resources/consistency-group/consistency-group.type.js";
import { consistencyGroupSnapshotList } from "../resources/consistency-group-snapshot/consistency-group-snapshot.type.js";
import { elfImageList } from "../resources/elf-image/elf-image.type.js";
import { hostList } from "../resources/host/host.type.js";
import { iscsiLunList } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { iscsiLunSnapshotList } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { iscsiTargetList } from "../resources/iscsi-target/iscsi-target.type.js";
import { Label } from "../resources/label/label.type.js";
import { nvmfNamespaceList } from "../resources/nvmf-namespace/nvmf-namespace.type.js";
import { nvmfNamespaceSnapshotList } from "../resources/nvmf-namespace-snapshot/nvmf-namespace-snapshot.type.js";
import { vlanList } from "../resources/vlan/vlan.type.js";
import { vmList } from "../resources/vm/vm.type.js";
import { type VmSnapshot, vmSnapshotList } from "../resources/vm-snapshot/vm-snapshot.type.js";
import { vmVolumeList } from "../resources/vm-volume/vm-volume.type.js";
import { vmVolumeSnapshotList } from "../resources/vm-volume-snapshot/vm-volume-snapshot.type.js";
import type { Entity, Row } from "../upstream/wire/types.js";
import { arrivedIn } from "../upstream/wire/versions.js";

/** Entities with labels. */
type Labeled = {
  [E in Entity]: "labels" extends keyof Row<E> ? E : never;
}[Entity];

const ofSnapshots = labeled("vmSnapshots", vmSnapshotList, "VM snapshots");

/** VmSnapshot → its labels. */
export const vmSnapshotLabels = ofSnapshots[0] as unknown as LoadedRelation<VmSnapshot, Label>;

/** The labels of each object, and the objects of each label. */
export const labels: readonly Relation[] = [
  ...labeled("vms", vmList, "VMs"),
  ...labeled("vmVolumes", vmVolumeList, "volumes"),
  ...labeled("iscsiLuns", iscsiLunList, "LUNs"),
  ...labeled("iscsiTargets", iscsiTargetList, "iSCSI targets"),
  ...ofSnapshots,
  ...labeled("vmVolumeSnapshots", vmVolumeSnapshotList, "volume snapshots"),
  ...labeled("iscsiLunSnapshots", iscsiLunSnapshotList, "LUN snapshots"),
  ...labeled("consistencyGroups", consistencyGroupList, "consistency groups"),
  ...labeled("consistencyGroupSnapshots", consistencyGroupSnapshotList, "snapshots of consistency groups"),
  ...labeled("nvmfNamespaces", nvmfNamespaceList, "NVMe namespaces"),
  ...labeled("nvmfNamespaceSnapshots", nvmfNamespaceSnapshotList, "snapshots of NVMe namespaces"),
  ...labeled("clusters", clusterList, "clusters"),
  ...labeled("hosts", hostList, "hosts"),
  ...labeled("elfImages", elfImageList, "ISO images"),
  ...labeled("vlans", vlanList, "virtual networks"),
];

/** Both directions between labels and one kind of object, and the filter by label. */
function labeled<E extends Labeled>(field: string, { resource }: Listing<E>, nouns: string): Relation[] {
  const via = "labels" as never;
  return [
    declareRelation(
      hasManyByIds({
        from: resource,
        field: "labels",
        to: Label,
        via,
        description: `The object's labels. With CloudTower ${arrivedIn("NestedLabel.key")} or newer, \`key\` and \`value\` alone cost no upstream call.`,
        filter: "By the object's labels.",
        stubFields: ["key", "value"],
      }),
    ),
    declareRelation(
      hasConnection({ from: Label, field, to: resource, via, description: `The ${nouns} with the label.` }),
    ),
  ];
}
