import { ErrorCode } from "../../kernel/errors.js";
import { indexByKey } from "../../kernel/group.js";
import { Task } from "../../resources/task/task.type.js";
import type { UpstreamSession, WriteOptions } from "../../upstream/session.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import type { UpstreamWrites, WriteTargets } from "../../upstream/write-targets.js";
import { readByIds } from "./object-rows.js";
import type { KnownUsers } from "./own-tasks.js";

/** One item of the response to a write: the object it acts on, and the task that does it; null if it is done already. */
export interface WriteResponse {
  readonly taskId: string | null;
  readonly resourceId: string;
}

/** A VM snapshot to create. */
export interface NewSnapshot {
  readonly vmId: string;
  readonly name: string;
  readonly consistency: string;
}

/** A VM to rebuild from a snapshot. What is absent or null is taken from the snapshot. */
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

/** Sends `create-vm-snapshot` for many VMs, once. */
export function sendCreateVmSnapshots(
  session: UpstreamSession,
  snapshots: readonly [NewSnapshot, ...NewSnapshot[]],
  options?: WriteOptions,
): Promise<WriteResponse[]> {
  const data = snapshots.map(({ vmId, name, consistency }) => ({ vm_id: vmId, name, consistent_type: consistency }));
  return send(session, "create-vm-snapshot", { data }, options);
}

/** Sends `delete-vm-snapshot` once. */
export function sendDeleteVmSnapshots(
  session: UpstreamSession,
  snapshots: WriteTargets,
  options?: WriteOptions,
): Promise<WriteResponse[]> {
  return send(session, "delete-vm-snapshot", { where: snapshots.where }, options);
}

/** Sends `rollback-vm` once. */
export function sendRollbackVm(
  session: UpstreamSession,
  vm: WriteTargets,
  snapshotId: string,
  options?: WriteOptions,
): Promise<WriteResponse[]> {
  return send(session, "rollback-vm", { where: vm.where, data: { snapshot_id: snapshotId } }, options);
}

/** Sends `rebuild-vm-from-snapshot` once. */
export function sendRebuildVm(session: UpstreamSession, vm: NewVm, options?: WriteOptions): Promise<WriteResponse[]> {
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
  return send(session, "rebuild-vm-from-snapshot", [body], options);
}

/** A volume to create from a volume snapshot. */
export interface NewVolume {
  readonly name: string;
  readonly description: string;
  readonly volumeSnapshotId: string;
}

/** A volume to attach to a VM. CloudTower chooses the number on the bus if it is absent. */
export interface NewDisk {
  readonly volumeId: string;
  readonly bus: string;
  readonly boot: number;
  readonly key?: number | undefined;
}

/** Sends `rebuild-vm-volume` once. */
export function sendRebuildVolume(
  session: UpstreamSession,
  { name, description, volumeSnapshotId }: NewVolume,
  options?: WriteOptions,
): Promise<WriteResponse[]> {
  return send(session, "rebuild-vm-volume", [{ name, description, volume_snapshot_id: volumeSnapshotId }], options);
}

/** Sends `add-vm-disk` once. */
export function sendAddVmDisk(
  session: UpstreamSession,
  vm: WriteTargets,
  { volumeId, bus, boot, key }: NewDisk,
  options?: WriteOptions,
): Promise<WriteResponse[]> {
  const mount = { vm_volume_id: volumeId, bus, boot, key };
  return send(session, "add-vm-disk", { where: vm.where, data: { vm_disks: { mount_disks: [mount] } } }, options);
}

/** Sends `remove-vm-disk` once. The volumes of the disks are kept. */
export function sendRemoveVmDisk(
  session: UpstreamSession,
  vm: WriteTargets,
  disks: WriteTargets,
  options?: WriteOptions,
): Promise<WriteResponse[]> {
  return send(session, "remove-vm-disk", { where: vm.where, data: { disk_ids: disks.ids } }, options);
}

/** Sends `start-vm` or `poweroff-vm` once. */
export function sendPower(
  session: UpstreamSession,
  endpoint: "start-vm" | "poweroff-vm",
  vm: WriteTargets,
  options?: WriteOptions,
): Promise<WriteResponse[]> {
  return send(session, endpoint, { where: vm.where }, options);
}

/** Sends `create-label` once, for all of the labels. */
export function sendCreateLabels(
  session: UpstreamSession,
  labels: readonly { readonly key: string; readonly value: string }[],
  options?: WriteOptions,
): Promise<WriteResponse[]> {
  return send(session, "create-label", labels, options);
}

/** Sends `delete-label` once. */
export function sendDeleteLabels(
  session: UpstreamSession,
  labels: WriteTargets,
  options?: WriteOptions,
): Promise<WriteResponse[]> {
  return send(session, "delete-label", { where: labels.where }, options);
}

/** CloudTower's response to a write that it accepted, if that was noted, as JSON. */
export function notedResponse(sent: { readonly note: string } | undefined): WriteResponse | undefined {
  if (!sent?.note) return undefined;
  const response = JSON.parse(sent.note) as Partial<WriteResponse>;
  return response.resourceId === undefined ? undefined : (response as WriteResponse);
}

/** The task of an accepted write before it is read: pending, as far as is known. Null if the write is done already. */
export function pendingTask({ taskId, resourceId }: WriteResponse): Task | null {
  return taskId === null ? null : new Task({ id: taskId, status: "PENDING", resource_id: resourceId });
}

/** The tasks of an accepted write, by the id of what they act on; null if it is done already. Tells whose they are. */
export async function tasksOf(
  session: UpstreamSession,
  users: KnownUsers,
  responses: readonly WriteResponse[],
): Promise<Map<string, Task | null>> {
  const taskIds = responses.flatMap(({ taskId }) => taskId ?? []);
  const rows = indexByKey(await readByIds(session, "Task", taskIds).catch(() => []), (row) => row.id);
  for (const row of rows.values()) users.learn(session.credential.key, row);
  return new Map(
    responses.map((response) => {
      const row = rows.get(response.taskId ?? "");
      return [response.resourceId, row === undefined ? pendingTask(response) : new Task(row)];
    }),
  );
}

/**
 * Sends a write once, and keeps only the ids of its response: until the task has ended the rest is a placeholder. An item without an id names nothing and is omitted.
 *
 * @throws UpstreamError with an unknown effect if no item has an id.
 */
export async function send<O extends keyof UpstreamWrites>(
  session: UpstreamSession,
  endpoint: O,
  body: UpstreamWrites[O],
  options: WriteOptions = {},
): Promise<WriteResponse[]> {
  const response = await session.write(endpoint, body, options);
  const items: readonly unknown[] = Array.isArray(response) ? response : [];
  const named = new Map<string, WriteResponse>();
  for (const item of items as readonly ({ task_id?: unknown; data?: { id?: unknown } | null } | null)[]) {
    const resourceId = item?.data?.id;
    if (typeof resourceId !== "string" || resourceId === "") continue;
    const taskId = typeof item?.task_id === "string" && item.task_id !== "" ? item.task_id : null;
    named.set(resourceId, { resourceId, taskId });
  }
  if (named.size === 0) throw unreadable(endpoint);
  return [...named.values()];
}

function unreadable(endpoint: string): UpstreamError {
  const message = "CloudTower sent a malformed response to a write: it does not name what was changed";
  return new UpstreamError(endpoint, {
    code: ErrorCode.UpstreamError,
    message,
    effect: "unknown",
    transient: false,
  });
}
