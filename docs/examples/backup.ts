/**
 * Takes a snapshot of a VM for a backup, waits until its data can be read, and prints the ZBS volumes to read.
 *
 *   npx tsx docs/examples/backup.ts <VM name> <snapshot name> [<earlier snapshot's id>]
 *
 * Reads TOWERQL_URL (default http://localhost:4000/graphql) and TOWERQL_TOKEN. Needs `graphql-ws` and `ws`.
 * Safe to run again with the same names: it finds the same snapshot. Exits with 0 if the volumes can be read.
 */
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const url = process.env.TOWERQL_URL ?? "http://localhost:4000/graphql";
const token = process.env.TOWERQL_TOKEN;
const [vmName, snapshotName, earlierSnapshotId] = process.argv.slice(2);
if (vmName === undefined || snapshotName === undefined) {
  console.error("usage: backup.ts <VM name> <snapshot name> [<earlier snapshot's id>]");
  process.exit(2);
}

/** Failures that a repetition of the same call resolves; a write with an unknown outcome is in doubt for some minutes. */
const REPEATABLE = new Set([
  "WRITE_OUTCOME_UNKNOWN",
  "WRITE_QUEUED",
  "WRITE_NOT_SENT",
  "GATEWAY_STOPPING",
  "UPSTREAM_FAILED",
  "SNAPSHOT_UNMATCHED",
]);
const REPEAT_MS = 300_000;

// Reconnects after a lost connection. A new subscription starts with the current state, even if it is the final one.
const socket = createClient({
  url: url.replace(/^http/, "ws"),
  webSocketImpl: WebSocket,
  retryAttempts: 10,
  connectionParams: token === undefined ? {} : { Authorization: token },
});

try {
  const vm = await findVm(vmName);
  const { snapshot, task } = await takeSnapshot(vm.id, snapshotName);
  console.error(`snapshot ${snapshot.id}`);
  const progress = task === null ? Promise.resolve() : showProgress(task.id);
  const disks = await ready(snapshot.id);
  await progress;
  if (earlierSnapshotId === undefined) {
    for (const disk of disks) console.log(`FULL ${disk.lunSnapshot.storageVolume.zbsId} ${disk.sizeBytes}`);
  } else {
    for (const disk of await plan(vm.id, earlierSnapshotId, snapshot.id)) {
      console.log([disk.mode, disk.targetZbsId, disk.baseZbsId ?? disk.reason].join(" "));
    }
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await socket.dispose();
}

interface Disk {
  readonly sizeBytes: number;
  readonly lunSnapshot: { readonly storageVolume: { readonly zbsId: string } };
}

interface Problem {
  readonly code: string;
  readonly message: string;
}

async function findVm(name: string): Promise<{ readonly id: string }> {
  const { vms } = await send<{ vms: { nodes: { id: string }[] } }>(
    "query ($name: String!) { vms(filter: {name: {eq: $name}}) { nodes { id } } }",
    { name },
  );
  const [vm, other] = vms.nodes;
  if (vm === undefined || other !== undefined)
    throw new Error(`${vms.nodes.length} VMs are named ${name}: the name must be unique`);
  return vm;
}

/** Retries after a lost connection or an unknown outcome. This is safe: VM and name identify the snapshot. */
async function takeSnapshot(vmId: string, name: string) {
  interface Taken {
    readonly snapshot: { readonly id: string } | null;
    readonly task: { readonly id: string } | null;
    readonly errors: readonly Problem[];
  }
  const mutation = `mutation ($input: CreateVmSnapshotInput!) {
    createVmSnapshot(input: $input) { snapshot { id } task { id } created consistency errors { code message } }
  }`;
  const input = {
    vmId,
    name,
    consistency: "FILE_SYSTEM_CONSISTENT",
    onToolsNotRunning: "CRASH_CONSISTENT",
    onLocked: "WAIT",
    maxWaitSeconds: 120,
  };
  const until = Date.now() + REPEAT_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { snapshot, task, errors } = (await send<{ createVmSnapshot: Taken }>(mutation, { input }))
        .createVmSnapshot;
      if (snapshot !== null) return { snapshot, task };
      const problem = errors[0] as Problem;
      if (!REPEATABLE.has(problem.code) || Date.now() > until) throw new Refused(problem.message);
    } catch (error) {
      if (error instanceof Refused || Date.now() > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(1000 * attempt, 10_000)));
  }
}

async function showProgress(taskId: string): Promise<void> {
  const events = socket.iterate<{ taskProgress: { status: string; progress: number } | null }>({
    query: "subscription ($taskId: ID!) { taskProgress(taskId: $taskId) { status progress } }",
    variables: { taskId },
  });
  for await (const { data } of events) {
    if (data?.taskProgress)
      console.error(`${data.taskProgress.status} ${Math.round(data.taskProgress.progress * 100)} %`);
  }
}

/** Waits until the data can be read. The success of the task is not enough: `vmSnapshotReady` sends one event when it can. */
async function ready(snapshotId: string): Promise<readonly Disk[]> {
  interface Ready {
    readonly ready: boolean;
    readonly errors: readonly Problem[];
    readonly snapshot: { readonly disks: readonly Disk[] } | null;
  }
  const events = socket.iterate<{ vmSnapshotReady: Ready | null }>({
    query: `subscription ($snapshotId: ID!) { vmSnapshotReady(snapshotId: $snapshotId) {
      ready errors { code message } snapshot { disks(type: DISK) { sizeBytes lunSnapshot { storageVolume { zbsId } } } }
    } }`,
    variables: { snapshotId },
  });
  for await (const { data, errors } of events) {
    if (!data?.vmSnapshotReady) throw new Error(errors?.[0]?.message ?? "no result");
    const { ready: isReady, snapshot, errors: problems } = data.vmSnapshotReady;
    if (!isReady || snapshot === null) throw new Error(problems.map(({ message }) => message).join("; "));
    return snapshot.disks;
  }
  throw new Error("the stream ended without an event");
}

async function plan(vmId: string, since: string, to: string) {
  interface Plan {
    readonly disks: readonly { mode: string; reason: string | null; baseZbsId: string | null; targetZbsId: string }[];
  }
  const { vm } = await send<{ vm: { incrementalPlan: Plan } }>(
    `query ($vmId: ID!, $since: ID!, $to: ID!) { vm(id: $vmId) {
      incrementalPlan(sinceSnapshotId: $since, toSnapshotId: $to) { disks { mode reason baseZbsId targetZbsId } }
    } }`,
    { vmId, since, to },
  );
  return vm.incrementalPlan.disks;
}

/** An error that a retry does not fix. */
class Refused extends Error {}

async function send<T>(query: string, variables: Record<string, unknown>): Promise<T> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token && { authorization: token }) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: T; errors?: { message: string }[] };
  if (errors !== undefined || data === undefined) throw new Error(errors?.[0]?.message ?? `HTTP ${response.status}`);
  return data;
}
