/** Disks and NICs of VMs. Their ids are not stable: CloudTower deletes and re-creates them with every update of the VM. */
import type { Store, Stored } from "../store/store.js";
import type { Builder } from "./volume.js";

/** What a disk is: a data disk with its volume, or a CD-ROM with or without an image. */
export interface DiskPlan {
  readonly vm: Stored;
  readonly volume?: Stored | undefined;
  readonly image?: Stored | undefined;
  readonly type: "DISK" | "CD_ROM";
}

/** Adds a disk behind those that the VM has. */
export function addDisk({ store, random }: Builder, { vm, volume, image, type }: DiskPlan): Stored {
  const position = store.referrers("VmDisk", "vm", vm.id).length;
  const disk = store.insert(
    "VmDisk",
    {
      id: random.id(),
      boot: position,
      bus: type === "CD_ROM" ? "IDE" : "VIRTIO",
      device: type === "CD_ROM" ? `hd${letter(position)}` : `vd${letter(position)}`,
      disabled: false,
      elf_image: image?.id ?? null,
      key: position + 1,
      serial: type === "DISK" ? random.hex(20) : null,
      type,
      vm: vm.id,
      vm_volume: volume?.id ?? null,
    },
    vm.scope,
  );
  if (volume && volume.values.mounting !== true) store.patch(volume, { mounting: true });
  return disk;
}

/** Adds a NIC in a VLAN. */
export function addNic({ store, random }: Builder, vm: Stored, vlan: Stored, address: string): Stored {
  const order = store.referrers("VmNic", "vm", vm.id).length;
  return store.insert(
    "VmNic",
    {
      id: random.id(),
      enabled: true,
      gateway: address === "" ? "" : address.replace(/\d+$/, "1"),
      interface_id: random.uuid(),
      ip_address: address,
      local_id: random.uuid(),
      mac_address: random.mac(),
      mirror: false,
      model: "VIRTIO",
      order,
      subnet_mask: address === "" ? "" : "255.255.255.0",
      type: "VLAN",
      vlan: vlan.id,
      vm: vm.id,
    },
    vm.scope,
  );
}

/** Deletes the VM's disks and NICs and creates them again, with new ids and otherwise the same. */
export function recreateDevices({ store, random }: Builder, vm: Stored): void {
  for (const row of [...store.referrers("VmDisk", "vm", vm.id), ...store.referrers("VmNic", "vm", vm.id)]) {
    store.remove(row);
    store.insert(row.entity, { ...row.values, id: random.id() }, row.scope);
  }
}

/** The VM's disks in the order of its slots. */
export function disksOf(store: Store, vm: Stored): Stored[] {
  return [...store.referrers("VmDisk", "vm", vm.id)].sort((a, b) => Number(a.values.boot) - Number(b.values.boot));
}

/** The VM's NICs in the order of its slots. */
export function nicsOf(store: Store, vm: Stored): Stored[] {
  return [...store.referrers("VmNic", "vm", vm.id)].sort((a, b) => Number(a.values.order) - Number(b.values.order));
}

function letter(position: number): string {
  return String.fromCharCode(97 + (position % 26));
}
