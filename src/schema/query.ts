import type { Listing } from "../graph/connections/listing.js";
import { nodeFields } from "../graph/schema/node-fields.js";
import { type NodeKind, nodeKind } from "../graph/schema/node-kind.js";
import { listField, oneField, type RootField } from "../graph/schema/root-fields.js";
import { storageVolumeKind } from "../relations/storage-volume.node.js";
import { clusterList } from "../resources/cluster/cluster.type.js";
import { consistencyGroupList } from "../resources/consistency-group/consistency-group.type.js";
import { consistencyGroupSnapshotList } from "../resources/consistency-group-snapshot/consistency-group-snapshot.type.js";
import { elfImageList } from "../resources/elf-image/elf-image.type.js";
import { elfStoragePolicyList } from "../resources/elf-storage-policy/elf-storage-policy.type.js";
import { gatewayField } from "../resources/gateway/gateway.field.js";
import { hostList } from "../resources/host/host.type.js";
import { iscsiLunList } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { iscsiLunSnapshotList } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { iscsiTargetList } from "../resources/iscsi-target/iscsi-target.type.js";
import { labelList } from "../resources/label/label.type.js";
import { nvmfNamespaceList } from "../resources/nvmf-namespace/nvmf-namespace.type.js";
import { nvmfNamespaceSnapshotList } from "../resources/nvmf-namespace-snapshot/nvmf-namespace-snapshot.type.js";
import { storageVolumeField } from "../resources/storage-volume/storage-volume.field.js";
import { taskList } from "../resources/task/task.type.js";
import { userList } from "../resources/user/user.type.js";
import { vlanList } from "../resources/vlan/vlan.type.js";
import { vmList } from "../resources/vm/vm.type.js";
import { vmDiskKind } from "../resources/vm-disk/vm-disk.node.js";
import { vmDiskList } from "../resources/vm-disk/vm-disk.type.js";
import { vmFolderList } from "../resources/vm-folder/vm-folder.type.js";
import { vmNicKind } from "../resources/vm-nic/vm-nic.node.js";
import { vmNicList } from "../resources/vm-nic/vm-nic.type.js";
import { vmSnapshotList } from "../resources/vm-snapshot/vm-snapshot.type.js";
import { vmVolumeList } from "../resources/vm-volume/vm-volume.type.js";
import { vmVolumeSnapshotList } from "../resources/vm-volume-snapshot/vm-volume-snapshot.type.js";

/** Maximum number of ids in `nodes(ids)`. */
const MAX_NODES = 1000;

/** The fields of Query, with one line for each type that can be listed. */
export function queryFields(): RootField[] {
  const kinds: NodeKind[] = [vmDiskKind, vmNicKind, storageVolumeKind];
  const fields: RootField[] = [gatewayField, storageVolumeField(storageVolumeKind)];
  const add = (one: string, many: string, list: Listing, noun: string, nouns: string) => {
    const kind = nodeKind(list.resource);
    kinds.push(kind);
    fields.push(oneField(one, kind, `Looks up ${noun} by id; null if it does not exist.`));
    fields.push(listField(many, list, `All ${nouns} that the caller can see.`));
  };
  add("vm", "vms", vmList, "a VM", "VMs (including those in the recycle bin)");
  fields.push(listField("vmDisks", vmDiskList, "All disks of VMs that the caller can see."));
  fields.push(listField("vmNics", vmNicList, "All NICs of VMs that the caller can see."));
  add("vmFolder", "vmFolders", vmFolderList, "a VM folder", "VM folders");
  add("vmVolume", "vmVolumes", vmVolumeList, "a volume", "volumes");
  add("vmVolumeSnapshot", "vmVolumeSnapshots", vmVolumeSnapshotList, "a volume snapshot", "volume snapshots");
  add("iscsiTarget", "iscsiTargets", iscsiTargetList, "an iSCSI target", "iSCSI targets");
  add("iscsiLun", "iscsiLuns", iscsiLunList, "a LUN", "LUNs");
  add("vmSnapshot", "vmSnapshots", vmSnapshotList, "a VM snapshot", "VM snapshots");
  add("iscsiLunSnapshot", "iscsiLunSnapshots", iscsiLunSnapshotList, "a LUN snapshot", "LUN snapshots");
  add("nvmfNamespace", "nvmfNamespaces", nvmfNamespaceList, "an NVMe namespace", "NVMe namespaces");
  add(
    "nvmfNamespaceSnapshot",
    "nvmfNamespaceSnapshots",
    nvmfNamespaceSnapshotList,
    "a snapshot of an NVMe namespace",
    "snapshots of NVMe namespaces",
  );
  add("consistencyGroup", "consistencyGroups", consistencyGroupList, "a consistency group", "consistency groups");
  add(
    "consistencyGroupSnapshot",
    "consistencyGroupSnapshots",
    consistencyGroupSnapshotList,
    "a snapshot of a consistency group",
    "snapshots of consistency groups",
  );
  add("elfImage", "elfImages", elfImageList, "an ISO image", "ISO images");
  add("elfStoragePolicy", "elfStoragePolicies", elfStoragePolicyList, "a storage policy", "storage policies");
  add("vlan", "vlans", vlanList, "a virtual network", "virtual networks");
  add("label", "labels", labelList, "a label", "labels");
  add("task", "tasks", taskList, "a task", "tasks");
  add("cluster", "clusters", clusterList, "a cluster", "clusters");
  add("host", "hosts", hostList, "a host", "hosts");
  add("user", "users", userList, "a user", "users");
  return [...fields, ...nodeFields(kinds, MAX_NODES)];
}
