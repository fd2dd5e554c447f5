import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo, hasMany } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Vlan } from "../resources/vlan/vlan.type.js";
import { Vm } from "../resources/vm/vm.type.js";
import { VmNic } from "../resources/vm-nic/vm-nic.type.js";

/** Vm → its NICs, by VM id, because NIC ids change. */
export const vmNics = declareRelation(
  hasMany({
    from: Vm,
    field: "nics",
    to: VmNic,
    description: "The VM's network interfaces, sorted by `order`.",
    filter: { via: "vm_nics", description: "By the VM's NICs." },
    via: "vm",
    expectedCount: "vm_nics",
    order: ["order"],
    inverse: "vm",
  }),
);

/** VmNic → its VM. */
export const nicVm = declareRelation(
  belongsTo({
    from: VmNic,
    field: "vm",
    to: Vm,
    description: "The VM that the NIC belongs to.",
    filter: "By the NIC's VM.",
    via: "vm",
  }),
);

/** VmNic → the network that it is in. */
export const nicVlan = declareRelation(
  belongsTo({
    from: VmNic,
    field: "vlan",
    to: Vlan,
    description: "The virtual network that the NIC is in; null for a NIC in a virtual private cloud.",
    filter: "By the NIC's network.",
    via: "vlan",
  }),
);

/** Vlan → the NICs in it. */
export const vlanNics = declareRelation(
  hasConnection({
    from: Vlan,
    field: "nics",
    to: VmNic,
    description: "The NICs of VMs in the network.",
    filter: { via: "vm_nics", description: "By the NICs in the network." },
    via: "vlan",
    inverse: "vlan",
  }),
);
