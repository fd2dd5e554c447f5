import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { VmsOfZbsVolumeDocument, WholeGraphDocument } from "./generated.js";

test("the whole graph has the ZBS volume of each data disk", async () => {
  const gateway = await startGateway();

  const { vms } = await gateway.data(WholeGraphDocument, { filter: { name: { eq: "web-prod-01" } } });

  expect(vms?.totalCount).toBe(1);
  const [vm] = vms?.nodes ?? [];
  expect(vm).toMatchObject({ id: `Vm:${vm?.cloudTowerId}`, name: "web-prod-01", status: "RUNNING" });
  expect(vm?.disks).toHaveLength(2);
  for (const disk of vm?.disks ?? []) {
    const lun = gateway.simulator.control.row("IscsiLun", disk.volume?.lun?.id.replace("IscsiLun:", "") ?? "");
    expect(disk.volume?.lun?.storageVolume?.zbsId).toBe(lun?.zbs_volume_id);
    expect(disk.volume?.sizeBytes).toBeGreaterThan(2 ** 31);
  }
});

test("lun is null for a volume without a LUN", async () => {
  const gateway = await startGateway();

  const { vms } = await gateway.data(WholeGraphDocument, { filter: { name: { eq: "nfs-volume-vm" } } });

  expect(vms?.nodes[0]?.disks?.map((disk) => [disk.volume?.name, disk.volume?.lun])).toEqual([
    ["nfs-volume-vm-1", null],
  ]);
});

test("the ZBS volume of a shared volume leads back to all its VMs", async () => {
  const gateway = await startGateway();
  const { vms } = await gateway.data(WholeGraphDocument, { filter: { name: { eq: "oracle-rac-03" } } });
  const shared = vms?.nodes[0]?.disks?.find((disk) => disk.volume?.name === "shared-rac")?.volume;
  const zbsId = shared?.lun?.storageVolume?.zbsId ?? "";

  const { storageVolume } = await gateway.data(VmsOfZbsVolumeDocument, { zbsId });

  expect(storageVolume).toMatchObject({ id: `StorageVolume:${zbsId}`, zbsId, kind: "LUN", sizeBytes: 2 ** 40 });
  expect(storageVolume?.lun?.volume).toMatchObject({ id: shared?.id, name: "shared-rac" });
  expect(storageVolume?.lun?.volume?.vms?.map((vm) => vm.name).sort()).toEqual([
    "oracle-rac-03",
    "数据库主节点",
    "数据库备节点",
  ]);
});

test("storageVolume is null for an unknown ZBS id", async () => {
  const gateway = await startGateway();

  expect(await gateway.data(VmsOfZbsVolumeDocument, { zbsId: "no-such-volume" })).toEqual({ storageVolume: null });
});
