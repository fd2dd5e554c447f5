import { expect, test } from "vitest";
import { startBackup } from "./support/backup.js";
import { batchEvents, usable, watchAll } from "./support/ready.js";

const NONE = "cl0000000000000000000none";

test("tells of several snapshots in one stream: progress, then one outcome of each; a bad id fails for itself", async () => {
  const backup = await startBackup();
  const { control } = backup.simulator;
  const [old] = control.rows("VmSnapshot", { vm: { id: backup.vmId("web-prod-01") } });
  const ready = String(old?.id);
  control.nextTask({ kind: "FAILED", errorMessage: "no space left" });
  const creations = await Promise.all(
    ["appliance", "dev-sandbox"].map((name) => backup.create({ vmId: backup.vmId(name), name: "s" })),
  );
  const [failing = "", creating = ""] = creations.map(({ snapshot }) => snapshot?.id ?? "");
  const ids = ["Vm:x", ready, failing, creating, NONE, `VmSnapshot:${ready}`, "Vm:x"];

  const stream = watchAll(backup, ids);
  const states = () => stream.received.flatMap(({ data }) => data?.vmSnapshotsReady ?? []);
  const until = (what: (state: ReturnType<typeof states>[number]) => boolean) =>
    expect.poll(() => states().some(what), { interval: 10 }).toBe(true);
  for (const id of [failing, creating]) await until(({ inputId, task }) => inputId === id && task !== null);
  await until(({ inputId, ended }) => inputId === ready && ended);
  expect(states().filter(({ inputId, ended }) => inputId === creating && ended)).toEqual([]);
  backup.simulator.advance(1500);
  await until(({ inputId, task, ended }) => inputId === creating && !ended && (task?.progress ?? 0) > 0.2);
  backup.simulator.advance(4000);
  const events = await batchEvents(stream);

  const outcomes = new Map(events.filter(({ ended }) => ended).map((event) => [event.inputId, event]));
  expect([...outcomes.keys()].toSorted()).toEqual([...new Set(ids.slice(0, 5))].toSorted());
  expect(outcomes.get("Vm:x")).toMatchObject({ ready: null, errors: [{ code: "INVALID_ID" }] });
  expect(outcomes.get(NONE)).toMatchObject({ ready: null, errors: [{ code: "SNAPSHOT_NOT_FOUND" }] });
  expect(outcomes.get(ready)).toMatchObject({ ready: true, reasons: [], errors: [], snapshot: { disks: {} } });
  expect(outcomes.get(failing)).toMatchObject({ ready: false, errors: [{ code: "SNAPSHOT_FAILED" }] });
  expect(outcomes.get(creating)).toMatchObject({ ready: true, task: { status: "SUCCEEDED", progress: 1 } });
  expect(new Set(events.map(({ totalCount }) => totalCount))).toEqual(new Set([5]));
  expect(events.at(-1)?.endedCount).toBe(5);
  expect(events.find(({ inputId, ended }) => inputId === creating && !ended)?.reasons).toMatchObject([
    { code: "TASK_OPEN" },
  ]);
});

test("tells what a snapshot still lacks when that changes, once per change, and shares the polls of all watchers", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 }, spoilsAnswers: true });
  const good = await usable(backup, "web-prod-01");
  const { control, calls } = backup.simulator;
  const row = control.row("VmSnapshot", good) ?? {};
  control.patch("VmSnapshot", good, { entityAsyncStatus: "CREATING" });
  calls.clear();
  const first = watchAll(backup, [good]);
  await first.count(1);
  const late = watchAll(backup, [good]);
  await late.count(1);
  for (let poll = 0; poll < 3; poll += 1) await calls.next("get-vm-snapshots");
  control.patch("VmSnapshot", good, { vm_nics: 7 });
  control.patch("VmSnapshot", good, { entityAsyncStatus: null });
  await first.count(2);
  control.patch("VmSnapshot", good, { vm_nics: row.vm_nics });

  const codes = (await batchEvents(first)).map(({ reasons }) => reasons.map(({ code }) => code).join());
  expect(codes).toEqual(["CHANGING", "NICS_UNKNOWN", ""]);
  expect((await batchEvents(late)).at(-1)).toMatchObject({ ended: true, ready: true });
  const polled = calls.of("get-vm-snapshots").map(({ body }) => JSON.stringify(body));
  expect(polled.every((body) => body.split(good).length === 2)).toBe(true);
});

test("no ids, and too many, are BAD_USER_INPUT; a refused credential ends the stream as a whole", async () => {
  const backup = await startBackup();
  for (const ids of [[], Array.from({ length: 501 }, (_, index) => `s${index}`)]) {
    const events = await watchAll(backup, ids).done;
    expect(events[0]?.errors?.[0]).toMatchObject({
      message: `The number of VM snapshots must be between 1 and 500, got ${ids.length}.`,
      extensions: { code: "BAD_USER_INPUT" },
    });
  }
  const { snapshot } = await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });
  const stream = watchAll(backup, [snapshot?.id ?? ""]);
  await stream.count(1);
  backup.simulator.control.revokeTokens();
  expect((await stream.done).at(-1)?.errors?.[0]?.extensions?.code).toBe("UNAUTHENTICATED");
});
