import { expect, test } from "vitest";
import { frozenDisks, idOf, startWorld, type World } from "./support/restore.js";

type Change = (world: World) => object | undefined;
const NONE = "cl0000000000000000000none";

/** The volume snapshot that holds the data of the first data disk. */
function sourceOf(world: World): { uuid: string; id: string } {
  const uuid = frozenDisks(world)[0]?.vm_volume_snapshot_uuid ?? "";
  return { uuid, id: String(world.simulator.control.rows("VmVolumeSnapshot", { local_id: uuid })[0]?.id) };
}

function clusterOf({ simulator: { control }, vm }: World): string {
  return idOf(control.row("Vm", vm)?.cluster);
}

function otherCluster(world: World): string {
  return String(world.simulator.control.rows("Cluster").find(({ id }) => id !== clusterOf(world))?.id);
}

function withoutUuid(world: World): undefined {
  const { simulator, snapshotId } = world;
  const vm_disks = frozenDisks(world).map((one) => ({ ...one, vm_volume_snapshot_uuid: null }));
  simulator.control.patch("VmSnapshot", snapshotId, { vm_disks });
}

/** Each returns what differs in the input, after it has changed CloudTower's data. */
const REFUSED: readonly [code: string, why: string, change: Change][] = [
  ["INVALID_ID", "the snapshot's id is malformed", () => ({ snapshotId: "Vm:x" })],
  ["INVALID_ID", "the VM's id is malformed", () => ({ to: { attachTo: { vmId: "VmSnapshot:x" } } })],
  ["INVALID_ID", "the volume's id is malformed", ({ vm }) => ({ to: { replace: { vmId: vm, volumeId: "a b" } } })],
  ["INVALID_NAME", "the name is blank", () => ({ name: " " })],
  ["INVALID_NAME", "the name is too long", () => ({ name: "n".repeat(256) })],
  ["INVALID_INPUT", "newVolume is false", () => ({ to: { newVolume: false } })],
  ["INVALID_INPUT", "the slot is malformed", ({ vm }) => ({ to: { attachTo: { vmId: vm, slot: "SCSI:9" } } })],
  ["SNAPSHOT_NOT_FOUND", "there is no such snapshot", () => ({ snapshotId: NONE })],
  ["DISK_NOT_IN_SNAPSHOT", "the disk is not the snapshot's", () => ({ disk: "VIRTIO:k999" })],
  ["DISK_NOT_IN_SNAPSHOT", "the disk is empty", () => ({ disk: "" })],
  [
    "DISK_NOT_IN_SNAPSHOT",
    "the disk is of another snapshot",
    ({ simulator: { control }, otherVm }) => {
      const [disk] = control.rows("VmDisk", { vm: { id: otherVm }, type: "DISK" });
      return { disk: control.row("VmVolume", idOf(disk?.vm_volume))?.local_id };
    },
  ],
  [
    "SNAPSHOT_NOT_READY",
    "the snapshot is being deleted",
    ({ simulator: { control }, snapshotId }) => {
      control.patch("VmSnapshot", snapshotId, { entityAsyncStatus: "DELETING" });
      return undefined;
    },
  ],
  ["DISK_NOT_RESTORABLE", "the disk names no volume snapshot", withoutUuid],
  [
    "DISK_NOT_RESTORABLE",
    "its volume snapshot is gone",
    (world) => void world.simulator.control.remove("VmVolumeSnapshot", sourceOf(world).id),
  ],
  [
    "DISK_NOT_RESTORABLE",
    "its volume snapshot is in another cluster",
    (world) => {
      const { uuid, id } = sourceOf(world);
      world.simulator.control.remove("VmVolumeSnapshot", id);
      world.simulator.control.insert("VmVolumeSnapshot", { local_id: uuid, cluster: otherCluster(world) });
      return undefined;
    },
  ],
  [
    "DISK_NOT_RESTORABLE",
    "two volume snapshots have its id",
    (world) => {
      world.simulator.control.insert("VmVolumeSnapshot", { local_id: sourceOf(world).uuid, cluster: clusterOf(world) });
      return undefined;
    },
  ],
  [
    "VOLUME_NAME_TAKEN",
    "another volume has the name",
    ({ simulator: { control }, volumes }) => ({ name: control.row("VmVolume", volumes[0] ?? "")?.name }),
  ],
  ["VM_NOT_FOUND", "there is no such VM", () => ({ to: { attachTo: { vmId: NONE } } })],
  [
    "VM_IN_RECYCLE_BIN",
    "the VM is in the recycle bin",
    ({ simulator: { control }, otherVm }) => {
      control.patch("Vm", otherVm, { in_recycle_bin: true });
      return { to: { attachTo: { vmId: otherVm } } };
    },
  ],
  [
    "VM_IN_ANOTHER_CLUSTER",
    "the VM is in another cluster",
    (world) => {
      const [vm] = world.simulator.control.rows("Vm", { cluster: { id: otherCluster(world) }, in_recycle_bin: false });
      return { to: { attachTo: { vmId: vm?.id } } };
    },
  ],
  ["SLOT_TAKEN", "the slot is taken", ({ vm, slot }) => ({ to: { attachTo: { vmId: vm, slot } } })],
  [
    "SNAPSHOT_OF_ANOTHER_VM",
    "a disk of another VM is to be replaced",
    ({ otherVm }) => ({ to: { replace: { vmId: otherVm } } }),
  ],
  [
    "VM_POWER_STATE",
    "the VM is running",
    ({ simulator: { control }, vm }) => {
      control.patch("Vm", vm, { status: "RUNNING" });
      return { to: { replace: { vmId: vm } } };
    },
  ],
  [
    "VM_POWER_STATE",
    "the VM is suspended",
    ({ simulator: { control }, vm }) => {
      control.patch("Vm", vm, { status: "SUSPENDED" });
      return { to: { replace: { vmId: vm } } };
    },
  ],
  [
    "VOLUME_NOT_ATTACHED",
    "the volume to replace is not the VM's",
    ({ vm, otherVm, attached }) => ({ to: { replace: { vmId: vm, volumeId: attached(otherVm)[0] } } }),
  ],
];

test("whatever prevents a restore is a typed error before anything is written", async () => {
  for (const [code, why, change] of REFUSED) {
    const world = await startWorld({ env: { UPSTREAM_READ_ATTEMPTS: "1" } });
    const { snapshotId, slot: disk } = world;
    const input = { snapshotId, disk, name: "restored", to: { newVolume: true }, ...change(world) };

    const outcome = await world.restore(input);

    expect(outcome, why).toMatchObject({ done: false, state: null, volume: null, errors: [{ code }] });
    expect(outcome.errors, why).toHaveLength(1);
    expect(world.sent(), why).toEqual([0, 0, 0]);
  }
}, 60_000);

test("the error about the disk lists the slots that there are", async () => {
  const world = await startWorld();
  const { snapshotId, slot } = world;
  const { errors } = await world.restore({ snapshotId, disk: "SCSI:k9", name: "n", to: { newVolume: true } });
  expect(errors[0]?.slots).toContain(slot);
});

test("a restored volume that is attached to one VM is not attached to another, and one that is being deleted locks", async () => {
  const world = await startWorld();
  const { snapshotId, slot: disk, otherVm, vm } = world;
  const attach = (vmId: string) => world.restore({ snapshotId, disk, name: "restored", to: { attachTo: { vmId } } });
  expect(await attach(otherVm)).toMatchObject({ done: true });

  expect(await attach(vm)).toMatchObject({ state: "VOLUME_CREATED", errors: [{ code: "VOLUME_IN_USE" }] });
  world.simulator.control.remove(
    "VmDisk",
    String(world.simulator.control.rows("VmDisk", { vm_volume: { id: world.named("restored")[0] } })[0]?.id),
  );
  world.simulator.control.patch("VmVolume", world.named("restored")[0] ?? "", { entityAsyncStatus: "DELETING" });
  expect(await attach(vm)).toMatchObject({ done: false, errors: [{ code: "RESOURCE_LOCKED" }] });
  expect(world.sent()).toEqual([1, 1, 0]);
});

test("a VM that is started while its disk is being replaced keeps the old disk, and a repetition goes on when it is off", async () => {
  const world = await startWorld();
  const { snapshotId, slot: disk, vm, volumes } = world;
  const { control, faults } = world.simulator;
  const input = { snapshotId, disk, name: "restored", to: { replace: { vmId: vm } } };
  // Between the look and the write: the disks are read directly before it.
  faults.add({
    operation: "get-vm-disks",
    match() {
      if (world.attached().length === volumes.length + 1) control.patch("Vm", vm, { status: "RUNNING" });
      return false;
    },
  });

  const refused = await world.restore(input);
  expect(refused).toMatchObject({
    state: "ATTACHED",
    done: false,
    errors: [{ code: "VM_POWER_STATE", vmStatus: "RUNNING" }],
  });
  expect(world.sent()).toEqual([1, 1, 0]);
  faults.clear();
  control.patch("Vm", vm, { status: "STOPPED" });
  expect(await world.restore(input)).toMatchObject({ state: "REPLACED", done: true });
  expect(world.sent()).toEqual([1, 1, 1]);
});
