import type { Builder } from "../rows/builder.js";
import { addDisk } from "../rows/devices.js";
import { type Frozen, freeze } from "../rows/freeze.js";
import { addLunSnapshot, addLunSnapshots, addSnapshot, addVolumeSnapshots } from "../rows/snapshots.js";
import { addVm } from "../rows/vm.js";
import { addVolume } from "../rows/volume.js";
import type { StoredRow, Values } from "../store/store.js";
import type { Site } from "./sites.js";
import { inventoryTime } from "./vms.js";

const day = 86_400_000;

/** Adds snapshots to about a third of the VMs, two orphaned snapshots, a duplicate name and a snapshot group. */
export function addSnapshots(builder: Builder, sites: readonly Site[], vms: readonly StoredRow[]): void {
  vms.forEach((vm, index) => {
    const recycled = vm.values.in_recycle_bin === true;
    const count = fixed[index] ?? (recycled || !builder.random.chance(0.3) ? 0 : builder.random.int(1, 3));
    for (let number = 1; number <= count; number++) {
      const at = inventoryTime - (count - number + 1) * day;
      const consistency =
        vm.values.vm_tools_status === "RUNNING" && number > 1 ? "FILE_SYSTEM_CONSISTENT" : "CRASH_CONSISTENT";
      takeSnapshot(builder, vm, `${index === 4 ? "每日备份" : "daily"}-${number}`, at, consistency);
    }
  });
  const first = sites[0] as Site;
  addOrphanedSnapshot(builder, first, "decommissioned-01", true);
  addOrphanedSnapshot(builder, first, "decommissioned-02", false);
  const vm = vms[4];
  if (vm) addDuplicateName(builder, vm, sites.at(-1) as Site);
  addSnapshotGroup(builder, vms.slice(0, 2));
}

/** Number of snapshots of each of the `namedVms`. */
const fixed: readonly number[] = [2, 3, 1, 0, 2, 1, 0, 0, 1, 0, 0, 1];

function takeSnapshot(
  builder: Builder,
  vm: StoredRow,
  name: string,
  at: number,
  consistency: string,
): { row: StoredRow; frozen: Frozen } {
  const frozen = freeze(builder, vm);
  const row = addSnapshot(builder, { vm, name, consistency, at, frozen });
  addLunSnapshots(builder, frozen, at);
  addVolumeSnapshots(builder, frozen, name, at);
  return { row, frozen };
}

/**
 * Adds a snapshot whose VM was deleted. With `unlinked`, its VM is null, the volume and the LUN are gone, and references to them are
 * null. Otherwise its VM is a dangling reference: the stub still shows the name.
 */
function addOrphanedSnapshot(builder: Builder, site: Site, name: string, unlinked: boolean): void {
  const { store } = builder;
  const at = inventoryTime - 30 * day;
  const vm = addVm(builder, { cluster: site.cluster.id, name, at, status: "STOPPED" });
  const volume = addVolume(builder, { cluster: site.cluster.id, name: `${name}-1`, size: 80 * 2 ** 30, at });
  addDisk(builder, { vm, type: "DISK", volume });
  const { row, frozen } = takeSnapshot(builder, vm, "before-decommissioning", at, "CRASH_CONSISTENT");
  for (const disk of [...store.referrers("VmDisk", "vm", vm.id)]) store.remove(disk);
  store.remove(vm);
  if (!unlinked) {
    store.patch(volume, { mounting: false });
    return;
  }
  store.patch(row, { vm: null });
  const lun = store.get("IscsiLun", volume.values.lun) as StoredRow;
  for (const part of frozen.diskData) {
    for (const snapshot of store.equal("IscsiLunSnapshot", "name", part.lunSnapshotName))
      store.patch(snapshot, { iscsi_lun: null });
    for (const snapshot of store.equal("VmVolumeSnapshot", "local_id", part.volumeSnapshotUuid))
      store.patch(snapshot, { vm_volume: null });
  }
  store.remove(volume);
  store.remove(lun);
}

/** Users can choose names of LUN snapshots: here one in another cluster has the name of a LUN snapshot that belongs to a VM snapshot. */
function addDuplicateName(builder: Builder, vm: StoredRow, otherSite: Site): void {
  const { store } = builder;
  const snapshot = [...store.referrers("VmSnapshot", "vm", vm.id)][0];
  const disks = (snapshot?.values.vm_disks ?? []) as readonly { readonly snapshot_local_id: unknown }[];
  const name = disks.map((disk) => disk.snapshot_local_id).find((id) => typeof id === "string" && id !== "");
  const lun = [...store.table("IscsiLun").values()].find((row) => row.scope === otherSite.cluster.id);
  if (typeof name === "string" && lun) addLunSnapshot(builder, lun, name, inventoryTime - day);
}

function addSnapshotGroup({ store, random }: Builder, vms: readonly StoredRow[]): void {
  const members = vms.flatMap((vm) => [...store.referrers("VmSnapshot", "vm", vm.id)].slice(0, 1));
  const first = members[0];
  if (first === undefined) return;
  const group = store.insert(
    "SnapshotGroup",
    {
      id: random.id(),
      cluster: first.scope,
      estimated_recycling_time: "2026-12-01T00:00:00.000Z",
      internal: false,
      local_created_at: first.values.local_created_at,
      local_id: random.uuid(),
      logical_size_bytes: members.reduce((sum, member) => sum + Number(member.values.size), 0),
      name: "nightly",
      object_num: members.length,
      snapshotPlanTask: random.id(),
      vm_info: members.map((member) => ({
        disks: [],
        vm_id: member.values.vm,
        vm_name: store.stubValues("Vm", String(member.values.vm))?.name ?? "",
        vm_snapshot_status: "PROTECT_SNAPSHOT_STATUS_CREATED",
      })),
    },
    first.scope,
  );
  for (const member of members) store.patch(member, { snapshot_group: group.id });
  const disks = members.flatMap(({ values }) => (values.vm_disks ?? []) as readonly Values[]);
  for (const { snapshot_local_id: name } of disks) {
    for (const part of name ? store.equal("IscsiLunSnapshot", "name", name) : []) {
      store.patch(part, { snapshot_group: group.id });
    }
  }
}
