import { expect, test } from "vitest";
import { documentedVersions } from "../../src/upstream/wire/arrivals.js";
import { frozenDisks, RESTORE, startWorld, WRITES } from "./support/restore.js";

test("a disk becomes a new volume, once per name, with one write", async () => {
  const world = await startWorld();
  const { snapshotId, slot: disk } = world;
  const input = { snapshotId, disk, name: "restored", to: { newVolume: true } };

  const first = await world.restore(input);
  const second = await world.restore(input);

  const [id] = world.named("restored");
  const whole = { volume: { cloudTowerId: id, name: "restored" }, state: "VOLUME_CREATED", done: true, errors: [] };
  expect(first).toMatchObject({ ...whole, duplicates: [], vm: null, replacedVolume: null, task: {} });
  expect(second).toMatchObject(whole);
  expect(world.sent()).toEqual([1, 0, 0]);
  expect(world.attached()).toEqual(world.volumes);
});

test("a disk is attached to another VM in a free slot", async () => {
  const world = await startWorld();
  const { snapshotId, otherVm } = world;
  const attachTo = { vmId: otherVm, slot: "SCSI:k9" };
  const input = {
    snapshotId,
    disk: frozenDisks(world)[0]?.vm_volume_local_id,
    name: "restored",
    to: { attachTo },
  };
  const before = world.attached(otherVm);

  const first = await world.restore(input);
  const second = await world.restore({ ...input, to: { attachTo: { vmId: `Vm:${otherVm}` } } });

  const [id] = world.named("restored");
  for (const outcome of [first, second]) {
    expect(outcome).toMatchObject({
      volume: { cloudTowerId: id },
      vm: { cloudTowerId: otherVm },
      state: "ATTACHED",
      done: true,
    });
  }
  expect(world.attached(otherVm)).toEqual([...before, id]);
  const [disk] = world.simulator.control.rows("VmDisk", { vm_volume: { id } });
  expect(disk).toMatchObject({ bus: "SCSI", key: 9 });
  expect(world.sent()).toEqual([1, 1, 0]);
});

test("a disk of a stopped VM is replaced: attached first in its place, then the old one is removed and its volume kept", async () => {
  const world = await startWorld();
  const { snapshotId, slot: disk, vm, volumes } = world;
  const input = { snapshotId, disk, name: "restored", to: { replace: { vmId: vm } } };

  const first = await world.restore(input);
  const second = await world.restore(input);

  const [id] = world.named("restored");
  for (const outcome of [first, second]) {
    expect(outcome).toMatchObject({
      ...{ volume: { cloudTowerId: id }, replacedVolume: { cloudTowerId: volumes[0] } },
      ...{ state: "REPLACED", done: true, errors: [], vm: { cloudTowerId: vm } },
    });
  }
  expect(world.attached()).toEqual([id, ...volumes.slice(1)]);
  expect(world.simulator.control.row("VmVolume", volumes[0] ?? "")).toMatchObject({ mounting: false });
  expect(world.sent()).toEqual([1, 1, 1]);
  const order = world.simulator.calls.all
    .map(({ endpoint }) => endpoint)
    .filter((one) => WRITES.includes(one as never));
  expect(order).toEqual(WRITES);
  expect(world.simulator.calls.of("remove-vm-disk")[0]?.body).toMatchObject({
    where: { id_in: [vm] },
    data: { disk_ids: [expect.any(String)] },
  });
});

test("a replaced disk can be replaced again by naming its volume, and the first call then changes nothing", async () => {
  const world = await startWorld();
  const { snapshotId, slot: disk, vm, volumes } = world;
  const replace = (name: string, volumeId?: string) =>
    world.restore({ snapshotId, disk, name, to: { replace: { vmId: vm, volumeId } } });
  const { volume } = await replace("one");

  expect(await replace("two")).toMatchObject({ volume: null, errors: [{ code: "VOLUME_NOT_ATTACHED" }] });
  expect(world.named("two")).toEqual([]);
  expect(await replace("one", volume?.cloudTowerId)).toMatchObject({ errors: [{ code: "INVALID_INPUT" }] });
  expect(await replace("two", volume?.cloudTowerId)).toMatchObject({ done: true, errors: [] });
  expect(await replace("one")).toMatchObject({ state: "VOLUME_CREATED", errors: [{ code: "VOLUME_NOT_ATTACHED" }] });
  expect(world.attached()).toEqual([...world.named("two"), ...volumes.slice(1)]);
  expect(world.sent()).toEqual([2, 2, 2]);
});

test("a new volume leaves the incremental plan as it is, and a replaced disk is read in full", async () => {
  const world = await startWorld();
  const { snapshotId, slot: disk, vm } = world;
  const planAfter = async (name: string) => {
    await world.create({ vmId: vm, name });
    world.simulator.advance(60_000);
    const { vm: planned } = await world.data<{
      vm: { incrementalPlan: { disks: { disk: { volumeLocalId: string }; mode: string; reason: string | null }[] } };
    }>("query ($vm: ID!) { vm(id: $vm) { incrementalPlan { disks { disk { volumeLocalId } mode reason } } } }", { vm });
    return planned.incrementalPlan.disks;
  };
  await world.restore({ snapshotId, disk, name: "beside", to: { newVolume: true } });
  expect((await planAfter("later")).map(({ mode }) => mode)).toEqual(["INCREMENTAL", "INCREMENTAL"]);

  await world.restore({ snapshotId, disk, name: "restored", to: { replace: { vmId: vm } } });
  const localId = world.simulator.control.row("VmVolume", world.named("restored")[0] ?? "")?.local_id;
  const replaced = (await planAfter("last")).find((one) => one.disk.volumeLocalId === localId);
  expect(replaced).toMatchObject({ mode: "FULL", reason: "NEW_DISK" });
});

test.each(documentedVersions)(
  "with %s, the task of a step under way is there, and a repetition goes on after it",
  async (apiVersion) => {
    const world = await startWorld({ simulator: { taskSeconds: 4, apiVersion } });
    world.simulator.advance(60_000);
    const { snapshotId, slot: disk, vm, volumes } = world;
    const input = { snapshotId, disk, name: "restored", to: { replace: { vmId: vm } }, waitSeconds: 0 };

    const states = [];
    for (let call = 0; call < 7; call += 1) {
      const { state, done, errors, task } = await world.restore(input);
      states.push([state, done, errors, task !== null]);
      if (call % 2 === 1) world.simulator.advance(5_000);
    }

    expect(states).toEqual([
      ["VOLUME_CREATING", false, [], true],
      ["VOLUME_CREATING", false, [], true],
      ["ATTACHING", false, [], true],
      ["ATTACHING", false, [], true],
      ["REPLACING", false, [], true],
      ["REPLACING", false, [], true],
      ["REPLACED", true, [], false],
    ]);
    expect(world.sent()).toEqual([1, 1, 1]);
    expect(world.attached()).toEqual([...world.named("restored"), ...volumes.slice(1)]);
  },
);

test("one call waits for the tasks of its steps", async () => {
  const world = await startWorld({ simulator: { taskSeconds: 1 } });
  world.simulator.advance(60_000);
  const { snapshotId, slot: disk, vm } = world;
  world.simulator.control.setLags({ asyncStatusMs: 300, taskVisibleMs: 50, volumeVisibleMs: 200 });

  const restoring = world.restore({ snapshotId, disk, name: "restored", to: { replace: { vmId: vm } } });
  const timer = setInterval(() => world.simulator.advance(200), 20);
  expect(await restoring.finally(() => clearInterval(timer))).toMatchObject({
    state: "REPLACED",
    done: true,
    errors: [],
  });
  expect(world.sent()).toEqual([1, 1, 1]);
});

test("exactly one target is validated, and printed in the schema", async () => {
  const world = await startWorld();
  const { snapshotId, slot: disk, otherVm } = world;
  const attachTo = { vmId: otherVm };
  for (const to of [{}, { newVolume: true, attachTo }, { newVolume: null }, { attachTo: null, newVolume: true }]) {
    const { errors } = await world.query(RESTORE, { input: { snapshotId, disk, name: "n", to } });
    expect(errors?.[0]?.extensions?.code, JSON.stringify(to)).toBe("BAD_USER_INPUT");
  }
  const literal = `mutation { restoreDisk(input: { snapshotId: "a", disk: "b", name: "n", to: { newVolume: true, attachTo: { vmId: "c" } } }) { done } }`;
  expect((await world.query(literal)).errors?.[0]?.extensions?.code).toBe("GRAPHQL_VALIDATION_FAILED");
  const isOneOf = await world.data<{ __type: { isOneOf: boolean } }>(
    '{ __type(name: "RestoreDiskTarget") { isOneOf } }',
  );
  expect(isOneOf.__type.isOneOf).toBe(true);
  expect(world.sent()).toEqual([0, 0, 0]);
});
