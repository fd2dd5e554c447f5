import { describe, expect, test } from "vitest";
import { documentedVersions } from "../../src/upstream/wire/arrivals.js";
import { contractOrSkip } from "../contract/support/document.js";
import { addGroup, addVm } from "./support/document/backup-vm.js";
import { startDocumentTower, worldOf } from "./support/document/document-tower.js";
import { create, createGroup, rebuild, remove, removeGroups, rollBack, rollBackGroup } from "./support/mutations.js";
import { startOver } from "./support/odd-tower.js";

const READY = `subscription ($id: ID!) { vmSnapshotReady(snapshotId: $id) { ready errors { message } } }`;
const TASK = `subscription ($id: ID!) { taskProgress(taskId: $id) { status } }`;
const SNAPSHOT = `query ($id: ID!) { vmSnapshot(id: $id) { task { status } backupManifest { disks { zbsId } } } }`;
const PLAN = `query ($vm: ID!, $since: ID!, $to: ID!) {
  vm(id: $vm) { incrementalPlan(sinceSnapshotId: $since, toSnapshotId: $to) { disks { targetZbsId } } } }`;

describe.each(documentedVersions)("over a CloudTower made from the document of %s", (version) => {
  const contract = contractOrSkip(version);

  test("a VM is backed up, rolled back and rebuilt, with requests that the document allows", async () => {
    const { tower, url } = await startDocumentTower(contract, { world: worldOf(contract, 2), checksAnswers: true });
    const gateway = await startOver(url);
    const vmId = addVm(tower.world, "vm");
    const idOf = ({ snapshot }: { snapshot: { cloudTowerId: string } | null }) => snapshot?.cloudTowerId ?? "";
    const events = async (query: string, id?: string) => (await gateway.events(query, { id })).map(({ data }) => data);

    const waited = await create(gateway, { vmId, name: "a", waitSeconds: 10 });
    expect(waited).toMatchObject({ created: true, errors: [] });
    const made = await create(gateway, { vmId, name: "b", consistency: "FILE_SYSTEM_CONSISTENT" });
    expect(made).toMatchObject({ created: true, errors: [] });
    expect((await events(TASK, made.task?.cloudTowerId)).at(-1)).toEqual({ taskProgress: { status: "SUCCEEDED" } });
    expect(await events(READY, idOf(made))).toEqual([{ vmSnapshotReady: { ready: true, errors: [] } }]);

    const zbsIds = (at: number) =>
      tower.world
        .of("IscsiLunSnapshot")
        .slice(-2 * at)
        .slice(0, 2)
        .map((row) => row.local_id);
    for (const [snapshot, at] of [
      [waited, 2],
      [made, 1],
    ] as const) {
      const disks = zbsIds(at).map((zbsId) => ({ zbsId }));
      expect(await gateway.send(SNAPSHOT, { id: idOf(snapshot) })).toMatchObject({
        data: { vmSnapshot: { task: { status: "SUCCEEDED" }, backupManifest: { disks } } },
      });
    }
    const targets = zbsIds(1).map((targetZbsId) => ({ targetZbsId }));
    expect(await gateway.send(PLAN, { vm: vmId, since: idOf(waited), to: idOf(made) })).toMatchObject({
      data: { vm: { incrementalPlan: { disks: targets } } },
    });

    const restored = await rollBack(gateway, { vmId, snapshotId: idOf(waited) });
    expect(restored.errors).toEqual([]);
    await events(TASK, restored.task?.cloudTowerId);
    const rebuilt = await rebuild(gateway, { snapshotId: idOf(waited), name: "copy" });
    expect(rebuilt.errors).toEqual([]);
    const removed = await remove(gateway, [idOf(waited)]);
    expect(removed).toMatchObject([{ errors: [] }]);
    await events(TASK, removed[0]?.task?.cloudTowerId);
    expect(await gateway.send(SNAPSHOT, { id: idOf(waited) })).toMatchObject({ data: { vmSnapshot: null } });

    expect([...tower.problems]).toEqual([]);
    expect(tower.count("get-version")).toBe(0);
  });

  test("a snapshot of a consistency group is taken, rolled back to when its VMs are off, and deleted, with such requests", async () => {
    const { tower, url } = await startDocumentTower(contract, { world: worldOf(contract, 2), checksAnswers: true });
    const gateway = await startOver(url);
    const vmId = addVm(tower.world, "vm");
    const consistencyGroupId = addGroup(tower.world, vmId);
    const ended = async (result: { task: { cloudTowerId: string } | null }) => {
      await gateway.events(TASK, { id: result.task?.cloudTowerId });
      return result;
    };

    const created = await createGroup(gateway, { consistencyGroupId, name: "a", waitSeconds: 10 });
    expect(created).toMatchObject({ created: true, ready: true, errors: [] });
    const snapshotId = created.snapshot?.cloudTowerId ?? "";
    const again = await createGroup(gateway, { consistencyGroupId, name: "a" });
    expect(again).toMatchObject({ created: false, snapshot: { cloudTowerId: snapshotId }, errors: [] });
    const refused = await rollBackGroup(gateway, { consistencyGroupId, snapshotId });
    expect(refused.errors).toMatchObject([{ code: "CONSISTENCY_GROUP_IN_USE" }]);
    Object.assign(tower.world.find(vmId) ?? {}, { status: "STOPPED" });
    expect(await ended(await rollBackGroup(gateway, { consistencyGroupId, snapshotId }))).toMatchObject({ errors: [] });
    const [removed] = await removeGroups(gateway, [snapshotId]);
    expect(await ended(removed as NonNullable<typeof removed>)).toMatchObject({ task: {}, errors: [] });
    expect(await removeGroups(gateway, [snapshotId])).toMatchObject([
      { errors: [{ code: "CONSISTENCY_GROUP_SNAPSHOT_NOT_FOUND" }] },
    ]);

    expect([...tower.problems]).toEqual([]);
  });

  test("the gateway's own account logs in", async () => {
    const { tower, url } = await startDocumentTower(contract, { world: worldOf(contract, 1) });
    const account = { CLOUDTOWER_USERNAME: "backup", CLOUDTOWER_PASSWORD: "secret" };
    const gateway = await startOver(url, { AUTH_MODE: "service", API_KEYS: "a-long-key-of-a-client", ...account });

    const result = await gateway.send(
      "{ vms(includeRecycleBin: true) { totalCount } }",
      {},
      { token: "a-long-key-of-a-client" },
    );

    expect(result).toMatchObject({ data: { vms: { totalCount: 1 } } });
    expect(tower.count("login")).toBe(1);
    expect([...tower.problems]).toEqual([]);
  });
});
