import { expect, test } from "vitest";
import { documentedVersions } from "../../src/upstream/wire/arrivals.js";
import { startBackup } from "./support/backup.js";

const MANIFEST = `query ($id: ID!) { vmSnapshot(id: $id) {
  backupManifest { json disks { zbsId previous { name } } }
  disks(type: DISK) { storagePolicy { name } volumeSnapshot { storagePolicy labels { key } } } } }`;

const DELETE = `mutation ($id: ID!) { deleteVmSnapshots(input: {ids: [$id]}) { errors { message } results { errors { message } } } }`;

interface Answer {
  readonly vmSnapshot: {
    readonly backupManifest: { readonly json: string; readonly disks: readonly { readonly zbsId: string }[] };
    readonly disks: readonly object[];
  };
}

test.each(documentedVersions)("a VM of CloudTower %s can be backed up and its snapshot deleted", async (apiVersion) => {
  const backup = await startBackup({ simulator: { apiVersion, taskSeconds: 0 } });

  const creation = await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s", waitSeconds: 30 });
  expect(creation).toMatchObject({ ready: true });
  const id = creation.snapshot?.id;

  const { vmSnapshot } = await backup.data<Answer>(MANIFEST, { id });
  expect(vmSnapshot.backupManifest.disks).toHaveLength(2);
  const { vlan } = JSON.parse(vmSnapshot.backupManifest.json).nics[0];
  expect(Object.keys(vlan).sort()).toEqual(["name", "vdsOvs", "vlanId", "vlanLocalId"]);
  expect(Object.values(vlan)).not.toContain(null);
  for (const disk of vmSnapshot.disks) {
    expect(disk).toEqual({
      storagePolicy: { name: expect.stringContaining("replicas") },
      // Volume snapshots have a policy and labels since 3.3.
      volumeSnapshot: {
        storagePolicy: apiVersion === "2.7.0" ? "UNKNOWN" : expect.stringMatching(/^REPLICA_/),
        labels: [],
      },
    });
  }

  const deleted = await backup.data<{ deleteVmSnapshots: object }>(DELETE, { id });
  expect(deleted.deleteVmSnapshots).toEqual({ errors: [], results: [{ errors: [] }] });
  expect(await backup.data(MANIFEST, { id })).toEqual({ vmSnapshot: null });
});
