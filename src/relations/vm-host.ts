import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Host, hostList } from "../resources/host/host.type.js";
import { Vm, vmList } from "../resources/vm/vm.type.js";

/** Vm → the host it runs on. */
export const vmHost = declareRelation(
  belongsTo({
    from: Vm,
    field: "host",
    to: Host,
    description: "The host that the VM runs on; null while it runs on none.",
    stub: (vm) => vm.row.host,
  }),
);

/** Host → the VMs on it. */
export const hostVms = declareRelation(
  hasConnection({
    from: Host,
    field: "vms",
    listing: vmList,
    description: "The VMs on the host.",
    where: (ids) => ({ host: { id_in: ids } }),
    rowKey: (vm) => vm.host?.id,
    inverse: "host",
  }),
);

vmList.filter.addOne("host", "host", hostList.filter, "By the VM's host.");
hostList.filter.addMany("vms", "vms", vmList.filter, "By the VMs on the host.");
