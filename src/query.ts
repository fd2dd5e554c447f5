import { storageVolumeKind } from "./flows/find-storage-volume.js";
import type { List } from "./graph/list/list.js";
import { listField, type NodeKind, nodeFields, nodeKind, oneField, type RootField } from "./graph/root-fields.js";
import { clusterList } from "./resources/cluster/cluster.list.js";
import { gatewayField } from "./resources/gateway/gateway.field.js";
import { hostList } from "./resources/host/host.list.js";
import { iscsiLunList } from "./resources/iscsi-lun/iscsi-lun.list.js";
import { iscsiLunSnapshotList } from "./resources/iscsi-lun-snapshot/iscsi-lun-snapshot.list.js";
import { storageVolumeField } from "./resources/storage-volume/storage-volume.field.js";
import { taskList } from "./resources/task/task.list.js";
import { userList } from "./resources/user/user.list.js";
import { vmList } from "./resources/vm/vm.list.js";
import { vmDiskKind } from "./resources/vm-disk/vm-disk.node.js";
import { vmSnapshotList } from "./resources/vm-snapshot/vm-snapshot.list.js";
import { vmVolumeList } from "./resources/vm-volume/vm-volume.list.js";

/** Most ids of one `nodes(ids)`. */
const MAX_NODES = 1000;

/** The fields of Query: a line for each kind of object that can be listed. */
export function queryFields(): RootField[] {
  const kinds: NodeKind[] = [vmDiskKind, storageVolumeKind];
  const fields: RootField[] = [gatewayField, storageVolumeField(storageVolumeKind)];
  const add = (one: string, many: string, list: List, noun: string, nouns: string) => {
    const kind = nodeKind(list.of);
    kinds.push(kind);
    fields.push(oneField(one, kind, `One ${noun} by its id; null for an id of nothing.`));
    fields.push(listField(many, list, `All ${nouns} that the caller may see.`));
  };
  add("vm", "vms", vmList, "VM", "VMs, those in the recycle bin too,");
  add("vmVolume", "vmVolumes", vmVolumeList, "volume", "volumes");
  add("iscsiLun", "iscsiLuns", iscsiLunList, "LUN", "LUNs");
  add("vmSnapshot", "vmSnapshots", vmSnapshotList, "VM snapshot", "VM snapshots");
  add("iscsiLunSnapshot", "iscsiLunSnapshots", iscsiLunSnapshotList, "LUN snapshot", "LUN snapshots");
  add("task", "tasks", taskList, "task", "tasks");
  add("cluster", "clusters", clusterList, "cluster", "clusters");
  add("host", "hosts", hostList, "host", "hosts");
  add("user", "users", userList, "user", "users");
  return [...fields, ...nodeFields(kinds, MAX_NODES)];
}
