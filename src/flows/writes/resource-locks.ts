import { groupByKey } from "../../kernel/group.js";
import { Task } from "../../resources/task/task.type.js";
import { OPEN_STATUSES } from "../../resources/task/task-status.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { UpstreamFailure } from "../../upstream/upstream-error.js";
import { readAll, readByIds, readByKeys } from "./object-rows.js";
import { LockedResource, ResourceLockedError } from "./write-errors.js";

/** The resources that a failed write reports as locked; undefined if it failed for another reason. */
export function lockedResources(failure: UpstreamFailure): readonly LockedResource[] | undefined {
  const { upstreamCode, upstreamMessage = "", props, status } = failure;
  const items = (props as { locked_resources?: unknown } | null | undefined)?.locked_resources;
  // Before 3.3 an error has no code: the message, in the caller's language, may be all there is.
  const named = [...upstreamMessage.matchAll(/\b(VM_VOLUME|VM)-([\w.-]+?)(?=[\],，、\s]|$)/g)];
  const says = /\blocked\b|锁定/i.test(upstreamMessage) && named.length > 0;
  const old = upstreamCode === undefined && status === 400 && (says || Array.isArray(items));
  if (upstreamCode !== "ResourceLocked" && !old) return undefined;
  if (!Array.isArray(items)) return named.map(([, type = "", id = ""]) => new LockedResource(id, type));
  return items.flatMap((item: { id?: unknown; type?: unknown } | null) =>
    typeof item?.id === "string"
      ? [new LockedResource(item.id, typeof item.type === "string" ? item.type : "UNKNOWN")]
      : [],
  );
}

/**
 * The errors of the items that a lock concerns, each with its own resources and blocking task: three calls for all of them.
 *
 * An item is concerned if the lock names one of its targets, or a volume of a target that is a VM. One item alone always is.
 */
export async function lockedErrors<I>(options: {
  readonly session: UpstreamSession;
  readonly locked: readonly LockedResource[];
  readonly items: readonly I[];
  /** Ids of what a lock on an item may name. */
  targetsOf(item: I): readonly string[];
}): Promise<Map<I, ResourceLockedError>> {
  const { session, locked, items, targetsOf } = options;
  const targets = items.map((item) => ({ item, ids: targetsOf(item) }));
  const allTargets = [...new Set(targets.flatMap(({ ids }) => ids))];
  const holdersOf = items.length === 1 ? undefined : await vmsByVolume(session, locked, allTargets);
  const concerned = targets.flatMap(({ item, ids }) => {
    if (holdersOf === undefined) return [{ item, ids, own: locked }];
    const own = locked.filter(({ cloudTowerId }) =>
      ids.some((id) => id === cloudTowerId || holdersOf.get(cloudTowerId)?.has(id)),
    );
    return own.length === 0 ? [] : [{ item, ids, own }];
  });
  if (concerned.length === 0) return new Map();
  const blockingTasks = await findBlockingTasks(
    session,
    concerned.flatMap(({ ids, own }) => [...ids, ...own.map(idOf)]),
  );
  return new Map(concerned.map(({ item, ids, own }) => [item, errorFor(own, ids, blockingTasks)]));
}

function errorFor(
  locked: readonly LockedResource[],
  ids: readonly string[],
  blockingTasks: ReadonlyMap<string, Task>,
): ResourceLockedError {
  const holder = [...ids, ...locked.map(idOf)].find((id) => blockingTasks.has(id));
  return new ResourceLockedError(locked, blockingTasks.get(holder ?? "") ?? null);
}

/** The blocking tasks as far as they can be found: an error about a lock is true without them. */
function findBlockingTasks(session: UpstreamSession, ids: readonly string[]): Promise<Map<string, Task>> {
  return blockingTasks(session, [...new Set(ids)]).catch(() => new Map());
}

/** The VMs with a disk on each locked volume, as far as they can be found. Costs no call if the lock names only the VMs. */
async function vmsByVolume(
  session: UpstreamSession,
  locked: readonly LockedResource[],
  vmIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const volumeIds = locked.map(idOf).filter((id) => !vmIds.includes(id));
  if (volumeIds.length === 0) return new Map();
  const where = { vm: { id_in: vmIds }, vm_volume: { id_in: volumeIds } };
  const disks = await readAll(session, "VmDisk", where).catch(() => []);
  const byVolume = groupByKey(disks, (disk) => disk.vm_volume?.id);
  return new Map([...byVolume].map(([id, rows]) => [id, new Set(rows.flatMap(({ vm }) => vm?.id ?? []))]));
}

function idOf({ cloudTowerId }: LockedResource): string {
  return cloudTowerId;
}

/**
 * The open tasks that hold VMs or volumes, by the id of what they hold: two calls for all of them.
 *
 * CloudTower does not name the task that locks: it is looked for among the open tasks on the ids, and on the VMs' snapshots in the
 * making.
 */
export async function blockingTasks(session: UpstreamSession, ids: readonly string[]): Promise<Map<string, Task>> {
  const making = await readByKeys(session, "VmSnapshot", ids, (id_in) => ({
    vm: { id_in },
    entityAsyncStatus_not: null,
  }));
  const holds = new Map<string, string>(ids.map((id) => [id, id]));
  for (const snapshot of making) if (snapshot.vm) holds.set(snapshot.id, snapshot.vm.id);
  const open = await readByKeys(session, "Task", [...holds.keys()], (resource_id_in) => ({
    resource_id_in,
    status_in: OPEN_STATUSES,
  }));
  const found = new Map<string, Task>();
  for (const row of open) {
    const held = holds.get(row.resource_id ?? "");
    if (held !== undefined && !found.has(held)) found.set(held, new Task(row));
  }
  return found;
}

/** What writes take turns on. */
export type LockOwner = "Vm" | "ConsistencyGroup";

/** Whether no task is on the locked resources or on their owners any more. A resource of another kind than these does not count. */
export async function isUnlocked(
  session: UpstreamSession,
  locked: readonly LockedResource[],
  owners: { readonly entity: LockOwner; readonly ids: readonly string[] },
): Promise<boolean> {
  const idsOf = ({ type, entity }: (typeof LOCKABLE)[number]) => [
    ...(entity === owners.entity ? owners.ids : []),
    ...locked.filter((item) => item.type === type).map(idOf),
  ];
  const rows = await Promise.all(LOCKABLE.map((kind) => readByIds(session, kind.entity, [...new Set(idsOf(kind))])));
  return rows.flat().every((row) => row.entityAsyncStatus === null || row.entityAsyncStatus === undefined);
}

/** What can be locked: CloudTower's name for it, or the gateway's in the same style. */
const LOCKABLE = [
  { type: "VM", entity: "Vm" },
  { type: "VM_VOLUME", entity: "VmVolume" },
  { type: "VM_SNAPSHOT", entity: "VmSnapshot" },
  { type: "CONSISTENCY_GROUP", entity: "ConsistencyGroup" },
  { type: "CONSISTENCY_GROUP_SNAPSHOT", entity: "ConsistencyGroupSnapshot" },
] as const;
