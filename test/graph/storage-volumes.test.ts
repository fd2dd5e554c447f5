import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

const VOLUME = `query ($zbsId: String!) { storageVolume(zbsId: $zbsId) {
  id zbsId kind sizeBytes
  lun { name } lunSnapshot { name } namespace { name } namespaceSnapshot { name }
  volume { name } vms { name }
} }`;

interface Data {
  readonly storageVolume: {
    readonly kind: string;
    readonly volume: { name: string } | null;
    readonly vms: { name: string }[];
  } | null;
}

test("an id in ZBS leads to live or frozen data of a LUN or an NVMe namespace", async () => {
  const gateway = await startGateway();
  const { control } = gateway.simulator;
  const lunSnapshot = control.rows("IscsiLunSnapshot").find((row) => row.iscsi_lun !== null);
  const namespace = control.rows("NvmfNamespace")[0];
  const namespaceSnapshot = control.rows("NvmfNamespaceSnapshot")[0];
  const lun = control.rows("IscsiLun")[0];

  const cases = [
    [lun?.zbs_volume_id, { kind: "LUN", lun: { name: lun?.name }, sizeBytes: lun?.assigned_size, namespace: null }],
    [lunSnapshot?.local_id, { kind: "LUN_SNAPSHOT", lunSnapshot: { name: lunSnapshot?.name }, sizeBytes: null }],
    [namespace?.zbs_volume_id, { kind: "NVMF_NAMESPACE", namespace: { name: namespace?.name }, lun: null, vms: [] }],
    [
      namespaceSnapshot?.local_id,
      { kind: "NVMF_NAMESPACE_SNAPSHOT", namespaceSnapshot: { name: namespaceSnapshot?.name }, lunSnapshot: null },
    ],
  ] as const;
  for (const [zbsId, expected] of cases) {
    expect(await gateway.data(VOLUME, { zbsId })).toMatchObject({
      storageVolume: { id: `StorageVolume:${zbsId}`, zbsId, ...expected },
    });
  }
});

test("a shared volume leads to all its VMs, from its live and from its frozen data", async () => {
  const gateway = await startGateway();
  const { control } = gateway.simulator;
  const shared = control.rows("VmVolume", { sharing: true })[0];
  const lun = control.row("IscsiLun", idOf(shared?.lun));
  const vmNames = control.rows("Vm", { vm_disks_some: { vm_volume: { id: shared?.id } } }).map(({ name }) => name);
  expect(vmNames.length).toBeGreaterThan(1);
  const frozen = { name: "frozen", local_id: "frozen-zbs", iscsi_lun: lun?.id };
  control.insert("IscsiLunSnapshot", { ...frozen, iscsi_target: idOf(lun?.iscsi_target) });

  for (const zbsId of [lun?.zbs_volume_id, "frozen-zbs"]) {
    gateway.simulator.calls.clear();
    const { storageVolume } = await gateway.data<Data>(VOLUME, { zbsId });

    expect(storageVolume?.volume?.name).toBe(shared?.name);
    expect(storageVolume?.vms.map(({ name }) => name).sort()).toEqual(vmNames.toSorted());
    expect(gateway.simulator.calls.counts).toMatchObject({ "get-vm-disks": 1, "get-vms": 1 });
  }
});

test("many ZBS volumes, including NVMe, take one call per endpoint", async () => {
  const gateway = await startGateway();
  const { control, calls } = gateway.simulator;
  const luns = control.rows("IscsiLun").slice(0, 30);
  const namespaces = control.rows("NvmfNamespace");
  const ids = [...luns, ...namespaces].map((row) => `StorageVolume:${row.zbs_volume_id}`);

  const { nodes } = await gateway.data<{ nodes: { id: string }[] }>(
    "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
    {
      ids: [...ids, "StorageVolume:none"],
    },
  );

  expect(nodes.map((node) => node?.id ?? null)).toEqual([...ids, null]);
  expect(calls.counts).toEqual({
    "get-iscsi-luns": 1,
    "get-iscsi-lun-snapshots": 1,
    "get-nvmf-namespaces": 1,
    "get-nvmf-namespace-snapshots": 1,
  });
});

test("an unknown id is null without an error on a CloudTower without NVMe", async () => {
  const gateway = await startGateway({ simulator: { vms: 1 }, spoilsAnswers: true });
  gateway.simulator.faults.add({ operation: /^get-nvmf/, effect: { kind: "status", status: 404 } });

  expect(await gateway.data(VOLUME, { zbsId: "none" })).toEqual({ storageVolume: null });
});

function idOf(stub: unknown): string {
  return (stub as { id: string }).id;
}
