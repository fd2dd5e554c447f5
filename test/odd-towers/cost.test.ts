import { expect, test } from "vitest";
import { startOver, startTower } from "./support/odd-tower.js";

interface Extensions {
  readonly upstream: { readonly calls: number };
  readonly cost: { readonly estimated: { readonly calls: number }; readonly spent: { readonly calls: number } };
}

test.each([
  ["createVmSnapshot(input: { vmId: $vmId, name: $name })", { created: "created" }],
  ["createVmSnapshot(input: { vmId: $vmId, name: $name, waitSeconds: 1 })", { created: "ready" }],
  ["createVmSnapshots(input: { snapshots: [{ vmId: $vmId, name: $name }] })", { created: "results { created }" }],
  ["deleteVmSnapshots(input: { ids: [$snapshotId] })", { created: "results { inputId }" }],
  ["rollbackVm(input: { vmId: $vmId, snapshotId: $snapshotId })", { created: "task { id }" }],
  ["startVm(input: { vmId: $vmId })", { created: "task { id }" }],
  [
    'restoreDisk(input: { snapshotId: $snapshotId, disk: "SCSI:k1", name: $name, to: { newVolume: true } })',
    { created: "done" },
  ],
  [
    'restoreDisk(input: { snapshotId: $snapshotId, disk: "SCSI:k1", name: $name, to: { replace: { vmId: $vmId } } })',
    { created: "done" },
  ],
  ["rebuildVmFromSnapshot(input: { snapshotId: $snapshotId, name: $name })", { created: "task { id }" }],
  ["createConsistencyGroupSnapshot(input: { consistencyGroupId: $groupId, name: $name })", { created: "created" }],
  [
    "rollbackConsistencyGroup(input: { consistencyGroupId: $groupId, snapshotId: $groupSnapshotId })",
    { created: "task { id }" },
  ],
  [
    "deleteConsistencyGroupSnapshots(input: { ids: [$groupSnapshotId], keepMemberSnapshots: true })",
    { created: "results { inputId }" },
  ],
])("a mutation shows each call that it made: %s", async (field, { created: selection }) => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const groupId = tower.addGroup("g");
  const groupSnapshotId = tower.addGroupSnapshot(groupId, "s");
  const vmId = tower.addVm("a", { status: "STOPPED" });
  tower.addDisk(vmId, 1);
  const snapshotId = tower.addSnapshot(vmId, "s", { vm_disks: tower.freeze(vmId) });
  await gateway.send("{ vms { nodes { id } } }");
  tower.calls.splice(0);

  const declared = ["vmId: ID!", "snapshotId: ID!", "groupId: ID!", "groupSnapshotId: ID!", "name: String!"].map(
    (one) => `$${one}`,
  );
  const used = declared.filter((one) => field.includes(one.split(":")[0] ?? ""));
  const query = `mutation(${used.join(" ")}) { ${field} { ${selection} } }`;
  const { extensions, errors } = (await gateway.send(query, {
    vmId,
    snapshotId,
    groupId,
    groupSnapshotId,
    name: "n",
  })) as {
    extensions: Extensions;
    errors?: unknown;
  };

  const calls = tower.calls.length;
  expect(errors).toBeUndefined();
  expect(extensions).toMatchObject({ upstream: { calls }, cost: { spent: { calls } } });
  if (!field.includes("waitSeconds")) expect(extensions.cost.estimated.calls).toBeGreaterThanOrEqual(calls - 1);
});
