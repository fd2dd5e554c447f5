import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo, hasMany } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Vlan, vlanList } from "../resources/vlan/vlan.type.js";
import { Vm, vmList } from "../resources/vm/vm.type.js";
import { VmNic, vmNicList } from "../resources/vm-nic/vm-nic.type.js";

/** Vm → its NICs, by VM ids and never by NIC ids: those do not last. */
export const vmNics = declareRelation(
  hasMany({
    from: Vm,
    field: "nics",
    to: VmNic,
    description: "The VM's network interfaces, in their order.",
    where: (ids) => ({ vm: { id_in: ids } }),
    rowKey: (nic) => nic.vm?.id,
    expectedCount: (vm) => vm.row.vm_nics?.length,
    compare: (a, b) => (a.order ?? 0) - (b.order ?? 0),
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
    stub: (nic) => nic.row.vm,
  }),
);

/** VmNic → the network that it is in. */
export const nicVlan = declareRelation(
  belongsTo({
    from: VmNic,
    field: "vlan",
    to: Vlan,
    description: "The virtual network that the NIC is in; null for one in a virtual private cloud.",
    stub: (nic) => nic.row.vlan,
  }),
);

/** Vlan → the NICs in it. */
export const vlanNics = declareRelation(
  hasConnection({
    from: Vlan,
    field: "nics",
    listing: vmNicList,
    description: "The NICs of VMs in the network.",
    where: (ids) => ({ vlan: { id_in: ids } }),
    rowKey: (nic) => nic.vlan?.id,
    inverse: "vlan",
  }),
);

vmList.filter.addMany("nics", "vm_nics", vmNicList.filter, "By the VM's NICs.");
vmNicList.filter.addOne("vm", "vm", vmList.filter, "By the NIC's VM.");
vmNicList.filter.addOne("vlan", "vlan", vlanList.filter, "By the NIC's network.");
vlanList.filter.addMany("nics", "vm_nics", vmNicList.filter, "By the NICs in the network.");
