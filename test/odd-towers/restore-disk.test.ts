import { expect, test } from "vitest";
import { restoreDisk, startVm } from "./support/mutations.js";
import { type OddGateway, type OddTower, type Row, startOver, startTower } from "./support/odd-tower.js";

const UNKNOWN = [{ code: "WRITE_OUTCOME_UNKNOWN", retryAfterSeconds: expect.any(Number) }];
const WRITES = ["rebuild-vm-volume", "add-vm-disk", "remove-vm-disk"];

/** A tower with a stopped VM of two disks and a snapshot of it. */
async function startRestores(env?: Record<string, string>) {
  const { tower, url } = await startTower();
  const gateway = await startOver(url, env);
  const vmId = tower.addVm("a", { status: "STOPPED" });
  const [old, other] = [tower.addDisk(vmId, 0), tower.addDisk(vmId, 1)];
  const snapshotId = tower.addSnapshot(vmId, "s", { vm_disks: tower.freeze(vmId) });
  const input = { snapshotId, disk: "SCSI:k0", name: "restored", to: { replace: { vmId } } };
  return { tower, gateway, url, vmId, old, other, input };
}

function volumesOf(tower: OddTower): string[] {
  return (tower.rows["vm-disks"] ?? []).map(({ vm_volume }) => (vm_volume as Row).id);
}

function sent(tower: OddTower): number[] {
  return WRITES.map((write) => tower.count(write));
}

async function untilDone(gateway: OddGateway, input: object) {
  await expect.poll(() => restoreDisk(gateway, input), { timeout: 10_000 }).toMatchObject({ done: true, errors: [] });
}

test("it needs no locks, no disk ids that change, no arguments of tasks and no tasks at all", async () => {
  const { tower, gateway, input, old, other } = await startRestores();
  tower.shows = (entity) => entity !== "tasks";

  expect(await restoreDisk(gateway, input)).toMatchObject({ state: "REPLACED", done: true, errors: [] });
  expect(await restoreDisk(gateway, input)).toMatchObject({ state: "REPLACED", done: true, errors: [] });
  expect(volumesOf(tower)).not.toContain(old);
  expect(volumesOf(tower)).toContain(other);
  expect(sent(tower)).toEqual([1, 1, 1]);
});

test("a caller who may not see tasks restores as well", async () => {
  const { tower, gateway, input } = await startRestores();
  tower.intercept = (endpoint) => (endpoint === "get-tasks" ? { status: 403, body: {} } : undefined);

  expect(await restoreDisk(gateway, input)).toMatchObject({ state: "REPLACED", done: true, errors: [] });
  expect(sent(tower)).toEqual([1, 1, 1]);
});

test("a volume is not made twice while it is invisible, and the restore goes on when it shows", async () => {
  const { tower, gateway, input } = await startRestores();
  let isShown = false;
  tower.shows = (entity, row) => isShown || (entity === "vm-volumes" ? row.name !== "restored" : entity !== "tasks");
  const wanted = { ...input, waitSeconds: 0 };

  const first = await restoreDisk(gateway, wanted);
  const second = await restoreDisk(gateway, wanted);
  for (const outcome of [first, second]) {
    expect(outcome).toMatchObject({ volume: {}, state: "VOLUME_CREATING", done: false, errors: [] });
  }
  expect(second.volume).toEqual(first.volume);
  isShown = true;
  await untilDone(gateway, wanted);
  expect(sent(tower)).toEqual([1, 1, 1]);
});

test("a CloudTower that keeps neither the description nor arguments of tasks is enough for one call", async () => {
  const { tower, gateway, input } = await startRestores();
  tower.intercept = (endpoint, body) => {
    if (endpoint !== "rebuild-vm-volume") return undefined;
    const response = { body: tower.write(endpoint, body) };
    Object.assign(tower.rows["vm-volumes"]?.at(-1) ?? {}, { description: null });
    return response;
  };
  expect(await restoreDisk(gateway, input)).toMatchObject({ state: "REPLACED", done: true, errors: [] });
  expect(await restoreDisk(gateway, input)).toMatchObject({ done: false, errors: [{ code: "VOLUME_NOT_ATTACHED" }] });
  expect(sent(tower)).toEqual([1, 1, 1]);
});

test("the old disk stays while the task that attaches the new one is open, although that shows already", async () => {
  const { tower, gateway, input, old } = await startRestores();
  tower.taskFields = (endpoint) => (endpoint === "add-vm-disk" ? { status: "EXECUTING" } : {});

  const first = await restoreDisk(gateway, { ...input, waitSeconds: 0 });
  const second = await restoreDisk(gateway, { ...input, waitSeconds: 0 });
  for (const outcome of [first, second]) expect(outcome).toMatchObject({ state: "ATTACHING", done: false, errors: [] });
  expect(volumesOf(tower)).toContain(old);
  for (const task of tower.rows.tasks ?? []) task.status = "SUCCESSED";
  expect(await restoreDisk(gateway, input)).toMatchObject({ state: "REPLACED", done: true });
  expect(sent(tower)).toEqual([1, 1, 1]);
});

test("never removes a disk that does not have the old volume any more, whatever id it has", async () => {
  const { tower, gateway, input, old, vmId } = await startRestores();
  let reads = 0;
  tower.intercept = (endpoint) => {
    if (
      endpoint !== "get-vm-disks" ||
      !volumesOf(tower).some((id) => tower.rows["vm-volumes"]?.some((row) => row.id === id && row.name === "restored"))
    ) {
      return undefined;
    }
    reads += 1;
    // Another client puts another volume into the disk, directly before it is removed.
    if (reads === LAST_READ) {
      const disk = tower.rows["vm-disks"]?.find(({ vm_volume }) => (vm_volume as Row).id === old);
      if (disk !== undefined) disk.vm_volume = { id: "someone-elses" };
    }
    return undefined;
  };

  const outcome = await restoreDisk(gateway, input);
  expect(outcome.errors).toMatchObject([{ code: "RESTORE_INCOMPLETE" }]);
  expect(tower.count("remove-vm-disk")).toBe(0);
  expect(volumesOf(tower)).toContain("someone-elses");
  expect((tower.rows["vm-disks"] ?? []).filter(({ vm }) => (vm as Row).id === vmId)).toHaveLength(3);
});
/** Of the disks after the attachment: its effect, the look of the removal, and the read directly before it. */
const LAST_READ = 3;

test("the disk is removed by the id that it has directly before, beside exactly one VM", async () => {
  const { tower, gateway, input, old, vmId } = await startRestores();
  tower.intercept = (endpoint) => {
    // Its ids change with each read.
    if (endpoint === "get-vm-disks") for (const disk of tower.rows["vm-disks"] ?? []) disk.id = tower.newId();
    return undefined;
  };

  expect(await restoreDisk(gateway, input)).toMatchObject({ state: "REPLACED", done: true });
  expect(volumesOf(tower)).not.toContain(old);
  const [removal] = tower.calls.filter(({ endpoint }) => endpoint === "remove-vm-disk");
  expect(removal?.body).toEqual({ where: { id_in: [vmId] }, data: { disk_ids: [expect.any(String)] } });
});

test("a removal in doubt is not sent again because another client removes another disk", async () => {
  const { tower, gateway, input, vmId } = await startRestores();
  tower.intercept = (endpoint) => (endpoint === "remove-vm-disk" ? "reset" : undefined);
  expect(await restoreDisk(gateway, input)).toMatchObject({ state: "ATTACHED", errors: UNKNOWN });
  tower.addTask({
    resource_id: vmId,
    resource_mutation: "removeVmDisk",
    status: "EXECUTING",
    args: { data: { disk_ids: ["x"] } },
  });
  expect(await restoreDisk(gateway, { ...input, waitSeconds: 0 })).toMatchObject({ state: "REPLACING", done: false });
  Object.assign(tower.rows.tasks?.at(-1) ?? {}, { status: "SUCCESSED" });
  expect(await restoreDisk(gateway, input)).toMatchObject({ state: "ATTACHED", errors: UNKNOWN });
  expect(sent(tower)).toEqual([1, 1, 1]);
});

test("after a restart, an open task that makes the volume is waited for, and two volumes of one restore are told", async () => {
  const { tower, url, input } = await startRestores();
  tower.taskFields = (_, item) => ({ args: item, status: "EXECUTING" });
  const description = `Restored by TowerQL from volume snapshot ${tower.rows["vm-volume-snapshots"]?.[0]?.local_id} of VM snapshot ${input.snapshotId}`;
  const source = tower.rows["vm-volume-snapshots"]?.[0]?.id;
  tower.addTask({
    resource_mutation: "REBUILD_VM_VOLUME",
    status: "EXECUTING",
    args: [{ name: "restored", volume_snapshot_id: source }],
  });
  const gateway = await startOver(url);
  const task = tower.rows.tasks?.at(-1);

  expect(await restoreDisk(gateway, { ...input, waitSeconds: 0 })).toMatchObject({
    ...{ state: "VOLUME_CREATING", done: false, task: { cloudTowerId: task?.id }, errors: [] },
  });
  Object.assign(task ?? {}, { status: "SUCCESSED" });
  tower.taskFields = () => ({});
  for (const time of ["2026-01-02", "2026-01-01"]) {
    tower.write("rebuild-vm-volume", [{ name: "restored", description }] as never);
    Object.assign(tower.rows["vm-volumes"]?.at(-1) ?? {}, { local_created_at: time });
  }
  const twins = tower.rows["vm-volumes"]?.slice(-2).map(({ id }) => id);
  const outcome = await restoreDisk(gateway, input);
  expect(outcome).toMatchObject({
    volume: { cloudTowerId: twins?.[1] },
    duplicates: [{ cloudTowerId: twins?.[0] }],
    done: true,
  });
  expect(sent(tower)).toEqual([0, 1, 1]);
});

test("an accepted start whose task and state do not show yet is not sent a second time", async () => {
  const { tower, gateway, vmId } = await startRestores();
  tower.shows = (entity) => entity !== "tasks";
  tower.intercept = (endpoint, body) => {
    if (endpoint !== "start-vm") return undefined;
    const response = { body: tower.write(endpoint, body) };
    Object.assign(tower.rows.vms?.[0] ?? {}, { status: "STOPPED" });
    return response;
  };
  const [first, second] = [await startVm(gateway, vmId), await startVm(gateway, vmId)];
  expect(second).toEqual(first);
  expect(first).toMatchObject({ task: {}, errors: [] });
  Object.assign(tower.rows.vms?.[0] ?? {}, { status: "RUNNING" });
  expect(await startVm(gateway, vmId)).toMatchObject({ errors: [] });
  expect(tower.count("start-vm")).toBe(1);
});
