import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  createsVmSnapshot,
  dataEffectOf,
  harmlessMutations,
  isTaskOf,
  mayCreateGroupSnapshot,
  mayCreateSnapshot,
} from "../../src/resources/task/task-mutation.js";

const named = (resource_mutation: string | null) => ({ id: "t", resource_mutation });

describe("a task's kind", () => {
  test.each(["rollbackVm", "RollbackVm", "ROLLBACK_VM", "rollback-vm", "rollback_vm", "rollback vm"])(
    "is the same in the spelling %s",
    (name) => {
      expect(isTaskOf("rollback", named(name))).toBe(true);
      expect(dataEffectOf(named(name))).toBe("replaces");
    },
  );

  test.each([null, "", " ", "x", "createVmSnapshot2", "createVmSnapshotAndRevert", "vm", "toString", "__proto__"])(
    "is not known for the name %j: it may create a snapshot, and its effect on data is unknown",
    (name) => {
      expect(dataEffectOf(named(name))).toBe("unknown");
      expect(mayCreateSnapshot(named(name))).toBe(true);
      expect(mayCreateGroupSnapshot(named(name))).toBe(true);
      expect(createsVmSnapshot(named(name))).toBe(false);
      for (const kind of ["create", "delete", "rollback", "rebuild"] as const) {
        expect(isTaskOf(kind, named(name))).toBe(false);
      }
    },
  );

  test.each([
    ["create", "keeps", "createConsistencyGroupSnapshot"],
    ["create", "keeps", "createConsistencySnapshotGroup"],
    ["delete", "keeps", "deleteConsistencyGroupSnapshot"],
    ["delete", "keeps", "deleteConsistencySnapshotGroup"],
    ["rollback", "replaces", "rollbackConsistencyGroupSnapshot"],
    ["rollback", "replaces", "rollbackConsistencySnapshotGroup"],
    // The id of the rollback's operation in the contract.
    ["rollback", "replaces", "updateConsistencyGroupSnapshot"],
  ] as const)("is %s, which %s data, for %s of a consistency group", (kind, effect, name) => {
    expect(isTaskOf(kind, named(name))).toBe(true);
    expect(dataEffectOf(named(name))).toBe(effect);
    expect(mayCreateGroupSnapshot(named(name))).toBe(kind === "create");
  });

  test("tells apart what creates a snapshot of a VM and what does not", () => {
    expect(mayCreateSnapshot(named("CREATE_VM_SNAPSHOT"))).toBe(true);
    for (const name of ["deleteVmSnapshot", "rollbackVm", "createVmVolumeSnapshot", "cloneVm"]) {
      expect(mayCreateSnapshot(named(name))).toBe(false);
    }
  });
});

test("no name that restores, reverts, resizes, moves or attaches data counts as harmless", () => {
  expect(harmlessMutations.length).toBeGreaterThan(50);
  expect(new Set(harmlessMutations).size).toBe(harmlessMutations.length);
  const dangerous = /rollback|restore|revert|disk$|VmVolume$|expand|AcrossCluster|recycle|mount(?!UsbDevice)/i;
  const suspicious = harmlessMutations.filter((name) => dangerous.test(name));
  // It makes a volume of its own, as creating and cloning one do.
  const makesAnother = /^(create|clone|export|unmount|rebuildVmVolume$)/;
  expect(suspicious.filter((name) => !makesAnother.test(name))).toEqual([]);
  for (const name of harmlessMutations) expect(dataEffectOf(named(name))).toBe("keeps");
});

test("no other file decides by a pattern what a task's mutation is", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const reads = files.filter((file) => {
    if (file.startsWith("simulator") || file.endsWith("wire/contract.ts")) return false;
    return readFileSync(join("src", file), "utf8").includes("resource_mutation");
  });
  expect(reads.sort()).toEqual([
    "flows/backup/lineage/judge-tasks.ts",
    "flows/backup/lineage/tasks-between.ts",
    // Compares it with what a client asks for.
    "flows/events/event-filters.ts",
    // Shows it.
    "flows/snapshot-data/task-reasons.ts",
    "resources/task/task-mutation.ts",
    "resources/task/task.type.ts",
  ]);
});
