import { declareEdge } from "../graph/declare.js";
import { belongsTo, toMany } from "../graph/fetched-edge.js";
import { listBelow } from "../graph/list-below.js";
import { clusterList } from "../resources/cluster/cluster.list.js";
import { Cluster } from "../resources/cluster/cluster.type.js";
import { hostList } from "../resources/host/host.list.js";
import { Host } from "../resources/host/host.type.js";
import { taskList } from "../resources/task/task.list.js";
import { Task } from "../resources/task/task.type.js";
import { userList } from "../resources/user/user.list.js";
import { User } from "../resources/user/user.type.js";
import { vmList } from "../resources/vm/vm.list.js";
import { Vm } from "../resources/vm/vm.type.js";
import { vmFolderList } from "../resources/vm-folder/vm-folder.list.js";
import { VmFolder } from "../resources/vm-folder/vm-folder.type.js";

/** Where VMs run and lie, which hosts a cluster has, and who started a task. */
export const places = [
  toMany({
    from: Cluster,
    field: "hosts",
    to: Host,
    description: "The cluster's hosts.",
    where: (ids) => ({ cluster: { id_in: ids } }),
    rowKey: (host) => host.cluster?.id,
    expected: (cluster) => cluster.row.hosts?.length,
    back: "cluster",
  }),
  belongsTo({
    from: Host,
    field: "cluster",
    to: Cluster,
    description: "The cluster that the host belongs to.",
    stub: (host) => host.row.cluster,
  }),
  belongsTo({
    from: Vm,
    field: "host",
    to: Host,
    description: "The host that the VM runs on; null while it runs on none.",
    stub: (vm) => vm.row.host,
  }),
  listBelow({
    from: Host,
    field: "vms",
    list: vmList,
    description: "The VMs on the host.",
    where: (ids) => ({ host: { id_in: ids } }),
    rowKey: (vm) => vm.host?.id,
    back: "host",
  }),
  belongsTo({
    from: Vm,
    field: "folder",
    to: VmFolder,
    description: "The folder that the VM lies in.",
    stub: (vm) => vm.row.folder,
  }),
  listBelow({
    from: VmFolder,
    field: "vms",
    list: vmList,
    description: "The VMs in the folder.",
    where: (ids) => ({ folder: { id_in: ids } }),
    rowKey: (vm) => vm.folder?.id,
    back: "folder",
  }),
  belongsTo({
    from: Task,
    field: "user",
    to: User,
    description: "The user who started the task; null for the system's own.",
    stub: (task) => task.row.user,
  }),
  listBelow({
    from: User,
    field: "tasks",
    list: taskList,
    description: "The tasks that the user started.",
    where: (ids) => ({ user: { id_in: ids } }),
    rowKey: (task) => task.user?.id,
    back: "user",
  }),
].map(declareEdge);

hostList.filter.addOne("cluster", "cluster", clusterList.filter, "By the host's cluster.");
hostList.filter.addMany("vms", "vms", vmList.filter, "By the VMs on the host.");
vmList.filter.addOne("host", "host", hostList.filter, "By the VM's host.");
vmList.filter.addOne("folder", "folder", vmFolderList.filter, "By the VM's folder.");
vmFolderList.filter.addMany("vms", "vms", vmList.filter, "By the VMs in the folder.");
taskList.filter.addOne("user", "user", userList.filter, "By the user who started the task.");
clusterList.filter.addMany("hosts", "hosts", hostList.filter, "By the cluster's hosts.");
clusterList.filter.addMany("vms", "vms", vmList.filter, "By the cluster's VMs.");
