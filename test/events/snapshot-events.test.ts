import { expect, test } from "vitest";
import { follow, startFeed } from "./support/follow.js";

test("a snapshot is followed from its creation until it is usable, failed or deleted, whoever took it", async () => {
  const gateway = await startFeed({ simulator: { taskSeconds: 10 } });
  const { control } = gateway.simulator;
  const feed = follow(gateway, "vmSnapshotEvents");
  await feed.count(1);
  expect(feed.received[0]?.data?.vmSnapshotEvents).toMatchObject({ kind: "BOOKMARK", snapshotId: null });

  const { snapshot } = await gateway.create({ vmId: gateway.vmId("web-prod-01"), name: "s" });
  const id = snapshot?.cloudTowerId;
  await expect.poll(() => feed.told).toEqual([`CREATED ${id}`]);
  gateway.simulator.advance(10_000);
  await expect.poll(() => feed.told).toEqual([`CREATED ${id}`, `READY ${id}`]);
  expect(feed.events.at(-1)).toMatchObject({
    snapshot: { cloudTowerId: id, name: "s" },
    task: { status: "SUCCEEDED" },
  });

  control.nextTask({ kind: "FAILED" });
  const failing = await gateway.create({ vmId: gateway.vmId("appliance"), name: "f" });
  const failed = failing.snapshot?.cloudTowerId;
  await expect.poll(() => feed.told.slice(2)).toEqual([`CREATED ${failed}`]);
  gateway.simulator.advance(10_000);
  await expect.poll(() => feed.told.slice(2)).toEqual([`CREATED ${failed}`, `FAILED ${failed}`]);
  expect(feed.events.at(-1)).toMatchObject({ errors: [{ code: "SNAPSHOT_FAILED" }], snapshot: null });

  await gateway.data(`mutation { deleteVmSnapshots(input: { ids: ["${id}"] }) { results { errors { code } } } }`);
  gateway.simulator.advance(10_000);
  await expect.poll(() => feed.told.slice(4)).toEqual([`DELETED ${id}`]);
  expect(feed.events.at(-1)).toMatchObject({ snapshot: null, task: { status: "SUCCEEDED" } });
});

test("a stream that resumes gets what it missed; a snapshot that is gone gives DELETED only", async () => {
  const gateway = await startFeed({ simulator: { taskSeconds: 0 } });
  const keeper = follow(gateway, "vmSnapshotEvents");
  await keeper.count(1);
  const { cursor } = keeper;
  const create = async (vm: string) =>
    (await gateway.create({ vmId: gateway.vmId(vm), name: "s" })).snapshot?.cloudTowerId;
  const [kept, gone] = [await create("web-prod-01"), await create("appliance")];
  await expect.poll(() => keeper.told.length).toBe(4);
  await gateway.data(`mutation { deleteVmSnapshots(input: { ids: ["${gone}"] }) { results { errors { code } } } }`);
  await expect.poll(() => keeper.told.length).toBe(5);

  const resumed = follow(gateway, "vmSnapshotEvents", { after: cursor });
  await expect.poll(() => resumed.told).toEqual([`CREATED ${kept}`, `READY ${kept}`, `DELETED ${gone}`]);
  keeper.stop();
  resumed.stop();
  const alone = follow(gateway, "vmSnapshotEvents", { after: cursor });
  await expect.poll(() => alone.told).toEqual([`CREATED ${kept}`, `READY ${kept}`, `DELETED ${gone}`]);
  expect(alone.events.map(({ id }) => id)).toEqual(resumed.events.map(({ id }) => id));
  const current = follow(gateway, "vmSnapshotEvents", { after: keeper.cursor });
  await current.count(1);
  const added = await create("dev-sandbox");
  // What the cursor was before may come again, under the same ids.
  const known = new Set(alone.events.map(({ id }) => id));
  await expect
    .poll(() => current.events.filter(({ id }) => !known.has(id)).map(({ kind }) => kind))
    .toEqual(["CREATED", "READY"]);
  expect(current.told.slice(-2)).toEqual([`CREATED ${added}`, `READY ${added}`]);
});
