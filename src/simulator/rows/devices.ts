import type { Store, StoredRow } from "../store/store.js";
import type { Builder } from "./builder.js";

/** A new disk: a data disk with its volume, or a CD-ROM drive with or without an image. */
export interface DiskPlan {
  readonly vm: StoredRow;
  readonly volume?: StoredRow | undefined;
  readonly image?: StoredRow | undefined;
  readonly type: "DISK" | "CD_ROM";
}

/** Adds a disk after the VM's other disks. */
export function addDisk({ store, random }: Builder, { vm, volume, image, type }: DiskPlan): StoredRow {
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

/** Removes a disk. Its volume stays. */
export function removeDisk(store: Store, disk: StoredRow): void {
  const volume = store.get("VmVolume", disk.values.vm_volume);
  store.remove(disk);
  if (volume && store.referrers("VmDisk", "vm_volume", volume.id).length === 0)
    store.patch(volume, { mounting: false });
}

/** Adds a NIC in a VLAN after the VM's other NICs. */
export function addNic({ store, random }: Builder, vm: StoredRow, vlan: StoredRow, address: string): StoredRow {
  const order = store.referrers("VmNic", "vm", vm.id).length;
  return store.insert(
    "VmNic",
    {
      id: random.id(),
      dpi_enabled: false,
      enabled: true,
      guest_info_ip_addresses: address === "" ? [] : [address],
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

/** Deletes the VM's disks and NICs and adds them again with new ids: CloudTower does so with every update of a VM. */
export function recreateDevices({ store, random }: Builder, vm: StoredRow): void {
  for (const row of [...store.referrers("VmDisk", "vm", vm.id), ...store.referrers("VmNic", "vm", vm.id)]) {
    store.remove(row);
    store.insert(row.entity, { ...row.values, id: random.id() }, row.scope);
  }
}

/** The VM's disks in boot order. */
export function disksOf(store: Store, vm: StoredRow): StoredRow[] {
  return [...store.referrers("VmDisk", "vm", vm.id)].sort((a, b) => Number(a.values.boot) - Number(b.values.boot));
}

/** The VM's NICs by `order`. */
export function nicsOf(store: Store, vm: StoredRow): StoredRow[] {
  return [...store.referrers("VmNic", "vm", vm.id)].sort((a, b) => Number(a.values.order) - Number(b.values.order));
}

function letter(position: number): string {
  return String.fromCharCode(97 + (position % 26));
}
