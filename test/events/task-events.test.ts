import { expect, test } from "vitest";
import { follow, startFeed } from "./support/follow.js";

test("a task is followed from its start to its end, whoever started it", async () => {
  const gateway = await startFeed({ simulator: { taskSeconds: 10 } });
  const feed = follow(gateway, "taskEvents");
  await feed.count(1);
  expect(feed.received[0]?.data?.taskEvents).toMatchObject({ kind: "BOOKMARK", taskId: null, task: null });

  const { task } = await gateway.create({ vmId: gateway.vmId("web-prod-01"), name: "s" });
  const id = task?.cloudTowerId;
  gateway.simulator.advance(2_000);
  await expect.poll(() => feed.told).toEqual([`STARTED ${id}`]);
  gateway.simulator.advance(4_000);
  await expect.poll(() => feed.events.filter(({ kind }) => kind === "PROGRESSED").length).toBeGreaterThan(0);
  gateway.simulator.advance(4_000);
  await expect.poll(() => feed.told).toEqual([`STARTED ${id}`, `ENDED ${id}`]);
  const last = feed.events.at(-1);
  expect(last).toMatchObject({ task: { cloudTowerId: id, status: "SUCCEEDED" }, cursor: feed.cursor });
  expect(last?.at).toBe(gateway.simulator.control.row("Task", id ?? "")?.finished_at);
});

test("what ended while a client was away comes when it resumes, the same for each that resumes there", async () => {
  const gateway = await startFeed({ simulator: { taskSeconds: 0 } });
  const first = follow(gateway, "taskEvents");
  await first.count(1);
  const before = await gateway.create({ vmId: gateway.vmId("web-prod-01"), name: "a" });
  await expect.poll(() => first.told).toEqual([`ENDED ${before.task?.cloudTowerId}`]);
  first.stop();
  const missed = await gateway.create({ vmId: gateway.vmId("web-prod-01"), name: "b" });

  const second = follow(gateway, "taskEvents", { after: first.cursor });
  await expect.poll(() => second.told).toEqual([`ENDED ${missed.task?.cloudTowerId}`]);
  const third = follow(gateway, "taskEvents", { after: first.cursor });
  await expect.poll(() => third.told).toEqual(second.told);
  expect(third.events).toEqual(second.events);
});
