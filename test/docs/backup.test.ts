import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { startBackup } from "../snapshots/support/backup.js";
import { collect } from "../snapshots/support/stream.js";

const page = readFileSync(new URL("../../docs/backup.md", import.meta.url), "utf8");
const operations = [...page.matchAll(/```graphql\n(.*?)```/gs)].map(([, text = ""]) => text);

interface Item {
  readonly id: string;
}

interface PlannedVm extends Item {
  readonly incrementalPlan: {
    readonly since: Item | null;
    readonly disks: readonly { readonly mode: string }[];
  } | null;
}

/** Results of the guide's operations; each has only its own part. */
interface Results {
  readonly vms: { readonly nodes: readonly Item[] };
  readonly vm: {
    readonly snapshotReadiness: object;
    readonly incrementalPlan: { readonly disks: readonly { readonly mode: string }[] };
  };
  readonly createVmSnapshot: { readonly snapshot: Item; readonly task: Item };
  readonly createVmSnapshots: { readonly results: readonly { readonly snapshot: Item }[] };
  readonly vmSnapshot: { readonly backupManifest: { readonly json: string } };
  readonly rebuildVmFromSnapshot: { readonly errors: readonly object[] };
  readonly rollbackVm: { readonly errors: readonly object[] };
  readonly restoreDisk: { readonly done: boolean };
  readonly deleteVmSnapshots: { readonly results: readonly object[] };
}

function named(name: string): string {
  const found = operations.find((text) => new RegExp(`^\\w+ ${name}\\(`).test(text));
  if (found === undefined) throw new Error(`docs/backup.md has no operation ${name}`);
  return found;
}

test("the operations of the guide work in its order, from the VM to the restore", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const run = async (name: string, variables: Record<string, unknown>) => {
    backup.simulator.advance(60_000);
    return backup.data<Results>(named(name), variables);
  };

  const found = await run("FindVm", { name: "web-prod-01" });
  const vmId = found.vms.nodes[0]?.id;
  expect((await run("WillItWork", { vmId })).vm.snapshotReadiness).toMatchObject({ possible: true, problems: [] });

  const taken = (await run("TakeSnapshot", { vmId, name: "job-1" })).createVmSnapshot;
  expect(taken).toMatchObject({ created: true, consistency: "FILE_SYSTEM_CONSISTENT", errors: [] });
  const [ready] = await collect<never>(backup.socket(), named("WaitUntilReady"), { snapshotId: taken.snapshot.id })
    .done;
  expect(ready?.data).toMatchObject({
    vmSnapshotReady: { ready: true, errors: [], snapshot: { id: taken.snapshot.id } },
  });
  const states = await collect<never>(backup.socket(), named("ShowProgress"), { taskId: taken.task.id }).done;
  expect(states.at(-1)?.data).toMatchObject({ taskProgress: { status: "SUCCEEDED", progress: 1 } });

  const saved = (await run("SaveConfiguration", { snapshotId: taken.snapshot.id })).vmSnapshot.backupManifest;
  expect(JSON.parse(saved.json).rebuildInput).toMatchObject({ snapshotId: taken.snapshot.id });

  const many = (await run("TakeSnapshots", { vmId, name: "job-2" })).createVmSnapshots;
  const second = many.results[0]?.snapshot.id;
  const all = await collect<never>(backup.socket(), named("WaitForAll"), { snapshotIds: [second] }).done;
  expect(all.at(-1)?.data).toMatchObject({
    vmSnapshotsReady: { ended: true, ready: true, endedCount: 1, totalCount: 1 },
  });
  const planned = (await run("PlanIncremental", { vmId, since: taken.snapshot.id, to: second })).vm.incrementalPlan;
  expect(planned.disks.map(({ mode }) => mode)).toEqual(["INCREMENTAL", "INCREMENTAL"]);

  const night = (await run("PlanNight", { prefix: "job-" })).vms.nodes as readonly PlannedVm[];
  const ofVm = night.find(({ id }) => id === `Vm:${vmId?.replace("Vm:", "")}`)?.incrementalPlan;
  expect(ofVm?.since?.id).toBe(taken.snapshot.id);
  expect(ofVm?.disks.map(({ mode }) => mode)).toEqual(["INCREMENTAL", "INCREMENTAL"]);

  expect((await run("Rebuild", { snapshotId: second, newName: "restored" })).rebuildVmFromSnapshot.errors).toEqual([]);
  expect((await run("RollBack", { vmId, snapshotId: second })).rollbackVm.errors).toEqual([]);
  const { vm } = await backup.data<{ vm: { disks: { slot: string }[] } }>(
    "query ($vmId: ID!) { vm(id: $vmId) { disks(type: DISK) { slot } } }",
    { vmId },
  );
  const disk = { snapshotId: second, disk: vm.disks[0]?.slot, volumeName: "restored" };
  expect((await run("RestoreDisk", disk)).restoreDisk).toMatchObject({ done: true, errors: [] });
  expect((await run("CleanUp", { ids: [taken.snapshot.id] })).deleteVmSnapshots.results).toMatchObject([
    { errors: [] },
  ]);
});

test("the guide has no operation that the test above omits", () => {
  expect(operations).toHaveLength(14);
});
