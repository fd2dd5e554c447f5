import { expect, test } from "vitest";
import { matchDisks } from "../../src/flows/backup/match-disks.js";
import type { BaseDisk } from "../../src/flows/backup/usable-data.js";
import { diskSlot } from "../../src/resources/shared/disk-slot.js";
import { startBackup } from "./support/backup.js";

interface Disk {
  readonly slot: string | null;
  readonly bus: string;
  readonly key: number | null;
}

test("a live disk and the same disk in a snapshot have the same slot, and no two disks of a VM share one", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  for (const name of ["web-prod-01", "legacy-billing"]) {
    await backup.create({ vmId: backup.vmId(name), name: "s", waitSeconds: 30 });
    const { vm } = await backup.data<{
      vm: { disks: (Disk & { id: string })[]; snapshots: { nodes: { disks: Disk[] }[] } };
    }>(
      `query ($id: ID!) { vm(id: $id) { disks { id slot bus key } snapshots(filter: { name: { eq: "s" } }) { nodes { disks { slot bus key } } } } }`,
      { id: backup.vmId(name) },
    );
    const live = vm.disks.map(({ slot }) => slot);
    expect(live.length).toBeGreaterThan(0);
    expect(new Set(live).size).toBe(live.length);
    for (const { slot, bus, key } of vm.disks) expect(slot).toBe(`${bus}:k${key}`);
    expect(vm.snapshots.nodes[0]?.disks.map(({ slot }) => slot).toSorted()).toEqual(live.toSorted());
    for (const { id, slot } of vm.disks) if (id.split(":").length === 4) expect(id.endsWith(`:${slot}`)).toBe(true);
  }
});

test.each([
  [{ bus: "SCSI", key: 0, boot: 3 }, "SCSI:k0"],
  [{ bus: "IDE", key: null, boot: 0 }, "IDE:b0"],
  [{ bus: "SCSI" }, null],
  [{ bus: "", key: 1 }, null],
  [{ bus: null, key: 1, boot: 1 }, null],
])("the slot of %j is %j", (row, slot) => {
  expect(diskSlot(row)).toBe(slot);
});

test("disks with other volumes are the same disk only if their slots are known and equal", () => {
  const disk = (row: object) => ({ disk: { row } }) as unknown as BaseDisk;
  const pairOf = (had: object, has: object) => {
    const [base, target] = [disk({ ...had, vm_volume_local_id: "a" }), disk({ ...has, vm_volume_local_id: "b" })];
    return matchDisks([base], [target as never]).pairs[0]?.base === base;
  };
  expect(pairOf({ bus: "SCSI", key: 1 }, { bus: "SCSI", key: 1, boot: 2 })).toBe(true);
  expect(pairOf({ bus: "SCSI", key: 1 }, { bus: "SCSI", key: 2 })).toBe(false);
  for (const unknown of [{}, { bus: "SCSI" }, { key: 1 }]) expect(pairOf(unknown, unknown)).toBe(false);
});
