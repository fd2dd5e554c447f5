import { readAll } from "../upstream/reads.js";
import { Task } from "../resources/task/task.type.js";
import type { UpstreamSession } from "../upstream/session.js";
import { type LockedResource, ResourceLockedError } from "./mutation-errors.js";

/** What CloudTower's `ResourceLocked` says, with the task that holds the lock where it can be found. */
export async function lockedError(
  session: UpstreamSession,
  props: unknown,
  vmId: string,
): Promise<ResourceLockedError> {
  const locked = lockedResources(props);
  return new ResourceLockedError(locked, await blockingTask(session, [vmId, ...locked.map((item) => item.resourceId)]));
}

function lockedResources(props: unknown): LockedResource[] {
  const items = (props as { locked_resources?: unknown } | null)?.locked_resources;
  if (!Array.isArray(items)) return [];
  return items.flatMap((item: { id?: unknown; type?: unknown } | null) =>
    typeof item?.id === "string"
      ? [{ resourceId: item.id, type: typeof item.type === "string" ? item.type : "UNKNOWN" }]
      : [],
  );
}

/**
 * CloudTower does not name the task that locks: it is looked for among the open tasks on what is locked, and on the VM's snapshots
 * in the making.
 */
async function blockingTask(session: UpstreamSession, ids: readonly string[]): Promise<Task | null> {
  try {
    const making = await readAll(session, "VmSnapshot", { vm: { id_in: ids }, entityAsyncStatus_not: null });
    const resource_id_in = [...new Set([...ids, ...making.map((snapshot) => snapshot.id)])];
    const open = await readAll(session, "Task", { resource_id_in, status_in: ["PENDING", "EXECUTING", "PAUSED"] });
    return open[0] === undefined ? null : new Task(open[0]);
  } catch {
    return null;
  }
}
