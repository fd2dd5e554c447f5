import { expect, test } from "vitest";
import { create } from "./support/mutations.js";
import { startOver, startTower } from "./support/odd-tower.js";

test.each([
  ["me", "stranger"],
  ["stranger", "me"],
])(
  "of twins by two users, neither is said to be created by a call whose user is not known: %s, %s",
  async (...users) => {
    const { tower, url } = await startTower();
    const gateway = await startOver(url);
    const vmId = tower.addVm("a");
    tower.taskFields = (_, item) => ({ args: { data: [item] } });
    tower.intercept = (endpoint, body) => {
      if (endpoint !== "create-vm-snapshot") return undefined;
      for (const id of users) tower.write(endpoint, body, { id });
      return "reset";
    };

    const outcome = await create(gateway, { vmId, name: "s" });

    expect(outcome).toMatchObject({ created: false, snapshot: {}, errors: [] });
    expect(outcome.duplicates).toHaveLength(1);
  },
);

test("of twins by two users, the caller's is created by the call if its user is known", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const vmId = tower.addVm("a");
  tower.taskFields = (_, item) => ({ args: JSON.stringify([item]) });
  tower.intercept = (endpoint, body) =>
    endpoint === "create-vm-snapshot" ? { body: tower.write(endpoint, body, { id: "me" }) } : undefined;
  await create(gateway, { vmId, name: "first" });
  tower.intercept = (endpoint, body) => {
    if (endpoint !== "create-vm-snapshot") return undefined;
    for (const id of ["stranger", "me"]) tower.write(endpoint, body, { id });
    return "reset";
  };

  const outcome = await create(gateway, { vmId, name: "s" });

  expect(outcome).toMatchObject({ created: true, errors: [] });
  expect(outcome.snapshot?.cloudTowerId).toBe(tower.rows["vm-snapshots"]?.at(-1)?.id);
});

test("a twin in the making, which has no time yet, is the younger one", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const vmId = tower.addVm("a");
  const young = tower.addSnapshot(vmId, "s", { local_created_at: null, entityAsyncStatus: "CREATING" });
  const old = tower.addSnapshot(vmId, "s");

  expect(await create(gateway, { vmId, name: "s" })).toMatchObject({
    snapshot: { cloudTowerId: old },
    duplicates: [{ cloudTowerId: young }],
  });
});
