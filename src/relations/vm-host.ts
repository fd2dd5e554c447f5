import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Host } from "../resources/host/host.type.js";
import { Vm } from "../resources/vm/vm.type.js";

/** Vm → the host it runs on. */
export const vmHost = declareRelation(
  belongsTo({
    from: Vm,
    field: "host",
    to: Host,
    description: "The host that the VM runs on; null if it is not running on one.",
    filter: "By the VM's host.",
    via: "host",
  }),
);

/** Host → the VMs on it. */
export const hostVms = declareRelation(
  hasConnection({
    from: Host,
    field: "vms",
    to: Vm,
    description: "The VMs on the host.",
    filter: { via: "vms", description: "By the VMs on the host." },
    via: "host",
    inverse: "host",
    roughCount: "vm_num",
  }),
);
