import { declareEdge } from "../graph/declare.js";
import { belongsTo } from "../graph/fetched-edge.js";
import { clusterList } from "../resources/cluster/cluster.list.js";
import { Cluster } from "../resources/cluster/cluster.type.js";
import { hostList } from "../resources/host/host.list.js";
import { Host } from "../resources/host/host.type.js";
import { Task } from "../resources/task/task.type.js";
import { taskList } from "../resources/task/task.list.js";
import { User } from "../resources/user/user.type.js";
import { Vm } from "../resources/vm/vm.type.js";
import { vmList } from "../resources/vm/vm.list.js";
import { VmSnapshot } from "../resources/vm-snapshot/vm-snapshot.type.js";
import { vmSnapshotList } from "../resources/vm-snapshot/vm-snapshot.list.js";
import { VmVolume } from "../resources/vm-volume/vm-volume.type.js";
import { vmVolumeList } from "../resources/vm-volume/vm-volume.list.js";

/** Where things are: the cluster and the host of each, and who started a task. */
export const places = [
  belongsTo({
    from: Vm,
    field: "cluster",
    to: Cluster,
    description: "The cluster that the VM belongs to.",
    stub: (vm) => vm.row.cluster,
  }),
  belongsTo({
    from: Vm,
    field: "host",
    to: Host,
    description: "The host that the VM runs on; null while it runs on none.",
    stub: (vm) => vm.row.host,
  }),
  belongsTo({
    from: Host,
    field: "cluster",
    to: Cluster,
    description: "The cluster that the host belongs to.",
    stub: (host) => host.row.cluster,
  }),
  belongsTo({
    from: VmVolume,
    field: "cluster",
    to: Cluster,
    description: "The cluster that the volume belongs to.",
    stub: (volume) => volume.row.cluster,
  }),
  belongsTo({
    from: VmSnapshot,
    field: "cluster",
    to: Cluster,
    description: "The cluster that the snapshot lies in.",
    stub: (snapshot) => snapshot.row.cluster,
  }),
  belongsTo({
    from: Task,
    field: "cluster",
    to: Cluster,
    description: "The cluster that the task acts on; null for one on CloudTower itself.",
    stub: (task) => task.row.cluster,
  }),
  belongsTo({
    from: Task,
    field: "user",
    to: User,
    description: "The user who started the task; null for the system's own.",
    stub: (task) => task.row.user,
  }),
].map(declareEdge);

vmList.filter.addOne("cluster", "cluster", clusterList.filter, "By the VM's cluster.");
vmList.filter.addOne("host", "host", hostList.filter, "By the VM's host.");
hostList.filter.addOne("cluster", "cluster", clusterList.filter, "By the host's cluster.");
vmVolumeList.filter.addOne("cluster", "cluster", clusterList.filter, "By the volume's cluster.");
vmSnapshotList.filter.addOne("cluster", "cluster", clusterList.filter, "By the snapshot's cluster.");
taskList.filter.addOne("cluster", "cluster", clusterList.filter, "By the cluster that the task acts on.");
