import { expect, test } from "vitest";
import { startBackup } from "./support/backup.js";
import { collect } from "./support/stream.js";

const PLACEHOLDER = "placeholder-0d6d1a4e-8f57-4f6c-9c0e-3a8f6f0b4f11";
const READY = `subscription($id: ID!) { vmSnapshotReady(snapshotId: $id) {
  ready snapshot { disks(type: DISK) { lunSnapshot { storageVolume { zbsId } } } } } }`;

test("a snapshot is not ready while a LUN snapshot has a placeholder for its id in ZBS, and never hands one out", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const { control, calls } = backup.simulator;
  const { snapshot } = await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });
  const frozen = control.row("VmSnapshot", snapshot?.cloudTowerId ?? "")?.vm_disks as { snapshot_local_id: string }[];
  const name = frozen.find(({ snapshot_local_id: named }) => named)?.snapshot_local_id;
  const lunSnapshot = control.rows("IscsiLunSnapshot", { name })[0] as { id: string; local_id: string };
  control.patch("IscsiLunSnapshot", lunSnapshot.id, { local_id: PLACEHOLDER });

  const events = collect(backup.socket(), READY, { id: snapshot?.id });
  await calls.next("get-iscsi-lun-snapshots");
  await calls.next("get-iscsi-lun-snapshots");
  expect(events.received).toEqual([]);
  control.patch("IscsiLunSnapshot", lunSnapshot.id, { local_id: lunSnapshot.local_id });

  const all = await events.done;
  expect(all).toMatchObject([{ data: { vmSnapshotReady: { ready: true } } }]);
  expect(JSON.stringify(all)).toContain(lunSnapshot.local_id);
  expect(JSON.stringify(all)).not.toContain("placeholder");
});
