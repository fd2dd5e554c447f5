import type { LoadedRelation } from "../graph/relations/relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { indexByKey } from "../kernel/group.js";
import { Vm } from "../resources/vm/vm.type.js";
import { VmVolume } from "../resources/vm-volume/vm-volume.type.js";
import { readByKeys } from "../upstream/sound-rows.js";

/**
 * VmVolume → the VMs that it is attached to. A VM's row does not name its volumes: the disks link the two, and both are read in
 * parallel.
 */
const relation: LoadedRelation<VmVolume, Vm> = {
  kind: "loaded",
  from: VmVolume,
  field: "vms",
  to: Vm,
  many: true,
  description: "The VMs that the volume is attached to, also those in the recycle bin; several if it is shared.",
  endpoints: ["get-vm-disks", "get-vms"],
  key: (volume) => volume.cloudTowerId,
  keyIsId: true,
  parentColumns: ["id"],
  async load(session, volumeIds, exhaustive) {
    const [disks, rows] = await Promise.all([
      readByKeys(session, "VmDisk", volumeIds, (ids) => ({ vm_volume: { id_in: ids } }), exhaustive),
      readByKeys(session, "Vm", volumeIds, (ids) => ({ vm_disks_some: { vm_volume: { id_in: ids } } }), exhaustive),
    ]);
    const vms = indexByKey(
      rows.map((row) => new Vm(row)),
      (vm) => vm.cloudTowerId,
    );
    const found = new Map<string, Vm[]>();
    for (const { vm: vmStub, vm_volume: volume } of disks) {
      const vm = vms.get(vmStub?.id ?? "");
      if (vm === undefined || !volume) continue;
      const attached = found.get(volume.id) ?? [];
      if (!attached.includes(vm)) attached.push(vm);
      found.set(volume.id, attached);
    }
    return found;
  },
};

export const volumeVms = declareRelation(relation);
