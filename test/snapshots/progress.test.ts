import { expect, test } from "vitest";
import { type Backup, startBackup } from "./support/backup.js";
import { type Collected, collect } from "./support/stream.js";

const NONE = "cl0000000000000000000none";

const ONE =
  "subscription($id: ID!) { taskProgress(taskId: $id) { cloudTowerId status progress steps { unit perSecond secondsLeft } error { message } } }";
const MANY = `subscription($ids: [ID!]!) { tasksProgress(taskIds: $ids) {
  inputId ended totalCount endedCount secondsLeft errors { code message ... on InvalidIdError { inputId } ... on TaskNotFoundError { cloudTowerId } }
  task { cloudTowerId status progress secondsLeft steps { secondsLeft } } } }`;

interface State {
  readonly cloudTowerId: string;
  readonly status: string;
  readonly progress: number;
  readonly steps: readonly { unit: string; perSecond: number | null; secondsLeft: number | null }[];
}
type One = { taskProgress: State | null };
type Many = {
  tasksProgress: {
    readonly inputId: string;
    readonly ended: boolean;
    readonly totalCount: number;
    readonly endedCount: number;
    readonly secondsLeft: number | null;
    readonly errors: readonly { readonly code: string }[];
    readonly task: (State & { readonly secondsLeft: number | null }) | null;
  };
};

async function eventsOf(stream: Collected<Many>): Promise<Many["tasksProgress"][]> {
  return (await stream.done).map(({ data, errors }) => {
    expect(errors).toBeUndefined();
    return (data as Many).tasksProgress;
  });
}

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

test("yields several tasks in one stream: the state of each immediately, then each change; a bad id fails for itself", async () => {
  const backup = await startBackup();
  const ids = [await taskOf(backup, "web-prod-01"), await taskOf(backup, "appliance")];
  const bad = ["Vm:x", "", "a b", `${NONE}`];
  const events = collect<Many>(backup.socket(), MANY, { ids: [...bad, "", ...ids, `Task:${ids[0]}`] });
  await events.count(bad.length - 1 + ids.length);
  const first = events.received.map(({ data }) => data?.tasksProgress.inputId);
  expect(first).toEqual([...bad.slice(0, -1), ...ids]);
  backup.simulator.advance(4000);

  const all = await eventsOf(events);
  const last = new Map(all.filter(({ ended }) => ended).map((event) => [event.inputId, event]));
  expect([...last.keys()].toSorted()).toEqual([...bad, ...ids].toSorted());
  for (const id of ids) expect(last.get(id)).toMatchObject({ task: { status: "SUCCEEDED" }, errors: [] });
  for (const inputId of bad.slice(0, -1)) {
    expect(last.get(inputId)).toMatchObject({ task: null, errors: [{ code: "INVALID_ID", inputId }] });
  }
  expect(last.get(NONE)).toMatchObject({ task: null, errors: [{ code: "TASK_NOT_FOUND", cloudTowerId: NONE }] });
  for (const [index, { totalCount, endedCount }] of all.entries()) {
    const ended = all.slice(0, index + 1).filter((event) => event.ended).length;
    expect({ totalCount, endedCount }).toEqual({ totalCount: 6, endedCount: ended });
  }
  const onlyBad = await eventsOf(collect<Many>(backup.socket(), MANY, { ids: bad.slice(0, -1) }));
  expect(onlyBad.map(({ ended, endedCount, secondsLeft }) => ({ ended, endedCount, secondsLeft }))).toMatchObject([
    { ended: true, endedCount: 1, secondsLeft: null },
    { ended: true, endedCount: 2 },
    { ended: true, endedCount: 3, secondsLeft: 0 },
  ]);
});

test("tells the time left of all tasks, from their steps; null while it is unknown of any", async () => {
  const backup = await startBackup();
  const { control } = backup.simulator;
  const step = { key: "copy", unit: "BYTE", finished: false };
  const task = (steps: object[], status = "EXECUTING") => control.insert("Task", { args: {}, status, steps });
  const slow = task([
    { ...step, current: 100, total: 100, per_second: 10, finished: true },
    { ...step, current: 50, total: 100, per_second: 10 },
    { ...step, current: 0, total: 100, per_second: 4 },
  ]);
  const quick = task([{ ...step, current: 99, total: 100, per_second: 1 }]);
  const unclear = task([{ ...step, current: 0, total: 1, per_second: 1 }], "PENDING");
  const events = collect<Many>(backup.socket(), MANY, { ids: [slow, quick, unclear] });
  const next = async (change: () => void) => {
    const before = events.received.length;
    change();
    await events.count(before + 1);
  };
  await events.count(3);
  await next(() =>
    control.patch("Task", unclear, {
      status: "EXECUTING",
      steps: [{ ...step, current: null, total: 1, per_second: 1 }],
    }),
  );
  await next(() => control.patch("Task", unclear, { steps: [{ ...step, current: 0, total: 7, per_second: 2 }] }));
  await next(() => control.patch("Task", slow, { status: "SUCCESSED" }));
  await next(() => control.patch("Task", unclear, { status: "PAUSED" }));
  await next(() => control.patch("Task", unclear, { status: "FAILED" }));
  control.patch("Task", quick, { status: "SUCCESSED", steps: [] });

  const all = await eventsOf(events);
  const left = new Map(all.slice(0, 3).map(({ inputId, task }) => [inputId, task?.secondsLeft]));
  expect(left).toEqual(
    new Map([
      [slow, 30],
      [quick, 1],
      [unclear, null],
    ]),
  );
  expect(all.map(({ secondsLeft }) => secondsLeft)).toEqual([null, null, null, null, 30, 3.5, null, 1, 0]);
  expect(all.at(-1)?.task?.secondsLeft).toBe(0);
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
