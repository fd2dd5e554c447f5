import type { StoredRow, Values } from "../store/store.js";
import type { Builder } from "./builder.js";
import { addDisk, addNic, removeDisk } from "./devices.js";
import { addVolume } from "./volume.js";

/**
 * Replaces the VM's disks and NICs with those of a snapshot. `same-volumes`, for a rollback, keeps volumes that still exist and MAC
 * addresses; `new-volumes`, for a rebuild, makes new ones.
 */
export function restoreDevices(
  builder: Builder,
  vm: StoredRow,
  snapshot: StoredRow,
  at: number,
  volumes: "same-volumes" | "new-volumes",
): void {
  const { store } = builder;
  for (const disk of [...store.referrers("VmDisk", "vm", vm.id)]) removeDisk(store, disk);
  for (const nic of [...store.referrers("VmNic", "vm", vm.id)]) store.remove(nic);
  for (const frozen of (snapshot.values.vm_disks ?? []) as readonly Values[]) {
    const type = frozen.type === "CD_ROM" ? "CD_ROM" : "DISK";
    const image = inScope(store.equal("ElfImage", "local_id", frozen.elf_image_local_id), vm);
    const same = inScope(store.equal("VmVolume", "local_id", frozen.vm_volume_local_id), vm);
    const volume =
      type === "CD_ROM" ? undefined : volumes === "same-volumes" && same ? same : newVolume(builder, vm, frozen, at);
    const disk = addDisk(builder, { vm, volume, image, type });
    store.patch(disk, { boot: frozen.boot, bus: frozen.bus, key: frozen.key, disabled: frozen.disabled });
  }
  for (const frozen of (snapshot.values.vm_nics ?? []) as readonly Values[]) {
    const vlan = inScope(store.equal("Vlan", "local_id", (frozen.vlan as Values).vlan_local_id), vm);
    if (vlan === undefined) continue;
    const nic = addNic(builder, vm, vlan, String(frozen.ip_address));
    if (volumes === "same-volumes") store.patch(nic, { mac_address: frozen.mac_address });
  }
}

function newVolume(builder: Builder, vm: StoredRow, frozen: Values, at: number): StoredRow {
  const name = `${vm.values.name}-${Number(frozen.index) + 1}`;
  return addVolume(builder, { cluster: String(vm.scope), name, size: Number(frozen.size), at });
}

function inScope(rows: readonly StoredRow[], { scope }: StoredRow): StoredRow | undefined {
  return rows.find((row) => row.scope === scope);
}
