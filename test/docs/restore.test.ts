import { expect, test } from "vitest";
import { type Restored, startWorld } from "../restore/support/restore.js";
import { codeBlocks, readPage } from "./support/pages.js";

const operations = codeBlocks(readPage("docs/restore.md"), "graphql");

function named(name: string): string {
  const found = operations.find((text) => new RegExp(`^\\w+ ${name}\\b`).test(text));
  if (found === undefined) throw new Error(`docs/restore.md has no operation ${name}`);
  return found;
}

interface Results {
  readonly vmSnapshot: { readonly disks: readonly { readonly slot: string; readonly volumeLocalId: string }[] };
  readonly restoreDisk: Restored;
  readonly rebuildVmFromSnapshot: { readonly errors: readonly object[] };
  readonly rollbackVm: { readonly errors: readonly object[] };
  readonly powerOffVm: { readonly errors: readonly object[] };
  readonly startVm: { readonly errors: readonly object[] };
  readonly vmVolumes: { readonly nodes: readonly { readonly name: string }[] };
}

test("the operations of the page work in its order, and the page has no other", async () => {
  const world = await startWorld();
  const { vm: vmId, snapshotId, otherVm } = world;
  const run = async (name: string, variables: Record<string, unknown> = {}) => {
    world.simulator.advance(60_000);
    return world.data<Results>(named(name), variables);
  };

  expect((await run("Rebuild", { snapshotId, newName: "copy" })).rebuildVmFromSnapshot.errors).toEqual([]);
  expect((await run("RollBack", { vmId, snapshotId })).rollbackVm.errors).toEqual([]);
  const [disk, second] = (await run("FindDisks", { snapshotId })).vmSnapshot.disks;
  const one = { snapshotId, disk: disk?.slot };
  expect((await run("RestoreVolume", { ...one, name: "r-1" })).restoreDisk).toMatchObject({
    state: "VOLUME_CREATED",
    done: true,
  });
  const attached = await run("RestoreAttached", {
    snapshotId,
    disk: second?.volumeLocalId,
    name: "r-2",
    vmId: otherVm,
  });
  expect(attached.restoreDisk).toMatchObject({ state: "ATTACHED", done: true, errors: [] });
  expect((await run("Start", { vmId })).startVm.errors).toEqual([]);
  const replace = { ...one, name: "r-3", vmId };
  expect((await run("ReplaceDisk", replace)).restoreDisk).toMatchObject({
    state: null,
    errors: [{ code: "VM_POWER_STATE" }],
  });
  expect((await run("PowerOff", { vmId })).powerOffVm.errors).toEqual([]);
  expect((await run("ReplaceDisk", replace)).restoreDisk).toMatchObject({ state: "REPLACED", done: true, errors: [] });
  expect((await run("LeftBehind")).vmVolumes.nodes.map(({ name }) => name)).toEqual(["r-1"]);
  expect(operations).toHaveLength(9);
});

test("the page names every state", async () => {
  const world = await startWorld();
  const { __type } = await world.data<{ __type: { enumValues: { name: string }[] } }>(
    '{ __type(name: "DiskRestoreState") { enumValues { name } } }',
  );
  const page = readPage("docs/restore.md");
  expect(__type.enumValues.filter(({ name }) => !page.includes(`| \`${name}\` |`))).toEqual([]);
});
