import { expect, test } from "vitest";
import { hold } from "../support/hold.js";
import { create, rebuild, rollBack, rollBackGroup } from "./support/mutations.js";
import { type Answer, type OddTower, startOver, startTower } from "./support/odd-tower.js";

const UNKNOWN = [{ code: "WRITE_OUTCOME_UNKNOWN", retryAfterSeconds: expect.any(Number) }];
/** By the time that a call has looked for its effect, the write is in doubt no longer. */
const SHORT_DOUBT = { UPSTREAM_WRITE_TIMEOUT_SECONDS: "1" };
type Json = Record<string, unknown>;

/** A tower with a VM and a consistency group, and a snapshot of what is restored, whose tasks have arguments and the user `me`. */
async function startRestores(endpoint = "rollback-vm") {
  const { tower, url } = await startTower();
  tower.taskFields = (_, item) => ({ args: item, user: { id: "me" } });
  const [vmId, groupId] = [tower.addVm("a"), tower.addGroup("g")];
  const ofGroup = endpoint === "rollback-consistency-snapshot-group";
  const snapshotId = ofGroup ? tower.addGroupSnapshot(groupId, "s") : tower.addSnapshot(vmId, "s");
  return { tower, url, vmId, targetId: ofGroup ? groupId : vmId, snapshotId };
}

const kinds = [
  {
    endpoint: "rollback-vm",
    restore: rollBack,
    input: (vmId: string, snapshotId: string) => ({ vmId, snapshotId }),
    body: (vmId: string, snapshotId: string) => ({ where: { id_in: [vmId] }, data: { snapshot_id: snapshotId } }),
  },
  {
    endpoint: "rebuild-vm-from-snapshot",
    restore: rebuild,
    input: (_: string, snapshotId: string) => ({ snapshotId, name: "n" }),
    body: (_: string, snapshotId: string) => ({ items: [{ name: "n", rebuild_from_snapshot_id: snapshotId }] }),
  },
  {
    endpoint: "rollback-consistency-snapshot-group",
    restore: rollBackGroup,
    input: (consistencyGroupId: string, snapshotId: string) => ({ consistencyGroupId, snapshotId }),
    body: (_: string, snapshotId: string) => ({ where: { id_in: [snapshotId] } }),
  },
];

/** The next write of the endpoint gets no response. @returns its body, for the tower to do it late. */
function loseNext(tower: OddTower, lost: string): Json {
  const body: Json = {};
  tower.intercept = (endpoint, sent) => {
    if (endpoint !== lost || tower.count(lost) > 1) return undefined;
    Object.assign(body, Array.isArray(sent) ? { items: sent } : sent);
    return "reset";
  };
  return body;
}

function doNow(tower: OddTower, endpoint: string, body: Json): string | undefined {
  tower.write(endpoint, (body.items ?? body) as Json);
  return tower.rows.tasks?.at(-1)?.id;
}

for (const { endpoint, restore, input, body } of kinds) {
  test.each(["token", "new token"])(
    `${endpoint}: what was done late is found when it is in doubt no longer, by "%s", and only then done again on purpose`,
    async (token) => {
      const { tower, url, targetId, snapshotId } = await startRestores(endpoint);
      const gateway = await startOver(url, SHORT_DOUBT);
      const lost = loseNext(tower, endpoint);
      expect(await restore(gateway, input(targetId, snapshotId))).toMatchObject({ errors: UNKNOWN });
      const task = doNow(tower, endpoint, lost);

      const found = await restore(gateway, input(targetId, snapshotId), { token });

      expect(found).toMatchObject({ vm: {}, task: { cloudTowerId: task }, errors: [] });
      expect(tower.count(endpoint)).toBe(1);
      expect(await restore(gateway, input(targetId, snapshotId), { token })).toMatchObject({ errors: [] });
      expect(tower.count(endpoint)).toBe(2);
    },
  );

  test(`${endpoint}: a new token of a user who has another one finds what it did`, async () => {
    const { tower, url, vmId, targetId, snapshotId } = await startRestores(endpoint);
    const gateway = await startOver(url, SHORT_DOUBT);
    await create(gateway, { vmId, name: "x" }, { token: "old" });
    const lost = loseNext(tower, endpoint);
    await restore(gateway, input(targetId, snapshotId), { token: "new" });
    const task = doNow(tower, endpoint, lost);

    for (const token of ["old", "new"]) {
      expect(await restore(gateway, input(targetId, snapshotId), { token })).toMatchObject({ errors: [] });
      if (token === "old") expect(tower.count(endpoint)).toBe(1);
    }
    expect(tower.rows.tasks?.some(({ id }) => id === task)).toBe(true);
    expect(tower.count(endpoint)).toBe(2);
  });

  test.each([true, false])(
    `${endpoint}: what was accepted after the caller's deadline is told to its repetition; with a task: %s`,
    async (hasTask) => {
      const { tower, url, targetId, snapshotId } = await startRestores(endpoint);
      const gateway = await startOver(url, { OPERATION_TIMEOUT_SECONDS: "2" });
      const held = hold();
      let items: Json[] = [];
      tower.intercept = async (called, sent): Promise<Answer | undefined> => {
        if (called !== endpoint || tower.count(endpoint) > 1) return undefined;
        items = tower.write(endpoint, sent).map(({ task_id, data }) => ({ task_id: hasTask ? task_id : null, data }));
        tower.rows.tasks = [];
        await held.released;
        return { body: items };
      };
      expect(await restore(gateway, input(targetId, snapshotId))).toMatchObject({ errors: UNKNOWN });
      held.release();

      const task = hasTask ? { cloudTowerId: items[0]?.task_id } : null;
      await expect
        .poll(() => restore(gateway, input(targetId, snapshotId)), { timeout: 15_000 })
        .toMatchObject({ vm: {}, task, errors: [] });

      expect(tower.count(endpoint)).toBe(1);
      expect(await restore(gateway, input(targetId, snapshotId))).toMatchObject({ errors: [] });
      expect(tower.count(endpoint)).toBe(2);
    },
  );

  test.each(["EXECUTING", "SUCCESSED"])(
    `${endpoint}: after a restart a task that is open, or began a moment ago, is told once and not made a second time: %s`,
    async (status) => {
      const { tower, url, targetId, snapshotId } = await startRestores(endpoint);
      const task = doNow(tower, endpoint, body(targetId, snapshotId));
      Object.assign(tower.rows.tasks?.at(-1) ?? {}, { status });
      const gateway = await startOver(url);

      const told = await restore(gateway, input(targetId, snapshotId));
      expect(told).toMatchObject({ vm: {}, task: { cloudTowerId: task }, errors: [] });
      expect(tower.count(endpoint)).toBe(0);
      expect(await restore(gateway, input(targetId, snapshotId))).toMatchObject({ errors: [] });
      expect(tower.count(endpoint)).toBe(1);
    },
  );

  test.each([
    { fields: { status: "FAILED" }, why: "failed" },
    { fields: { local_created_at: "2026-01-01T00:00:00.000Z" }, why: "began long ago" },
    { fields: { user: { id: "somebody else" } }, why: "is another user's and has ended" },
  ])(`${endpoint}: a task that $why does not prevent another one`, async ({ fields }) => {
    const { tower, url, vmId, targetId, snapshotId } = await startRestores(endpoint);
    const gateway = await startOver(url);
    await create(gateway, { vmId, name: "x" });
    doNow(tower, endpoint, body(targetId, snapshotId));
    Object.assign(tower.rows.tasks?.at(-1) ?? {}, fields);

    expect(await restore(gateway, input(targetId, snapshotId))).toMatchObject({ errors: [] });
    expect(tower.count(endpoint)).toBe(1);
  });

  test(`${endpoint}: an open task of another user locks, and a task that does not say what it does leaves it unknown`, async () => {
    const { tower, url, vmId, targetId, snapshotId } = await startRestores(endpoint);
    const gateway = await startOver(url);
    await create(gateway, { vmId, name: "x" });
    doNow(tower, endpoint, body(targetId, snapshotId));
    const row = tower.rows.tasks?.at(-1) ?? {};
    Object.assign(row, { status: "EXECUTING", user: { id: "somebody else" } });

    expect(await restore(gateway, input(targetId, snapshotId))).toMatchObject({
      errors: [{ code: "RESOURCE_LOCKED" }],
    });
    Object.assign(row, { user: null, status: "SUCCESSED", resource_mutation: null });
    expect(await restore(gateway, input(targetId, snapshotId))).toMatchObject({ task: null, errors: UNKNOWN });
    Object.assign(row, { args: {} });
    expect(await restore(gateway, input(targetId, snapshotId))).toMatchObject({ task: null, errors: UNKNOWN });
    expect(tower.count(endpoint)).toBe(0);
  });
}

test("another user's rollback that is sent while the first one is untold does not hide that from its caller", async () => {
  const { tower, url, vmId, snapshotId } = await startRestores();
  tower.taskFields = (_, item) => ({ args: item, user: { id: "me" } });
  const gateway = await startOver(url);
  await create(gateway, { vmId, name: "x" });
  const lost = loseNext(tower, "rollback-vm");
  await rollBack(gateway, { vmId, snapshotId });
  const first = doNow(tower, "rollback-vm", lost);
  tower.taskFields = (_, item) => ({ args: item, user: { id: "somebody else" } });
  await create(gateway, { vmId, name: "y" }, { token: "other" });

  const theirs = await rollBack(gateway, { vmId, snapshotId }, { token: "other" });
  const mine = await rollBack(gateway, { vmId, snapshotId });

  expect(tower.count("rollback-vm")).toBe(2);
  expect(theirs).toMatchObject({ task: { cloudTowerId: tower.rows.tasks?.at(-1)?.id }, errors: [] });
  expect(mine).toMatchObject({ task: { cloudTowerId: first }, errors: [] });
});
