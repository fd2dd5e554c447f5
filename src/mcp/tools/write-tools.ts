import { z } from "zod";
import type { Runner } from "../runner.js";
import { defineTool, type Tool, type ToolResult } from "../tool.js";
import { assertNamed } from "./named.js";
import { brief } from "./read-tools.js";

const MAX_SNAPSHOTS = 20;
/** Clients of the protocol give up on a tool after a minute, unless they are told otherwise. */
const MAX_WAIT_SECONDS = 45;

const id = (what: string) => z.string().min(1).max(200).describe(`Global id of the ${what}.`);
const name = (what: string) =>
  z
    .string()
    .min(1)
    .max(1000)
    .describe(`Name of the ${what} with this id. Nothing is written unless it is exactly the same.`);

const vm = { vmId: id("VM"), vmName: name("VM") };
const snapshot = { snapshotId: id("snapshot"), snapshotName: name("snapshot") };

const createVmSnapshot = defineTool({
  name: "create_vm_snapshot",
  mutation: "createVmSnapshot",
  title: "Take a snapshot of a VM",
  description:
    "Creates a snapshot of one VM, once per VM and snapshot name: after a lost response or an unknown outcome, call it again with the same arguments. The snapshot can be used when its task has succeeded and `ready` is true.",
  input: {
    ...vm,
    snapshotName: z
      .string()
      .min(1)
      .max(255)
      .describe("Name of the new snapshot. With the VM, it identifies the snapshot."),
    consistency: z
      .enum(["CRASH_CONSISTENT", "FILE_SYSTEM_CONSISTENT"])
      .default("CRASH_CONSISTENT")
      .describe("FILE_SYSTEM_CONSISTENT needs running guest tools."),
    waitSeconds: z
      .number()
      .int()
      .min(0)
      .max(MAX_WAIT_SECONDS)
      .default(0)
      .describe("Wait until the snapshot is usable, at most this many seconds."),
  },
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async run({ vmId, vmName, snapshotName, consistency, waitSeconds }, runner) {
    await assertNamed(runner, { vm: { id: vmId, name: vmName }, snapshots: [] });
    return write(runner, {
      field: "createVmSnapshot",
      query:
        "mutation McpCreateVmSnapshot($input: CreateVmSnapshotInput!) { createVmSnapshot(input: $input) { created name snapshot { id } task { id status } ready errors { code message } } }",
      input: { vmId, name: snapshotName, consistency, waitSeconds },
    });
  },
});

const deleteVmSnapshots = defineTool({
  name: "delete_vm_snapshots",
  mutation: "deleteVmSnapshots",
  title: "Delete snapshots of a VM",
  description:
    "Deletes snapshots of one VM for good, each by its id and its name. The results are in the order of the snapshots.",
  input: {
    ...vm,
    snapshots: z
      .array(z.object({ id: id("snapshot"), name: name("snapshot") }))
      .min(1)
      .max(MAX_SNAPSHOTS)
      .describe("The snapshots to delete, all of this VM."),
  },
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  async run({ vmId, vmName, snapshots }, runner) {
    await assertNamed(runner, { vm: { id: vmId, name: vmName }, snapshots });
    return write(runner, {
      field: "deleteVmSnapshots",
      query:
        "mutation McpDeleteVmSnapshots($input: DeleteVmSnapshotsInput!) { deleteVmSnapshots(input: $input) { results { task { id status } errors { code message } } errors { code message } } }",
      input: { ids: snapshots.map((given) => given.id) },
    });
  },
});

const rollbackVm = defineTool({
  name: "rollback_vm",
  mutation: "rollbackVm",
  title: "Roll a VM back to a snapshot",
  description:
    "Restores a VM to one of its own snapshots. Everything that was written to its disks since then is lost.",
  input: { ...vm, ...snapshot },
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  async run({ vmId, vmName, snapshotId, snapshotName }, runner) {
    await assertNamed(runner, { vm: { id: vmId, name: vmName }, snapshots: [{ id: snapshotId, name: snapshotName }] });
    return write(runner, {
      field: "rollbackVm",
      query:
        "mutation McpRollbackVm($input: RollbackVmInput!) { rollbackVm(input: $input) { vm { id } task { id status } errors { code message } } }",
      input: { vmId, snapshotId },
    });
  },
});

const rebuildVm = defineTool({
  name: "rebuild_vm_from_snapshot",
  mutation: "rebuildVmFromSnapshot",
  title: "Build a new VM from a snapshot",
  description: "Creates a new VM from a snapshot of a VM, which itself is not changed.",
  input: { ...vm, ...snapshot, newVmName: z.string().min(1).max(255).describe("Name of the new VM.") },
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  async run({ vmId, vmName, snapshotId, snapshotName, newVmName }, runner) {
    await assertNamed(runner, { vm: { id: vmId, name: vmName }, snapshots: [{ id: snapshotId, name: snapshotName }] });
    return write(runner, {
      field: "rebuildVmFromSnapshot",
      query:
        "mutation McpRebuildVm($input: RebuildVmFromSnapshotInput!) { rebuildVmFromSnapshot(input: $input) { vm { id } task { id status } errors { code message } } }",
      input: { snapshotId, name: newVmName },
    });
  },
});

/** The tools that write. Each wants the names of what it writes, and compares them first. */
export const writeTools: readonly Tool[] = [createVmSnapshot, deleteVmSnapshots, rollbackVm, rebuildVm];

interface Write {
  /** Field of Mutation. */
  readonly field: string;
  readonly query: string;
  readonly input: object;
}

async function write(runner: Runner, { field, query, input }: Write): Promise<ToolResult> {
  const { result } = await runner.own({ query, variables: { input } }, "mutation");
  const payload = (result.data as Readonly<Record<string, Payload | null>> | null | undefined)?.[field];
  const errors = [payload, ...(payload?.results ?? [])].flatMap((part) => part?.errors ?? []);
  return {
    value: brief(result),
    isError: payload === null || payload === undefined || errors.length > 0,
    isWritten: true,
  };
}

interface Payload {
  readonly errors: readonly object[];
  readonly results?: readonly { readonly errors: readonly object[] }[];
}
