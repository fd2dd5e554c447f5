import type { LoadedRelation } from "../graph/relations/relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { groupByKey } from "../kernel/group.js";
import { StorageVolume } from "../resources/storage-volume/storage-volume.type.js";
import { Vm } from "../resources/vm/vm.type.js";
import { readByKeys } from "../upstream/sound-rows.js";

/**
 * StorageVolume → the VMs that use it. Volumes name the LUN, disks name the volume and the VM, and VMs name neither: all three are
 * read in parallel with relation filters and joined here.
 */
const relation: LoadedRelation<StorageVolume, Vm> = {
  kind: "loaded",
  from: StorageVolume,
  field: "vms",
  to: Vm,
  many: true,
  description:
    "The VMs that use the data, also those in the recycle bin; several if the volume is shared. For frozen data, the VMs that use the LUN that it was taken of.",
  endpoints: ["get-vm-volumes", "get-vm-disks", "get-vms"],
  key: (volume) => volume.lunId,
  keyIsId: false,
  parentColumns: ["iscsi_lun"],
  async load(session, lunIds) {
    const [volumes, disks, rows] = await Promise.all([
      readByKeys(session, "VmVolume", lunIds, (ids) => ({ lun: { id_in: ids } })),
      readByKeys(session, "VmDisk", lunIds, (ids) => ({ vm_volume: { lun: { id_in: ids } } })),
      readByKeys(session, "Vm", lunIds, (ids) => ({ vm_disks_some: { vm_volume: { lun: { id_in: ids } } } })),
    ]);
    const vms = new Map(rows.map((row) => [row.id, new Vm(row)]));
    const disksByVolume = groupByKey(disks, (disk) => disk.vm_volume?.id);
    const found = new Map<string, Vm[]>();
    for (const { id, lun } of volumes) {
      if (!lun) continue;
      const users = (disksByVolume.get(id) ?? []).flatMap((disk) => vms.get(disk.vm?.id ?? "") ?? []);
      found.set(lun.id, [...new Set([...(found.get(lun.id) ?? []), ...users])]);
    }
    return found;
  },
};

export const storageVolumeVms = declareRelation(relation);
