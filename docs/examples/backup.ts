/**
 * Takes a snapshot of a VM for a backup, waits until its data can be read, and prints the ZBS volumes to read.
 *
 *   npx tsx docs/examples/backup.ts <VM name> <snapshot name> [<earlier snapshot's id>]
 *
 * Reads TOWERQL_URL (default http://localhost:4000/graphql), TOWERQL_TOKEN, and TOWERQL_TIMEOUT_SECONDS (default 60), after which a request
 * is repeated. Safe to run again with the same names: it finds the same snapshot. Exits with 0 if the volumes can be read.
 */
import { createClient } from "@towerql/client";

const [vmName, snapshotName, earlierSnapshotId] = process.argv.slice(2);
if (vmName === undefined || snapshotName === undefined) {
  console.error("usage: backup.ts <VM name> <snapshot name> [<earlier snapshot's id>]");
  process.exit(2);
}
const client = createClient({
  url: process.env.TOWERQL_URL ?? "http://localhost:4000/graphql",
  token: process.env.TOWERQL_TOKEN ?? "",
  requestTimeoutSeconds: Number(process.env.TOWERQL_TIMEOUT_SECONDS ?? 60),
});

try {
  const vm = await client.findVm(vmName);
  const snapshot = await client.takeSnapshot(vm.id, {
    name: snapshotName,
    consistency: "FILE_SYSTEM_CONSISTENT",
    onToolsNotRunning: "CRASH_CONSISTENT",
  });
  console.error(`snapshot ${snapshot.id}`);
  const { disks } = await client.waitUntilReady(snapshot, {
    onProgress: ({ status, progress }) => console.error(`${status} ${Math.round(progress * 100)} %`),
  });
  if (earlierSnapshotId === undefined) {
    for (const { zbsId, sizeBytes } of disks) console.log(`FULL ${zbsId} ${sizeBytes}`);
  } else {
    for (const disk of await plan(vm.id, earlierSnapshotId, snapshot.id)) {
      console.log([disk.mode, disk.targetZbsId, disk.baseZbsId ?? disk.reason].join(" "));
    }
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** What to read of each disk: all of it, or what changed since the earlier snapshot. */
async function plan(vmId: string, since: string, to: string) {
  interface Disk {
    readonly mode: string;
    readonly reason: string | null;
    readonly baseZbsId: string | null;
    readonly targetZbsId: string;
  }
  const { vm } = await client.query<{ vm: { incrementalPlan: { disks: readonly Disk[] } } }>(
    `query ($vmId: ID!, $since: ID!, $to: ID!) { vm(id: $vmId) {
      incrementalPlan(sinceSnapshotId: $since, toSnapshotId: $to) { disks { mode reason baseZbsId targetZbsId } }
    } }`,
    { vmId, since, to },
  );
  return vm.incrementalPlan.disks;
}
