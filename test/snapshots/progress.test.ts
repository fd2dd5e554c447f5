import { expect, test } from "vitest";
import { type Backup, startBackup } from "./support/backup.js";
import { collect } from "./support/stream.js";

const ONE =
  "subscription($id: ID!) { taskProgress(taskId: $id) { cloudTowerId status progress steps { unit perSecond secondsLeft } error { message } } }";
const MANY = "subscription($ids: [ID!]!) { tasksProgress(taskIds: $ids) { cloudTowerId status progress } }";

interface State {
  readonly cloudTowerId: string;
  readonly status: string;
  readonly progress: number;
  readonly steps: readonly { unit: string; perSecond: number | null; secondsLeft: number | null }[];
}
type One = { taskProgress: State | null };
type Many = { tasksProgress: State | null };

async function taskOf(backup: Backup, vmName: string): Promise<string> {
  return (await backup.create({ vmId: backup.vmId(vmName), name: "s" })).task?.cloudTowerId ?? "";
}

test("yields the state immediately, then each change, and completes; progress never falls", async () => {
  const backup = await startBackup();
  const id = await taskOf(backup, "web-prod-01");
  const events = collect<One>(backup.socket(), ONE, { id });
  await events.count(1);
  for (const step of [1000, 1000, 2000]) {
    const before = events.received.length;
    backup.simulator.advance(step);
    await events.count(before + 1);
  }
  const states = (await events.done).map(({ data }) => data?.taskProgress as State);

  expect(states.at(-1)).toMatchObject({ status: "SUCCEEDED", progress: 1 });
  expect(states.filter(({ status }) => status === "SUCCEEDED")).toHaveLength(1);
  const progress = states.map((state) => state.progress);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(states.slice(0, -1).every((state) => state.progress < 1)).toBe(true);
  const bytes = states.flatMap(({ steps }) => steps.filter(({ unit, perSecond }) => unit === "BYTE" && perSecond));
  expect(bytes[0]?.secondsLeft).toBeGreaterThan(0);
});

test("progress that falls upstream does not fall here, whatever its scale", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 3600 } });
  const id = await taskOf(backup, "web-prod-01");
  const events = collect<One>(backup.socket(), ONE, { id });
  await events.count(1);
  backup.simulator.advance(1_800_000);
  await events.count(2);
  backup.simulator.control.patch("Task", id, { progress: 20, status: "PAUSED" });
  while (events.received.at(-1)?.data?.taskProgress?.status !== "PAUSED")
    await events.count(events.received.length + 1);
  const progress = events.received.map(({ data }) => data?.taskProgress?.progress ?? -1);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  events.stop();
});

test("shows a paused task as paused until it is resumed", async () => {
  const backup = await startBackup();
  backup.simulator.control.nextTask({ kind: "PAUSED" });
  const id = await taskOf(backup, "web-prod-01");
  const events = collect<One>(backup.socket(), ONE, { id });
  backup.simulator.advance(60_000);
  while (events.received.at(-1)?.data?.taskProgress?.status !== "PAUSED")
    await events.count(events.received.length + 1);
  backup.simulator.control.resumeTasks();
  backup.simulator.advance(4000);
  expect((await events.done).at(-1)?.data?.taskProgress?.status).toBe("SUCCEEDED");
});

test("waits for a task that is not visible yet; one that never appears, or disappears, is NOT_FOUND", async () => {
  const backup = await startBackup();
  backup.simulator.control.setLags({ taskVisibleMs: 2000 });
  const id = await taskOf(backup, "web-prod-01");
  const late = collect<One>(backup.socket(), ONE, { id });
  await backup.simulator.calls.next("get-tasks");
  await backup.simulator.calls.next("get-tasks");
  backup.simulator.advance(2000);
  await late.count(1);
  expect(late.received[0]?.errors).toBeUndefined();

  const never = await collect<One>(backup.socket(), ONE, { id: "cl0000000000000000000none" }).done;
  expect(never.map(({ errors }) => errors?.[0]?.extensions?.code)).toEqual(["NOT_FOUND"]);

  backup.simulator.control.remove("Task", id);
  expect((await late.done).at(-1)?.errors?.[0]?.extensions?.code).toBe("NOT_FOUND");
});

test("yields several tasks in one stream: the state of each immediately, then each change, and an error for an unknown one", async () => {
  const backup = await startBackup();
  const ids = [await taskOf(backup, "web-prod-01"), await taskOf(backup, "appliance")];
  const events = collect<Many>(backup.socket(), MANY, { ids: [...ids, `Task:${ids[0]}`, "cl0000000000000000000none"] });
  await events.count(2);
  expect(new Set(events.received.map(({ data }) => data?.tasksProgress?.cloudTowerId))).toEqual(new Set(ids));
  backup.simulator.advance(4000);

  const all = await events.done;
  const ended = all.filter(({ data }) => data?.tasksProgress?.status === "SUCCEEDED");
  expect(new Set(ended.map(({ data }) => data?.tasksProgress?.cloudTowerId))).toEqual(new Set(ids));
  expect(ended).toHaveLength(2);
  expect(all.flatMap(({ errors }) => errors?.[0]?.extensions?.code ?? [])).toEqual(["NOT_FOUND"]);
});

test("a client that reconnects gets the current state, even if it is final", async () => {
  const backup = await startBackup();
  const id = await taskOf(backup, "web-prod-01");
  const first = collect<One>(backup.socket(), ONE, { id });
  await first.count(1);
  first.stop();
  backup.simulator.advance(4000);

  const again = await collect<One>(backup.socket(), ONE, { id }).done;

  expect(again).toHaveLength(1);
  expect(again[0]?.data?.taskProgress).toMatchObject({ status: "SUCCEEDED", progress: 1 });
});

test("no ids, and too many, are BAD_USER_INPUT", async () => {
  const backup = await startBackup();
  for (const ids of [[], Array.from({ length: 501 }, (_, index) => `t${index}`)]) {
    const events = await collect<Many>(backup.socket(), MANY, { ids }).done;
    expect(events[0]?.errors?.[0]?.extensions?.code).toBe("BAD_USER_INPUT");
  }
});
