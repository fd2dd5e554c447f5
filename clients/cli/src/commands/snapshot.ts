import type { SnapshotRequest, TakenSnapshot } from "@towerql/client";
import type { Command } from "commander";
import { exitCodeOf, messageOf, NotFound } from "../failures.js";
import { printJson, printTable, size } from "../output.js";
import { showProgress } from "../progress.js";
import { type Session, sessionOf } from "../session.js";
import { addRemove } from "./remove.js";
import { addRestore } from "./restore.js";
import { positive } from "./vms.js";

/** Adds `towerql snapshot` with its commands. */
export function addSnapshot(program: Command): void {
  const snapshot = program.command("snapshot").description("Create, list, delete and restore snapshots of VMs.");
  addCreate(snapshot);
  addList(snapshot);
  addRemove(snapshot);
  addRestore(snapshot);
}

function addCreate(snapshot: Command): void {
  snapshot
    .command("create")
    .description("Create a snapshot of each VM. The same command again finds the same snapshots.")
    .argument("<vm...>", "names or ids of the VMs")
    .requiredOption("--name <name>", "name of the snapshots: VM and name identify a snapshot")
    .option("--file-system", "flush the guests' file systems first, where the guest tools run")
    .option("--wait", "wait until the data can be read")
    .action(async (vms: string[], options: { name: string; fileSystem?: true; wait?: true }, command: Command) => {
      const session = sessionOf(command);
      const { client, signal } = session;
      const requests: SnapshotRequest[] = [];
      for (const vm of vms) {
        const vmId = await session.vmId(vm);
        requests.push({
          vmId,
          name: options.name,
          ...(options.fileSystem && { consistency: "FILE_SYSTEM_CONSISTENT", onToolsNotRunning: "CRASH_CONSISTENT" }),
        });
      }
      const taken = await client.takeSnapshots(requests, { signal });
      const results = options.wait ? await wait(session, taken, vms) : taken;
      report(session, vms, taken, results);
    });
}

/** Waits for those that were created; the others stay as they are. */
async function wait(
  { client, signal }: Session,
  taken: readonly PromiseSettledResult<TakenSnapshot>[],
  vms: readonly string[],
): Promise<PromiseSettledResult<unknown>[]> {
  const targets = taken.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const progress = showProgress(
    new Map(taken.flatMap((one, at) => (one.status === "fulfilled" ? [[one.value.id, vms[at] ?? ""]] : []))),
  );
  try {
    const waited = await client.waitUntilReady(targets, { signal, onProgress: progress.tell });
    let next = 0;
    return taken.map((one) => (one.status === "fulfilled" ? (waited[next++] as PromiseSettledResult<unknown>) : one));
  } finally {
    progress.end();
  }
}

function report(
  { json }: Session,
  vms: readonly string[],
  taken: readonly PromiseSettledResult<TakenSnapshot>[],
  results: readonly PromiseSettledResult<unknown>[],
): void {
  const failures = results.flatMap((one, at) =>
    one.status === "rejected" ? [{ vm: vms[at] ?? "", reason: one.reason }] : [],
  );
  const rows = taken.map((one, at) => ({
    vm: vms[at] ?? "",
    ...(one.status === "fulfilled" && { snapshot: one.value }),
    error: results[at]?.status === "rejected" ? (messageOf(results[at].reason) ?? "") : null,
  }));
  if (json) printJson(rows);
  else {
    printTable(
      ["vm", "snapshot", "created", "consistency"],
      rows.flatMap(({ vm, snapshot }) =>
        snapshot ? [[vm, snapshot.id, created(snapshot), snapshot.consistency]] : [],
      ),
    );
    for (const { vm, reason } of failures) console.error(`${vm}: ${messageOf(reason)}`);
  }
  if (failures.length > 0) {
    process.exitCode = Math.max(...failures.map(({ reason }) => exitCodeOf(reason)));
  }
}

function created({ created }: TakenSnapshot): string {
  return created === null ? "unknown" : created ? "now" : "before";
}

interface Snapshots {
  /** Only if those of one VM are asked for. */
  readonly vm?: { readonly id: string } | null;
  readonly vmSnapshots: {
    readonly totalCount: number;
    readonly nodes: readonly {
      readonly id: string;
      readonly name: string;
      readonly createdAt: string | null;
      readonly consistency: string;
      readonly sizeBytes: number | null;
      readonly vm: { readonly id: string; readonly name: string } | null;
    }[];
  };
}

const SNAPSHOTS = `query Snapshots($vmId: ID!, $ofVm: Boolean!, $filter: VmSnapshotFilter, $first: Int!) {
  vm(id: $vmId) @include(if: $ofVm) { id }
  vmSnapshots(filter: $filter, first: $first, orderBy: { field: CREATED_AT, direction: DESC }) {
    totalCount
    nodes { id name createdAt consistency sizeBytes vm { id name } }
  }
}`;

function addList(snapshot: Command): void {
  snapshot
    .command("ls")
    .description("List snapshots, the newest first.")
    .argument("[vm]", "only those of this VM")
    .option("--limit <number>", "at most so many, up to 1000", positive, 50)
    .action(async (vm: string | undefined, { limit }: { limit: number }, command: Command) => {
      const { client, json, signal, vmId } = sessionOf(command);
      const id = vm === undefined ? undefined : await vmId(vm);
      const filter = id === undefined ? null : { vm: { id: { eq: id } } };
      const variables = { vmId: id ?? "", ofVm: id !== undefined, filter, first: limit };
      const { vm: found, vmSnapshots } = await client.query<Snapshots>(SNAPSHOTS, variables, { signal });
      // A mistyped id would look like a VM without snapshots.
      if (found === null) throw new NotFound(`No VM has the id ${vm}.`);
      if (json) return printJson(vmSnapshots.nodes);
      printTable(
        ["vm", "name", "created at", "consistency", "size", "id"],
        vmSnapshots.nodes.map((one) => [
          one.vm?.name ?? null,
          one.name,
          one.createdAt,
          one.consistency,
          size(one.sizeBytes),
          one.id,
        ]),
      );
      const left = vmSnapshots.totalCount - vmSnapshots.nodes.length;
      if (left > 0) console.error(`There are ${left} more: see --limit.`);
    });
}
