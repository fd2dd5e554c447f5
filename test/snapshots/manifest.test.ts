import { createHash } from "node:crypto";
import serialize from "canonicalize";
import { expect, test } from "vitest";
import { type Backup, startBackup } from "./support/backup.js";

const MANIFEST = `query($id: ID!) { vmSnapshot(id: $id) { backupManifest {
  version json sha256 currentVm disks { index zbsId previous { name storageVolume { zbsId } } } } } }`;

interface Answer {
  readonly vmSnapshot: {
    readonly backupManifest: {
      readonly version: number;
      readonly json: string;
      readonly sha256: string;
      readonly currentVm: { name: string; disks: { volume: { name: string } | null }[]; nics: object[] } | null;
      readonly disks: readonly { index: number; zbsId: string; previous: { name: string } | null }[];
    };
  };
}

async function usable(backup: Backup, vmName = "web-prod-01", name = "s"): Promise<string> {
  const creation = await backup.create({ vmId: backup.vmId(vmName), name, waitSeconds: 30 });
  expect(creation).toMatchObject({ ready: true });
  return creation.snapshot?.cloudTowerId ?? "";
}

test("has what was frozen as a canonical document with its hash, and the current state beside it", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const id = await usable(backup);

  const { backupManifest: manifest } = (await backup.data<Answer>(MANIFEST, { id })).vmSnapshot;

  const document = JSON.parse(manifest.json);
  expect(manifest.version).toBe(1);
  expect(manifest.json).toBe(serialize(document));
  expect(manifest.sha256).toBe(createHash("sha256").update(manifest.json).digest("hex"));
  expect(document.snapshot).toMatchObject({ id, name: "s", consistency: "CRASH_CONSISTENT" });
  expect(document.vm).toMatchObject({ vcpuCount: expect.any(Number), memoryBytes: expect.any(Number) });
  const data = document.disks.filter(({ type }: { type: string }) => type === "DISK");
  expect(data.map((disk: { lunSnapshot: { zbsId: string } }) => disk.lunSnapshot.zbsId)).toEqual(
    manifest.disks.map(({ zbsId }) => zbsId),
  );
  expect(document.nics).toMatchObject([{ macAddress: expect.any(String), vlan: { vlanId: expect.any(Number) } }]);
  expect(manifest.currentVm).toMatchObject({ name: "web-prod-01", vcpuCount: document.vm.vcpuCount });
  expect(manifest.currentVm?.disks.filter(({ volume }) => volume !== null)).toHaveLength(2);
  expect(manifest.currentVm?.nics).toHaveLength(1);
  expect(manifest.disks.every(({ previous }) => previous !== null)).toBe(true);
});

test("has the same bytes on each read, whatever happens to the VM, its volumes and its LUNs", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const id = await usable(backup);
  const first = (await backup.data<Answer>(MANIFEST, { id })).vmSnapshot.backupManifest;
  const { control } = backup.simulator;

  control.patch("Vm", backup.vmId("web-prod-01"), { name: "renamed", vcpu: 64 });
  for (const { name } of (JSON.parse(first.json).disks as { lunSnapshot: { name: string } | null }[]).flatMap(
    ({ lunSnapshot }) => lunSnapshot ?? [],
  )) {
    const [row] = control.rows("IscsiLunSnapshot", { name });
    control.patch("IscsiLunSnapshot", String(row?.id), { unique_size: 1, iscsi_lun: null });
  }
  control.patch("VmSnapshot", id, { vm: null, size: 1 });
  const later = (await backup.data<Answer>(MANIFEST, { id })).vmSnapshot.backupManifest;

  expect(later.json).toBe(first.json);
  expect(later.currentVm).toBeNull();
  expect(later.disks.every(({ previous }) => previous === null)).toBe(true);
});

test("its rebuild input works with rebuildVmFromSnapshot", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const id = await usable(backup);
  const { json } = (await backup.data<Answer>(MANIFEST, { id })).vmSnapshot.backupManifest;

  const data = await backup.data(
    "mutation($input: RebuildVmFromSnapshotInput!) { rebuildVmFromSnapshot(input: $input) { vm { name vcpuCount } errors { message } } }",
    { input: JSON.parse(json).rebuildInput },
  );

  expect(data).toMatchObject({
    rebuildVmFromSnapshot: { vm: { name: "s-rebuilt", vcpuCount: JSON.parse(json).vm.vcpuCount }, errors: [] },
  });
});

test("is null with an error until the snapshot is usable", async () => {
  const backup = await startBackup();
  backup.simulator.control.setLags({ lunSnapshotMs: 60_000 });
  const creation = await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });
  const id = creation.snapshot?.cloudTowerId ?? "";
  for (const step of [0, 4000]) {
    backup.simulator.advance(step);
    const { data, errors } = await backup.query<{ vmSnapshot: { backupManifest: null } }>(MANIFEST, { id });
    expect(data?.vmSnapshot.backupManifest).toBeNull();
    expect(errors?.[0]?.extensions?.code).toBe("SNAPSHOT_NOT_READY");
  }
});

test("many manifests cost as many calls as one", async () => {
  const backup = await startBackup();
  const query = (first: number) =>
    backup.query(
      `{ vmSnapshots(first: ${first}, filter: {vm: {name: {eq: "web-prod-01"}}}) { nodes { backupManifest { sha256 } } } }`,
    );
  // The gateway reads CloudTower's version once, before the first list that not every version has.
  await backup.data("{ gateway { upstreamVersion } }");
  backup.simulator.calls.clear();
  await query(1);
  const one = backup.simulator.calls.count();
  backup.simulator.calls.clear();
  await query(2);
  expect(backup.simulator.calls.count()).toBe(one);
});
