import { expect, test } from "vitest";
import { startWorld } from "../restore/support/restore.js";
import { RestoreDiskDocument, type RestoreDiskTarget } from "./generated.js";

test("a typed operation restores a disk, and its target is exactly one", async () => {
  const world = await startWorld();
  const { snapshotId, slot: disk, otherVm } = world;
  const { restoreDisk } = await world.data(RestoreDiskDocument, {
    input: { snapshotId, disk, name: "restored", to: { attachTo: { vmId: otherVm } } },
  });

  expect(restoreDisk).toMatchObject({
    done: true,
    state: "ATTACHED",
    duplicates: [],
    replacedVolume: null,
    errors: [],
  });
  // @ts-expect-error: two targets.
  const both: RestoreDiskTarget = { newVolume: true, attachTo: { vmId: "x" } };
  expect(both).toBeDefined();
});
