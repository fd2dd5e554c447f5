/**
 * The nightly backup of one VM, from beginning to end: a snapshot with a lease, what to read of each disk, and the deletion of old ones.
 *
 *   npx tsx docs/examples/nightly.ts <VM name> <job> <state file> [<nights to keep>]
 *
 * The state file has the id of the snapshot whose data was read last: the base of the next night. `NIGHT` is the night's name (default: the
 * date in UTC). Reads TOWERQL_URL (default http://localhost:4000/graphql) and TOWERQL_TOKEN. Run it again after a failure, with the same
 * night: it goes on. Exits with 0 if everything was read.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createClient } from "@towerql/client";

const [vmName, job, stateFile, nights = "7"] = process.argv.slice(2);
if (vmName === undefined || job === undefined || stateFile === undefined || !/^[1-9]\d?$/.test(nights)) {
  console.error("usage: nightly.ts <VM name> <job> <state file> [<nights to keep, 1 to 99>]");
  process.exit(2);
}
const night = process.env.NIGHT ?? new Date().toISOString().slice(0, 10);
/** Two nights: until the next one has been read, this one is its base. */
const LEASE = { owner: job, seconds: 2 * 86_400 };
const client = createClient({
  url: process.env.TOWERQL_URL ?? "http://localhost:4000/graphql",
  token: process.env.TOWERQL_TOKEN ?? "",
});

try {
  const vm = await client.findVm(vmName);
  // The VM and the name are the snapshot's identity: a second run finds the same one.
  const snapshot = await client.takeSnapshot(
    vm.id,
    {
      name: `${job}-${night}`,
      consistency: "FILE_SYSTEM_CONSISTENT",
      onToolsNotRunning: "CRASH_CONSISTENT",
    },
    { lease: LEASE },
  );
  await client.waitUntilReady(snapshot);
  const base = existsSync(stateFile) ? readFileSync(stateFile, "utf8").trim() : undefined;
  if (base !== snapshot.id) {
    const disks =
      base === undefined || !(await renewed(base)) ? await whole(snapshot.id) : await plan(vm.id, base, snapshot.id);
    for (const disk of disks) read(disk);
    // Only now is this snapshot the base of the next night.
    writeFileSync(stateFile, snapshot.id);
  }
  await deleteOld(vm.id, snapshot.id);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

interface Disk {
  readonly mode: string;
  readonly targetZbsId: string | null;
  readonly baseZbsId: string | null;
  readonly reason: string | null;
}

/** Stands for the transfer of the data, through ZADP. */
function read({ mode, targetZbsId, baseZbsId, reason }: Disk): void {
  if (targetZbsId === null) throw new Error("A disk has no data to read.");
  console.log([mode, targetZbsId, baseZbsId ?? reason].join(" "));
}

/** Renews the lease of the base, so that nothing deletes it while it is read. False if it is gone: everything is read then. */
async function renewed(id: string): Promise<boolean> {
  const { renewSnapshotLeases } = await client.mutate<{
    renewSnapshotLeases: { results: readonly { errors: readonly { code: string; message: string }[] }[] };
  }>(
    `mutation ($id: ID!, $seconds: Int!) { renewSnapshotLeases(input: { snapshotIds: [$id], seconds: $seconds }) {
      results { errors { code message } } } }`,
    { id, seconds: LEASE.seconds },
  );
  const [error] = renewSnapshotLeases.results.flatMap(({ errors }) => errors);
  // Without a lease nothing deletes it by itself.
  if (error === undefined || error.code === "SNAPSHOT_NOT_LEASED") return true;
  if (error.code === "SNAPSHOT_NOT_FOUND") return false;
  throw new Error(error.message);
}

/** All disks of a first backup. */
async function whole(snapshotId: string): Promise<readonly Disk[]> {
  const { disks } = await client.waitUntilReady(snapshotId);
  return disks.map(({ zbsId }) => ({ mode: "FULL", targetZbsId: zbsId, baseZbsId: null, reason: "NO_BASE" }));
}

/** What to read of each disk: all of it, or what changed since the base. */
async function plan(vmId: string, since: string, to: string): Promise<readonly Disk[]> {
  const { vm } = await client.query<{ vm: { incrementalPlan: { disks: readonly Disk[] } } }>(
    `query ($vmId: ID!, $since: ID!, $to: ID!) { vm(id: $vmId) {
      incrementalPlan(sinceSnapshotId: $since, toSnapshotId: $to) { disks { mode reason baseZbsId targetZbsId } }
    } }`,
    { vmId, since, to },
  );
  return vm.incrementalPlan.disks;
}

/** Deletes the snapshots of the VM that the job owns but for the newest ones, of which one is the base of the next night. */
async function deleteOld(vmId: string, base: string): Promise<void> {
  const { vm } = await client.query<{ vm: { snapshots: { nodes: readonly { id: string; name: string }[] } } }>(
    `query ($vmId: ID!, $owner: String!) { vm(id: $vmId) {
      snapshots(first: 200, filter: { lease: { owner: $owner } }, orderBy: { field: CREATED_AT, direction: DESC }) {
        nodes { id name }
      }
    } }`,
    { vmId, owner: LEASE.owner },
  );
  const old = vm.snapshots.nodes.slice(Number(nights)).filter(({ id }) => id !== base);
  if (old.length === 0) return;
  const { deleteVmSnapshots } = await client.mutate<{
    deleteVmSnapshots: {
      results: readonly { inputId: string; errors: readonly { code: string; message: string }[] }[];
    };
  }>(
    `mutation ($ids: [ID!]!) { deleteVmSnapshots(input: { ids: $ids, onLocked: WAIT, maxWaitSeconds: 120 }) {
      results { inputId errors { code message } } } }`,
    { ids: old.slice(0, 100).map(({ id }) => id) },
    { waitSeconds: 120 },
  );
  // What could not be deleted is deleted in the next night.
  for (const { inputId, errors } of deleteVmSnapshots.results) {
    console.error(errors[0] === undefined ? `deleted ${inputId}` : `${inputId}: ${errors[0].message}`);
  }
}
