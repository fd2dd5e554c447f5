import { describe, expect, onTestFinished, test } from "vitest";
import type { Effect } from "../../src/simulator/http/faults.js";
import { Random } from "../../src/simulator/random.js";
import { mutationSpellings } from "../../src/simulator/tasks/quirks.js";
import { startWorld, type World, WRITES } from "./support/restore.js";

const UNKNOWN = [{ code: "WRITE_OUTCOME_UNKNOWN", retryAfterSeconds: expect.any(Number) }];

function replacement({ snapshotId, slot: disk, vm }: World) {
  return { snapshotId, disk, name: "restored", to: { replace: { vmId: vm } } };
}

function expectReplaced(world: World): void {
  expect(world.attached()).toEqual([...world.named("restored"), ...world.volumes.slice(1)]);
  expect(world.named("restored")).toHaveLength(1);
  expect(world.simulator.control.row("VmVolume", world.volumes[0] ?? "")).toBeDefined();
  expect(world.sent()).toEqual([1, 1, 1]);
}

describe.each(WRITES)("%s", (operation) => {
  test("a lost response is found, and nothing is sent twice", async () => {
    const world = await startWorld({ spoilsAnswers: true });
    world.simulator.faults.add({ operation, effect: { kind: "lost-answer" } });

    expect(await world.restore(replacement(world))).toMatchObject({ state: "REPLACED", done: true, errors: [] });
    expectReplaced(world);
  });

  test("what a slow CloudTower does late is done once, and a repetition goes on from there", async () => {
    const world = await startWorld();
    world.simulator.faults.add({ operation, times: 1, effect: { kind: "late-commit", afterMs: 60_000 } });

    for (let count = 0; count < 2; count += 1) {
      expect(await world.restore(replacement(world))).toMatchObject({ done: false, errors: UNKNOWN });
    }
    world.simulator.advance(60_000);
    expect(await world.restore(replacement(world))).toMatchObject({ state: "REPLACED", done: true, errors: [] });
    expectReplaced(world);
  });

  test("a task that fails is reported, and a repetition tries the step again", async () => {
    const world = await startWorld();
    const fail = () => {
      world.simulator.control.nextTask({ kind: "FAILED" });
      return false;
    };
    const armed = world.simulator.faults.add({ operation, match: fail });

    const failed = await world.restore(replacement(world));
    armed();

    expect(failed).toMatchObject({
      done: false,
      errors: [{ code: "RESTORE_STEP_FAILED" }],
      task: { status: "FAILED" },
      state: [null, "VOLUME_CREATED", "ATTACHED"][WRITES.indexOf(operation)] ?? null,
    });
    expect(await world.restore(replacement(world))).toMatchObject({ state: "REPLACED", done: true, errors: [] });
    const sent = WRITES.map((write) => (write === operation ? 2 : 1));
    expect(world.sent()).toEqual(sent);
    expect(world.named("restored")).toHaveLength(1);
  });

  test("a refused write is a typed error that hides no earlier step", async () => {
    const world = await startWorld();
    world.simulator.faults.add({ operation, times: 1, effect: { kind: "status", status: 403 } });

    const step = WRITES.indexOf(operation);
    const refused = await world.restore(replacement(world));
    expect(refused).toMatchObject({
      state: [null, "VOLUME_CREATED", "ATTACHED"][step] ?? null,
      errors: [{ code: "PERMISSION_DENIED" }],
    });
    expect(refused.volume?.cloudTowerId).toBe(world.named("restored")[0]);
    expect(await world.restore(replacement(world))).toMatchObject({ done: true, errors: [] });
    expect(world.named("restored")).toHaveLength(1);
  });
});

test("the response 304 to a rebuild means that nothing was changed, unless a read shows the volume", async () => {
  const world = await startWorld({ spoilsAnswers: true });
  const { snapshotId, slot: disk, simulator } = world;
  const restore = (name: string) => world.restore({ snapshotId, disk, name, to: { newVolume: true } });
  simulator.faults.add({
    operation: "rebuild-vm-volume",
    times: 1,
    effect: { kind: "status", status: 304, body: "empty" },
  });
  expect(await restore("one")).toMatchObject({ volume: null, done: false, errors: [{ code: "UPSTREAM_REJECTED" }] });
  expect(await restore("one")).toMatchObject({ volume: {}, done: true, errors: [] });

  const [volume] = world.named("one");
  const { id: _, ...row } = simulator.control.row("VmVolume", volume ?? "") ?? {};
  simulator.faults.add({
    operation: "rebuild-vm-volume",
    times: 1,
    match() {
      const cluster = (row.cluster as { id: string }).id;
      simulator.control.insert("VmVolume", { name: "two", cluster, description: row.description, local_id: "two" });
      return true;
    },
    effect: { kind: "status", status: 304, body: "empty" },
  });
  expect(await restore("two")).toMatchObject({
    volume: { cloudTowerId: world.named("two")[0] },
    done: true,
    errors: [],
  });
});

test("calls at the same time make one volume, and one replacement", async () => {
  const world = await startWorld();
  const outcomes = await Promise.all(
    [1, 2, 3, 4].map(() => world.restore({ ...replacement(world), onLocked: "WAIT" })),
  );

  for (const outcome of outcomes) expect(outcome).toMatchObject({ done: true, errors: [] });
  expectReplaced(world);
});

test("a locked VM is a typed error that hides no earlier step, or waited for", async () => {
  const world = await startWorld();
  const { simulator, snapshotId, slot: disk, vm } = world;
  await world.restore({ snapshotId, disk, name: "restored", to: { newVolume: true } });
  simulator.control.patch("Vm", vm, { entityAsyncStatus: "UPDATING" });

  const locked = await world.restore(replacement(world));
  expect(locked).toMatchObject({ state: "VOLUME_CREATED", volume: {}, errors: [{ code: "RESOURCE_LOCKED" }] });
  const refused = simulator.calls.next("add-vm-disk");
  const waiting = world.restore({ ...replacement(world), onLocked: "WAIT" });
  await refused;
  simulator.control.patch("Vm", vm, { entityAsyncStatus: null });
  expect(await waiting).toMatchObject({ state: "REPLACED", done: true });
  expect(world.named("restored")).toHaveLength(1);
});

test("a volume whose description was lost is known by the task that made it, and without both its name is taken", async () => {
  const world = await startWorld();
  const { snapshotId, slot: disk, simulator } = world;
  const input = { snapshotId, disk, name: "restored", to: { newVolume: true } };
  const { task } = await world.restore(input);
  simulator.control.patch("VmVolume", world.named("restored")[0] ?? "", { description: "mine" });

  expect(await world.restore(input)).toMatchObject({ done: true, errors: [] });
  simulator.control.remove("Task", task?.cloudTowerId ?? "");
  expect(await world.restore(input)).toMatchObject({ done: false, errors: [{ code: "VOLUME_NAME_TAKEN" }] });
  expect(world.sent()).toEqual([1, 0, 0]);
});

test("whichever read fails at whatever point, nothing is done twice, no step is hidden, and a repetition completes it", async () => {
  const random = new Random(20_261_128);
  const world = await startWorld({ spoilsAnswers: true, env: { UPSTREAM_READ_ATTEMPTS: "1" } });
  const { simulator, snapshotId, otherVm, slot: disk } = world;
  const effects: readonly Effect[] = [
    ...[400, 403, 404, 500, 503].map((status): Effect => ({ kind: "status", status })),
    ...([{ kind: "malformed" }, { kind: "reset" }, { kind: "truncated" }] as const),
  ];
  for (let count = 0; count < 40; count += 1) {
    const name = `s${count}`;
    simulator.calls.clear();
    const fault = {
      operation: random.pick([/^get-/, "get-vm-volumes", "get-vm-disks", "get-tasks", "get-vms"]),
      skip: random.int(0, 12),
      times: random.int(1, 3),
      effect: random.pick(effects),
    };
    const input = { snapshotId, disk, name, to: { attachTo: { vmId: otherVm } } };
    simulator.faults.add(fault);
    const first = (await world.query(
      `mutation($input: RestoreDiskInput!) { restoreDisk(input: $input) { state volume { id } done errors { code } } }`,
      { input },
    )) as { data: { restoreDisk: { state: string | null; volume: object | null } | null } | null };
    const situation = `${name}: ${JSON.stringify(fault)} ${String(fault.operation)} ${JSON.stringify(first)}`;
    simulator.faults.clear();
    if (world.sent()[0] === 1) expect(first.data?.restoreDisk?.volume, situation).toBeTruthy();
    expect(await world.restore(input), situation).toMatchObject({ done: true, errors: [] });
    expect([world.sent(), world.named(name).length], situation).toEqual([[1, 1, 0], 1]);
  }
}, 60_000);

test.each(mutationSpellings)(
  "a disk is replaced, and its VM started, whatever the spelling of tasks: %s",
  async (mutationSpelling) => {
    const world = await startWorld({ simulator: { taskSeconds: 1 } });
    const { simulator } = world;
    simulator.advance(60_000);
    simulator.control.setQuirks({ mutationSpelling });
    simulator.faults.add({ operation: /^(rebuild|add|remove|start)-/, times: 4, effect: { kind: "lost-answer" } });
    const timer = setInterval(() => simulator.advance(500), 20);
    onTestFinished(() => clearInterval(timer));

    await expect
      .poll(() => world.restore(replacement(world)), { timeout: 10_000 })
      .toMatchObject({ state: "REPLACED", done: true, errors: [] });
    expectReplaced(world);
    expect(await world.start(world.vm, { onLocked: "WAIT" })).toMatchObject({ errors: [] });
    expect(world.writes("start-vm")).toBe(1);
  },
);

test("writes that are done when they are answered have no task", async () => {
  const world = await startWorld();
  world.simulator.control.setQuirks({ synchronousWrites: true });
  expect(await world.restore(replacement(world))).toMatchObject({
    state: "REPLACED",
    done: true,
    task: null,
    errors: [],
  });
  expectReplaced(world);
});
