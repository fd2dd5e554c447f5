import { expect, test } from "vitest";
import type { Columns, OtherTower } from "./support/other-tower.js";
import { addTask, startOther } from "./support/other-world.js";

type Change = (tower: OtherTower) => void;

const snapshot = (tower: OtherTower) => tower.row("VmSnapshot", "s2");
const disk = (tower: OtherTower) => (snapshot(tower).vm_disks as Columns[])[0] as Columns;
const withoutNics: Change = (tower) => {
  tower.row("Vm", "vm1").vm_nics = null;
  tower.rows.set("VmNic", []);
};
const withoutDisks: Change = (tower) => {
  tower.row("Vm", "vm1").vm_disks = [];
  tower.rows.set("VmDisk", []);
};
const both =
  (...changes: Change[]): Change =>
  (tower) => {
    for (const change of changes) change(tower);
  };
const set =
  (columns: Columns): Change =>
  (tower) =>
    Object.assign(snapshot(tower), columns);
const setDisk =
  (columns: Columns): Change =>
  (tower) =>
    Object.assign(disk(tower), columns);

const complete: [string, Change][] = [
  ["has all columns", () => {}],
  ["has columns of a newer version", set({ future: { a: [1] } })],
  ["was of a VM that is gone", both(set({ vm: null }), (tower) => tower.rows.set("Vm", []))],
  ["will never have a time", set({ local_created_at: null })],
  ["has null NICs, like its VM", both(set({ vm_nics: null }), withoutNics)],
  ["has null disks, like its VM", both(set({ vm_disks: null }), withoutDisks)],
  ["has only a CD-ROM drive", (tower) => (snapshot(tower).vm_disks as Columns[]).shift()],
  [
    "has a volume snapshot with a placeholder",
    (tower) => Object.assign(tower.row("VmVolumeSnapshot", "vsid-s2"), { zbs_snapshot_uuid: "placeholder-1" }),
  ],
  [
    "has a deletion that failed, and its creation is forgotten",
    (tower) => {
      tower.rows.set("Task", []);
      addTask(
        tower,
        { id: "d", resource_id: "s2", resource_mutation: "deleteVmSnapshot", status: "FAILED" },
        Date.now(),
      );
    },
  ],
];

test.each(complete)("a snapshot that %s is ready, and has a manifest", async (_, change) => {
  const { tower, ready, manifest } = await startOther();
  change(tower);
  expect(await ready("s2")).toEqual({ ready: true, reasons: [], errors: [] });
  expect(JSON.parse(await manifest("s2")).version).toBe(1);
});

const incomplete: [string, string, Change][] = [
  ["no CPU topology", "CONFIGURATION_UNKNOWN", set({ cpu: {} })],
  ["an empty firmware", "CONFIGURATION_UNKNOWN", set({ firmware: "" })],
  ["an empty consistency", "CONFIGURATION_UNKNOWN", set({ consistent_type: "" })],
  ["a size that is no number", "DISK_INCOMPLETE", setDisk({ size: "1024" })],
  ["a number of CPUs that is no number", "CONFIGURATION_UNKNOWN", set({ vcpu: "2" })],
  ["null NICs, unlike its VM", "NICS_UNKNOWN", set({ vm_nics: null })],
  ["null NICs, and a VM that is gone", "NICS_UNKNOWN", set({ vm_nics: null, vm: null })],
  [
    "null NICs, and a VM whose NICs may have been removed since",
    "NICS_UNKNOWN",
    both(set({ vm_nics: null }), withoutNics, (tower) =>
      addTask(tower, { id: "r", resource_id: "vm1", resource_mutation: "removeVmNic" }, Date.now()),
    ),
  ],
  [
    "null disks, and a VM with an unknown task since",
    "DISKS_UNKNOWN",
    both(set({ vm_disks: null }), withoutDisks, (tower) =>
      addTask(tower, { id: "r", resource_id: "vm1", resource_mutation: null }, Date.now()),
    ),
  ],
  [
    "a LUN snapshot that was made long after it",
    "LUN_SNAPSHOT_MISMATCH",
    (tower) => Object.assign(tower.row("IscsiLunSnapshot", "lsid-s2"), { local_created_at: "2126-01-01T00:00:00Z" }),
  ],
  [
    "a LUN snapshot of its name in another cluster only",
    "LUN_SNAPSHOT_MISSING",
    (tower) => Object.assign(tower.row("IscsiLunSnapshot", "lsid-s2"), { iscsi_target: { id: "t-c2" } }),
  ],
];

test.each(incomplete)("a snapshot with %s is not ready, and has no manifest: %s", async (_, code, change) => {
  const { tower, ready, manifest } = await startOther({ READY_TIMEOUT_SECONDS: "1" });
  change(tower);
  expect(await ready("s2")).toMatchObject({
    ready: false,
    reasons: [{ code }],
    errors: [{ code: "SNAPSHOT_NOT_READY" }],
  });
  expect(await manifest("s2")).toBe("SNAPSHOT_NOT_READY");
});

test.each([
  [
    "a volume without a LUN",
    "DISK_WITHOUT_LUN",
    both(setDisk({ snapshot_local_id: null }), (tower) => Object.assign(tower.row("VmVolume", "v-vm1"), { lun: null })),
  ],
  ["a disk of an unknown type", "DISK_INCOMPLETE", setDisk({ type: "TAPE" })],
])("%s is reported without waiting for the end of the time", async (_, code, change: Change) => {
  const { tower, ready } = await startOther({ READY_TIMEOUT_SECONDS: "3600" });
  change(tower);
  expect(await ready("s2")).toMatchObject({
    ready: false,
    reasons: [{ code }],
    errors: [{ code: "SNAPSHOT_NOT_READY" }],
  });
});

test("a manifest does not depend on when CloudTower learns the snapshot's time", async () => {
  const { tower, manifest } = await startOther();
  const known = await manifest("s2");
  set({ local_created_at: null })(tower);
  expect(await manifest("s2")).toBe(known);
});
