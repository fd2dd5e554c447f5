import type { Listing } from "../graph/connections/listing.js";
import { hasConnection } from "../graph/relations/connection-relation.js";
import { hasManyByIds } from "../graph/relations/loaded-by-ids.js";
import type { Relation } from "../graph/relations/relation.js";
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
import { vmSnapshotList } from "../resources/vm-snapshot/vm-snapshot.type.js";
import { vmVolumeList } from "../resources/vm-volume/vm-volume.type.js";
import { vmVolumeSnapshotList } from "../resources/vm-volume-snapshot/vm-volume-snapshot.type.js";
import type { Entity, Row } from "../upstream/wire/types.js";

/** What can carry labels. */
type Labelled = {
  [E in Entity]: "labels" extends keyof Row<E> ? E : never;
}[Entity];

/** Every object's labels, and every label's objects. */
export const labels: readonly Relation[] = [
  ...labelled("vms", vmList, "VMs"),
  ...labelled("vmVolumes", vmVolumeList, "volumes"),
  ...labelled("iscsiLuns", iscsiLunList, "LUNs"),
  ...labelled("iscsiTargets", iscsiTargetList, "iSCSI targets"),
  ...labelled("vmSnapshots", vmSnapshotList, "VM snapshots"),
  ...labelled("vmVolumeSnapshots", vmVolumeSnapshotList, "volume snapshots"),
  ...labelled("iscsiLunSnapshots", iscsiLunSnapshotList, "LUN snapshots"),
  ...labelled("consistencyGroups", consistencyGroupList, "consistency groups"),
  ...labelled("consistencyGroupSnapshots", consistencyGroupSnapshotList, "snapshots of consistency groups"),
  ...labelled("nvmfNamespaces", nvmfNamespaceList, "NVMe namespaces"),
  ...labelled("nvmfNamespaceSnapshots", nvmfNamespaceSnapshotList, "snapshots of NVMe namespaces"),
  ...labelled("clusters", clusterList, "clusters"),
  ...labelled("hosts", hostList, "hosts"),
  ...labelled("elfImages", elfImageList, "ISO images"),
  ...labelled("vlans", vlanList, "virtual networks"),
];

/** Both directions between labels and one kind of object, and the filter by label. */
function labelled<E extends Labelled>(field: string, { resource }: Listing<E>, nouns: string): Relation[] {
  const via = "labels" as never;
  return [
    declareRelation(
      hasManyByIds({
        from: resource,
        field: "labels",
        to: Label,
        via,
        description: "The labels that it carries. Key and value cost nothing.",
        filter: "By the labels that it carries.",
        stubFields: ["key", "value"],
      }),
    ),
    declareRelation(
      hasConnection({ from: Label, field, to: resource, via, description: `The ${nouns} that carry the label.` }),
    ),
  ];
}
