import type { LoadedRelation } from "../graph/relations/relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { groupByKey } from "../kernel/group.js";
import { StorageVolume } from "../resources/storage-volume/storage-volume.type.js";
import { Vm } from "../resources/vm/vm.type.js";
import { readByKeys } from "../upstream/reads.js";

/**
 * StorageVolume → the VMs that stand on it. Volumes name the LUN, disks name volume and VM, and VMs name neither: relation filters
 * bring all three side by side, and they are put together here.
 */
const relation: LoadedRelation<StorageVolume, Vm> = {
  kind: "loaded",
  from: StorageVolume,
  field: "vms",
  to: Vm,
  many: true,
  description:
    "The VMs that stand on this data, several where the volume is shared; for frozen data those that stand on the LUN it was taken of.",
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
      const holders = (disksByVolume.get(id) ?? []).flatMap((disk) => vms.get(disk.vm?.id ?? "") ?? []);
      found.set(lun.id, [...new Set([...(found.get(lun.id) ?? []), ...holders])]);
    }
    return found;
  },
};

export const storageVolumeVms = declareRelation(relation);
