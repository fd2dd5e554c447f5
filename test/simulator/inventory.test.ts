import { expect, test } from "vitest";
import { entities } from "../../src/upstream/wire/contract.js";
import type { Row } from "../../src/upstream/wire/types.js";
import { Client } from "./support/client.js";

const paths = Object.values(entities).map(({ path }) => path);

async function readAll(client: Client): Promise<Record<string, unknown>> {
  const lists = paths.map(async (path) => [path, await client.post(`get-${path}`)] as const);
  return Object.fromEntries(await Promise.all(lists));
}

test("the same seed gives the same rows, another seed gives others", async () => {
  const [first, second, other] = await Promise.all([
    Client.open({ seed: 7 }),
    Client.open({ seed: 7 }),
    Client.open({ seed: 8 }),
  ]);
  expect(await readAll(first)).toEqual(await readAll(second));
  expect(first.simulator.users).toEqual(second.simulator.users);
  expect((await first.vm("web-prod-01")).local_id).not.toBe((await other.vm("web-prod-01")).local_id);
});

test("every list has rows, and every row has a unique id", async () => {
  const client = await Client.open();
  const ids = Object.entries((await readAll(client)) as Record<string, { id: string }[]>).flatMap(([path, rows]) => {
    expect(rows.length, path).toBeGreaterThan(0);
    return rows.map(({ id }) => id);
  });
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^c[0-9a-z]{24}$/.test(id))).toBe(true);
});

test("both ends of each relation agree", async () => {
  const client = await Client.open();
  const vms = await client.list("Vm", "vms");
  const disks = await client.list("VmDisk", "vm-disks");
  const volumes = await client.list("VmVolume", "vm-volumes");
  const ids = (stubs: readonly { id: string }[] | null | undefined) => (stubs ?? []).map(({ id }) => id).sort();
  for (const vm of vms) expect(ids(vm.vm_disks)).toEqual(ids(disks.filter((disk) => disk.vm?.id === vm.id)));
  for (const volume of volumes) {
    expect(ids(volume.vm_disks)).toEqual(ids(disks.filter((disk) => disk.vm_volume?.id === volume.id)));
    expect(volume.mounting).toBe(ids(volume.vm_disks).length > 0);
  }
  const [cluster] = await client.list("Cluster", "clusters");
  expect(ids(cluster?.vms)).toEqual(ids(vms.filter((vm) => vm.cluster?.id === cluster?.id)));
  expect(cluster?.vm_num).toBe(cluster?.vms?.length);
});

test("the inventory has every special case", async () => {
  const client = await Client.open();
  const vms = await client.list("Vm", "vms");
  const some = (holds: (vm: Row<"Vm">) => boolean) => vms.some(holds);
  expect(new Set(vms.map((vm) => vm.status))).toEqual(new Set(["RUNNING", "STOPPED", "SUSPENDED"]));
  expect(new Set(vms.map((vm) => vm.vm_tools_status))).toEqual(new Set(["RUNNING", "NOT_RUNNING", "NOT_INSTALLED"]));
  expect(some((vm) => vm.in_recycle_bin === true && vm.deleted_at !== null)).toBe(true);
  expect(some((vm) => vm.host === null && vm.status === "STOPPED")).toBe(true);
  expect(some((vm) => vm.vm_disks === null)).toBe(true);
  expect(some((vm) => /\p{Script=Han}/u.test(vm.name ?? ""))).toBe(true);
  expect(some((vm) => vm.last_shutdown_time === "")).toBe(true);
  const disks = await client.list("VmDisk", "vm-disks");
  expect(disks.some((disk) => disk.type === "CD_ROM" && disk.elf_image !== null)).toBe(true);
  expect(disks.some((disk) => disk.type === "CD_ROM" && disk.elf_image === null)).toBe(true);
  const volumes = await client.list("VmVolume", "vm-volumes");
  expect(volumes.some((volume) => volume.sharing === true && volume.vm_disks?.length === 3)).toBe(true);
  expect(volumes.some((volume) => volume.lun === null && volume.mounting === true)).toBe(true);
  expect(volumes.some((volume) => (volume.size ?? 0) > 2 ** 40)).toBe(true);
});

test("a frozen disk leads to the same ZBS id by LUN snapshot and by volume snapshot", async () => {
  const client = await Client.open();
  const vm = await client.vm("web-prod-01");
  const snapshots = await client.list("VmSnapshot", "vm-snapshots", { where: { vm: { id: vm.id } } });
  const disks = snapshots.flatMap((snapshot) => snapshot.vm_disks ?? []).filter((disk) => disk.type === "DISK");
  expect(disks).toHaveLength(4);
  for (const disk of disks) {
    const [lunSnapshot] = await client.list("IscsiLunSnapshot", "iscsi-lun-snapshots", {
      where: { name: disk.snapshot_local_id },
    });
    const where = { local_id: disk.vm_volume_snapshot_uuid };
    const [volumeSnapshot] = await client.list("VmVolumeSnapshot", "vm-volume-snapshots", { where });
    expect(lunSnapshot?.local_id).toBe(volumeSnapshot?.zbs_snapshot_uuid);
    expect(lunSnapshot?.iscsi_lun).not.toBeNull();
  }
});

test("references can be null or dangle, and a LUN snapshot name can exist twice", async () => {
  const client = await Client.open();
  const snapshots = await client.list("VmSnapshot", "vm-snapshots");
  expect(snapshots.filter((snapshot) => snapshot.vm === null)).toHaveLength(1);
  const known = new Set((await client.list("Vm", "vms")).map(({ id }) => id));
  const dangling = snapshots.filter(({ vm }) => vm && !known.has(vm.id));
  expect(dangling.map(({ vm }) => vm?.name)).toEqual(["decommissioned-02"]);
  const lunSnapshots = await client.list("IscsiLunSnapshot", "iscsi-lun-snapshots");
  expect(lunSnapshots.some((snapshot) => snapshot.iscsi_lun === null)).toBe(true);
  const names = lunSnapshots.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) < index);
  expect(twice).toHaveLength(1);
  const targets = await client.list("IscsiTarget", "iscsi-targets");
  const clusters = lunSnapshots
    .filter(({ name }) => name === twice[0])
    .map(({ iscsi_target: target }) => targets.find(({ id }) => id === target?.id)?.cluster?.id);
  expect(new Set(clusters).size).toBe(2);
});

test.each([0, 1, 300])("the inventory has %i VMs if so configured", async (vms) => {
  const client = await Client.open({ vms });
  expect(await client.post("get-vms-connection")).toEqual({ aggregate: { count: vms } });
});
