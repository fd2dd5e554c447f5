import { expect, test } from "vitest";
import { startWorld } from "./support/restore.js";

test("a VM is started and powered off, each once; one that has the state stays as it is", async () => {
  const world = await startWorld();
  const { vm, simulator } = world;

  expect(await world.start(vm)).toMatchObject({ vm: { cloudTowerId: vm }, task: {}, errors: [] });
  expect(await world.start(vm)).toMatchObject({ task: null, errors: [] });
  expect(simulator.control.row("Vm", vm)?.status).toBe("RUNNING");
  expect(await world.powerOff(vm)).toMatchObject({ task: {}, errors: [] });
  expect(await world.powerOff(vm)).toMatchObject({ task: null, errors: [] });
  expect(simulator.control.row("Vm", vm)?.status).toBe("STOPPED");
  expect([world.writes("start-vm"), world.writes("poweroff-vm")]).toEqual([1, 1]);
  expect(simulator.calls.of("poweroff-vm").map(({ body }) => body)).toEqual([{ where: { id_in: [vm] } }]);
});

test("a VM that is being started is so with that task, and is not powered off nor said to be off", async () => {
  const world = await startWorld({ simulator: { taskSeconds: 4 } });
  world.simulator.advance(60_000);
  const { vm } = world;
  const first = await world.start(vm);

  expect((await world.start(vm)).task?.cloudTowerId).toBe(first.task?.cloudTowerId);
  const off = await world.powerOff(vm);
  expect(off).toMatchObject({ task: null, errors: [{ code: "RESOURCE_LOCKED" }] });
  expect(off.errors[0]?.blockingTask?.cloudTowerId).toBe(first.task?.cloudTowerId);
  world.simulator.advance(10_000);
  expect(await world.powerOff(vm, { onLocked: "WAIT" })).toMatchObject({ task: {}, errors: [] });
  expect([world.writes("start-vm"), world.writes("poweroff-vm")]).toEqual([1, 1]);
});

test.each([
  ["start-vm", "start", "STOPPED"],
  ["poweroff-vm", "powerOff", "RUNNING"],
] as const)("%s: lost, late, invisible and failed", async (operation, power, status) => {
  const world = await startWorld({ spoilsAnswers: true });
  const { vm, simulator } = world;
  const { control, faults } = simulator;
  const reset = () => {
    control.patch("Vm", vm, { status, entityAsyncStatus: null });
    simulator.calls.clear();
  };
  reset();
  faults.add({ operation, times: 1, effect: { kind: "lost-answer" } });
  expect(await world[power](vm)).toMatchObject({ errors: [] });
  expect(world.writes(operation)).toBe(1);

  reset();
  faults.add({ operation, times: 1, effect: { kind: "late-commit", afterMs: 60_000 } });
  for (let count = 0; count < 2; count += 1) {
    expect(await world[power](vm)).toMatchObject({ task: null, errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] });
  }
  simulator.advance(60_000);
  expect(await world[power](vm)).toMatchObject({ errors: [] });
  expect(world.writes(operation)).toBe(1);

  reset();
  control.nextTask({ kind: "FAILED" });
  const { task } = await world[power](vm);
  expect(task).not.toBeNull();
  expect(await world[power](vm)).toMatchObject({ errors: [], task: {} });
  expect(world.writes(operation)).toBe(2);

  reset();
  control.setQuirks({ synchronousWrites: true });
  expect(await world[power](vm)).toMatchObject({ task: null, errors: [] });
  expect(control.row("Vm", vm)?.status).not.toBe(status);
});

test("what cannot be started or powered off is a typed error, and nothing is sent", async () => {
  const world = await startWorld();
  const { vm, otherVm, simulator } = world;
  expect(await world.start("VmSnapshot:x")).toMatchObject({ vm: null, errors: [{ code: "INVALID_ID" }] });
  expect(await world.powerOff("cl0000000000000000000none")).toMatchObject({
    vm: null,
    errors: [{ code: "VM_NOT_FOUND" }],
  });
  simulator.control.patch("Vm", vm, { status: "SUSPENDED" });
  expect(await world.start(vm)).toMatchObject({ errors: [{ code: "VM_POWER_STATE" }] });
  simulator.control.patch("Vm", otherVm, { in_recycle_bin: true });
  expect(await world.powerOff(otherVm)).toMatchObject({ errors: [{ code: "VM_IN_RECYCLE_BIN" }] });
  expect([world.writes("start-vm"), world.writes("poweroff-vm")]).toEqual([0, 0]);
});

test("a running VM that an open task may power off is not said to run", async () => {
  const world = await startWorld();
  const { otherVm, simulator } = world;
  const task = { resource_id: otherVm, status: "EXECUTING" };
  const id = simulator.control.insert("Task", { ...task, resource_mutation: "SHUTDOWN_VM" });
  expect(await world.start(otherVm)).toMatchObject({ task: null, errors: [{ code: "RESOURCE_LOCKED" }] });
  simulator.control.patch("Task", id, { resource_mutation: "createVmSnapshot" });
  expect(await world.start(otherVm)).toMatchObject({ task: null, errors: [] });
  expect(world.writes("start-vm")).toBe(0);
});
