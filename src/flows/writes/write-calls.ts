import { ErrorCode } from "../../kernel/errors.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import type { UpstreamWrites, WriteTargets } from "../../upstream/write-targets.js";

/** What a write gives for one object: the task to follow, null for one that is done already, and the id of what it acts on. */
export interface WriteAnswer {
  readonly taskId: string | null;
  readonly resourceId: string;
}

/** One VM snapshot to be made. */
export interface NewSnapshot {
  readonly vmId: string;
  readonly name: string;
  readonly consistency: string;
}

/** What may differ from the snapshot in a VM that is rebuilt from it. */
export interface NewVm {
  readonly name: string;
  readonly snapshotId: string;
  readonly description?: string | null;
  readonly vcpuCount?: number | null;
  readonly cpuCores?: number | null;
  readonly cpuSockets?: number | null;
  readonly memoryBytes?: number | null;
  readonly firmware?: string | null;
  readonly highAvailability?: boolean | null;
  readonly fullCopy?: boolean | null;
}

/** `create-vm-snapshot` for many VMs: sent once. */
export function sendCreateVmSnapshots(
  session: UpstreamSession,
  snapshots: readonly [NewSnapshot, ...NewSnapshot[]],
): Promise<WriteAnswer[]> {
  const data = snapshots.map(({ vmId, name, consistency }) => ({ vm_id: vmId, name, consistent_type: consistency }));
  return send(session, "create-vm-snapshot", { data });
}

/** `delete-vm-snapshot`: sent once. */
export function sendDeleteVmSnapshots(session: UpstreamSession, snapshots: WriteTargets): Promise<WriteAnswer[]> {
  return send(session, "delete-vm-snapshot", { where: snapshots.where });
}

/** `rollback-vm`: sent once. */
export function sendRollbackVm(session: UpstreamSession, vm: WriteTargets, snapshotId: string): Promise<WriteAnswer[]> {
  return send(session, "rollback-vm", { where: vm.where, data: { snapshot_id: snapshotId } });
}

/** `rebuild-vm-from-snapshot`: sent once. What is not given is left to the snapshot. */
export function sendRebuildVm(session: UpstreamSession, vm: NewVm): Promise<WriteAnswer[]> {
  const body = {
    name: vm.name,
    rebuild_from_snapshot_id: vm.snapshotId,
    description: vm.description ?? undefined,
    vcpu: vm.vcpuCount ?? undefined,
    cpu_cores: vm.cpuCores ?? undefined,
    cpu_sockets: vm.cpuSockets ?? undefined,
    memory: vm.memoryBytes ?? undefined,
    memory_unit: vm.memoryBytes === null || vm.memoryBytes === undefined ? undefined : "B",
    firmware: vm.firmware ?? undefined,
    ha: vm.highAvailability ?? undefined,
    is_full_copy: vm.fullCopy ?? undefined,
  };
  return send(session, "rebuild-vm-from-snapshot", [body]);
}

/** Of the answer only ids are kept: the rest is a placeholder until the task has ended. */
async function send<O extends keyof UpstreamWrites>(
  session: UpstreamSession,
  operation: O,
  body: UpstreamWrites[O],
): Promise<WriteAnswer[]> {
  const answer = await session.write(operation, body);
  if (!Array.isArray(answer) || answer.length === 0) throw unreadable(operation);
  return answer.map((item: { task_id?: unknown; data?: { id?: unknown } | null } | null) => {
    const resourceId = item?.data?.id;
    if (typeof resourceId !== "string" || resourceId === "") throw unreadable(operation);
    return { resourceId, taskId: typeof item?.task_id === "string" && item.task_id !== "" ? item.task_id : null };
  });
}

function unreadable(operation: string): UpstreamError {
  const message = "expected the ids of what was changed from CloudTower, got something else";
  return new UpstreamError(operation, {
    code: ErrorCode.UpstreamError,
    message,
    effect: "unknown",
    transient: false,
  });
}
