import { Task } from "../../resources/task/task.type.js";
import { readAll, readByIds, readByKeys } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { UpstreamFailure } from "../../upstream/upstream-error.js";
import { LockedResource, ResourceLockedError } from "./mutation-errors.js";

/** What a refused write says is locked; undefined where it was refused for another reason. */
export function lockedResources(failure: UpstreamFailure): readonly LockedResource[] | undefined {
  const { upstreamCode, upstreamMessage = "", props, status } = failure;
  // Before 3.3 an error has no code: the message is all there is.
  const told = [...upstreamMessage.matchAll(/\b(VM_VOLUME|VM)-([\w.-]+?)(?=[\],\s]|$)/g)];
  const old = upstreamCode === undefined && status === 400 && /\blocked\b/i.test(upstreamMessage) && told.length > 0;
  if (upstreamCode !== "ResourceLocked" && !old) return undefined;
  const items = (props as { locked_resources?: unknown } | null | undefined)?.locked_resources;
  if (!Array.isArray(items)) return told.map(([, type = "", id = ""]) => new LockedResource(id, type));
  return items.flatMap((item: { id?: unknown; type?: unknown } | null) =>
    typeof item?.id === "string"
      ? [new LockedResource(item.id, typeof item.type === "string" ? item.type : "UNKNOWN")]
      : [],
  );
}

/** The error for a lock, with the task that holds it where that can be found. */
export async function lockedError(
  session: UpstreamSession,
  locked: readonly LockedResource[],
  vmIds: readonly string[],
): Promise<ResourceLockedError> {
  const ids = [...new Set([...vmIds, ...locked.map((item) => item.resourceId)])];
  return new ResourceLockedError(locked, await blockingTask(session, ids));
}

/**
 * CloudTower does not name the task that locks: it is looked for among the open tasks on what is locked, and on the VMs' snapshots
 * in the making. Null where it cannot be found.
 */
export async function blockingTask(session: UpstreamSession, ids: readonly string[]): Promise<Task | null> {
  try {
    const tasks = await blockingTasks(session, ids);
    return tasks.values().next().value ?? null;
  } catch {
    return null;
  }
}

/** The open tasks that hold VMs or volumes, by the id of what they hold: two calls for all of them. */
export async function blockingTasks(session: UpstreamSession, ids: readonly string[]): Promise<Map<string, Task>> {
  const making = await readByKeys(session, "VmSnapshot", ids, (id_in) => ({
    vm: { id_in },
    entityAsyncStatus_not: null,
  }));
  const holds = new Map<string, string>(ids.map((id) => [id, id]));
  for (const snapshot of making) if (snapshot.vm) holds.set(snapshot.id, snapshot.vm.id);
  const open = await readByKeys(session, "Task", [...holds.keys()], (resource_id_in) => ({
    resource_id_in,
    status_in: ["PENDING", "EXECUTING", "PAUSED"],
  }));
  const found = new Map<string, Task>();
  for (const row of open) {
    const held = holds.get(row.resource_id ?? "");
    if (held !== undefined && !found.has(held)) found.set(held, new Task(row));
  }
  return found;
}

/** Which of the VMs a lock is about: VMs are named themselves, volumes belong to the VMs that have a disk on them. */
export async function lockedVms(
  session: UpstreamSession,
  locked: readonly LockedResource[],
  vmIds: readonly string[],
): Promise<Set<string>> {
  const ids = new Set(locked.map(({ resourceId }) => resourceId));
  const named = vmIds.filter((id) => ids.delete(id));
  if (ids.size === 0) return new Set(named);
  const disks = await readAll(session, "VmDisk", { vm: { id_in: vmIds }, vm_volume: { id_in: [...ids] } });
  return new Set([...named, ...disks.flatMap((disk) => disk.vm?.id ?? [])]);
}

/** Whether nothing that was locked, and none of the VMs, is being worked on any more. */
export async function isUnlocked(
  session: UpstreamSession,
  locked: readonly LockedResource[],
  vmIds: readonly string[],
): Promise<boolean> {
  const ids = (type: string) => locked.filter((item) => item.type === type).map(({ resourceId }) => resourceId);
  const rows = await Promise.all([
    readByIds(session, "Vm", [...new Set([...vmIds, ...ids("VM")])]),
    readByIds(session, "VmVolume", ids("VM_VOLUME")),
  ]);
  return rows.flat().every((row) => row.entityAsyncStatus === null || row.entityAsyncStatus === undefined);
}
