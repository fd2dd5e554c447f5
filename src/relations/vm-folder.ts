import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Vm } from "../resources/vm/vm.type.js";
import { VmFolder } from "../resources/vm-folder/vm-folder.type.js";

/** Vm → the folder it is in. */
export const vmFolder = declareRelation(
  belongsTo({
    from: Vm,
    field: "folder",
    to: VmFolder,
    description: "The folder containing the VM.",
    filter: "By the VM's folder.",
    via: "folder",
  }),
);

/** VmFolder → its VMs. */
export const folderVms = declareRelation(
  hasConnection({
    from: VmFolder,
    field: "vms",
    to: Vm,
    description: "The VMs in the folder.",
    filter: { via: "vms", description: "By the VMs in the folder." },
    via: "folder",
    inverse: "folder",
    roughCount: "vm_num",
  }),
);
