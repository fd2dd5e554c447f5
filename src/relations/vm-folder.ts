import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Vm, vmList } from "../resources/vm/vm.type.js";
import { VmFolder, vmFolderList } from "../resources/vm-folder/vm-folder.type.js";

/** Vm → the folder it is in. */
export const vmFolder = declareRelation(
  belongsTo({
    from: Vm,
    field: "folder",
    to: VmFolder,
    description: "The folder containing the VM.",
    stub: (vm) => vm.row.folder,
  }),
);

/** VmFolder → its VMs. */
export const folderVms = declareRelation(
  hasConnection({
    from: VmFolder,
    field: "vms",
    listing: vmList,
    description: "The VMs in the folder.",
    where: (ids) => ({ folder: { id_in: ids } }),
    rowKey: (vm) => vm.folder?.id,
    inverse: "folder",
  }),
);

vmList.filter.addOne("folder", "folder", vmFolderList.filter, "By the VM's folder.");
vmFolderList.filter.addMany("vms", "vms", vmList.filter, "By the VMs in the folder.");
