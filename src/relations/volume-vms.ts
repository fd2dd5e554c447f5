import type { LoadedRelation } from "../graph/relations/relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { indexByKey } from "../kernel/group.js";
import { Vm } from "../resources/vm/vm.type.js";
import { VmVolume } from "../resources/vm-volume/vm-volume.type.js";
import { readByKeys } from "../upstream/reads.js";

/**
 * VmVolume → the VMs that hold it. A VM's row does not name its volumes: the disks give the pairs, and the VMs are read beside
 * them.
 */
const relation: LoadedRelation<VmVolume, Vm> = {
  kind: "loaded",
  from: VmVolume,
  field: "vms",
  to: Vm,
  many: true,
  description: "The VMs that hold the volume; several where it is shared.",
  endpoints: ["get-vm-disks", "get-vms"],
  key: (volume) => volume.cloudTowerId,
  keyIsId: true,
  parentColumns: ["id"],
  async load(session, volumeIds, toTheEnd) {
    const [disks, rows] = await Promise.all([
      readByKeys(session, "VmDisk", volumeIds, (ids) => ({ vm_volume: { id_in: ids } }), toTheEnd),
      readByKeys(session, "Vm", volumeIds, (ids) => ({ vm_disks_some: { vm_volume: { id_in: ids } } }), toTheEnd),
    ]);
    const vms = indexByKey(
      rows.map((row) => new Vm(row)),
      (vm) => vm.cloudTowerId,
    );
    const found = new Map<string, Vm[]>();
    for (const { vm: holder, vm_volume: volume } of disks) {
      const vm = vms.get(holder?.id ?? "");
      if (vm === undefined || !volume) continue;
      const holders = found.get(volume.id) ?? [];
      if (!holders.includes(vm)) holders.push(vm);
      found.set(volume.id, holders);
    }
    return found;
  },
};

export const volumeVms = declareRelation(relation);
