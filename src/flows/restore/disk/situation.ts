import { ErrorCode, TowerError } from "../../../kernel/errors.js";
import { oldestFirst } from "../../../resources/shared/oldest-first.js";
import { isMutation } from "../../../resources/task/task-mutation.js";
import { isOpen, OPEN_STATUSES } from "../../../resources/task/task-status.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import type { Row } from "../../../upstream/wire/types.js";
import { readAll, readByIds } from "../../writes/object-rows.js";
import { argumentsName } from "../../writes/own-tasks.js";
import type { WriteResponse } from "../../writes/write-calls.js";
import type { DiskSource } from "./disk-source.js";

/** A disk to restore, and where to. */
export interface DiskRestore {
  readonly disk: string;
  /** Name of the new volume: its identity within the cluster. */
  readonly name: string;
  readonly source: DiskSource;
  readonly to: RestoreTo;
  /** The restored volume, once this call knows it. @default not yet */
  readonly volumeId?: string | undefined;
}

/** Where a disk is restored to. Ids are bare. */
export type RestoreTo =
  | { readonly kind: "newVolume" }
  /** The slot is the VM's next free one on the bus of the frozen disk if it is absent. */
  | { readonly kind: "attachTo"; readonly vmId: string; readonly slot: AttachSlot | undefined }
  /** The volume is the one that was frozen if it is absent. */
  | { readonly kind: "replace"; readonly vmId: string; readonly volumeId: string | undefined };

/** A slot to attach a disk in. */
export interface AttachSlot {
  readonly bus: string;
  readonly key: number;
}

/** What CloudTower shows of a restore at one moment: all that decides what is done next. */
export interface Situation {
  /** The volume snapshots with the data: one, unless it is gone. */
  readonly sources: readonly Row<"VmVolumeSnapshot">[];
  /** The volume that was restored, and others of the same name from the same data. */
  readonly volume: Row<"VmVolume"> | undefined;
  readonly duplicates: readonly Row<"VmVolume">[];
  /** A volume of the name that was not restored from this data. */
  readonly namesake: Row<"VmVolume"> | undefined;
  /** The volume that is to be replaced, as far as it still exists: more than one if several have its id. */
  readonly replaced: readonly Row<"VmVolume">[];
  readonly vm: Row<"Vm"> | undefined;
  /** The VM's disks. */
  readonly disks: readonly Row<"VmDisk">[];
  /** Other VMs that have the restored volume. */
  readonly otherVmIds: readonly string[];
  /** Open tasks, those of the volumes, and those that were accepted. */
  readonly tasks: readonly Row<"Task">[];
}

/** Reads the situation of a restore: at most five calls. @param accepted responses to writes of it, whose effects may not be visible. */
export async function readSituation(
  session: UpstreamSession,
  { name, source, to, volumeId }: DiskRestore,
  accepted: readonly WriteResponse[] = [],
): Promise<Situation> {
  const cluster = { id: source.clusterId };
  const acceptedIds = [...accepted.map(({ resourceId }) => resourceId), ...(volumeId === undefined ? [] : [volumeId])];
  const replacedBy = replacedVolume(source, to);
  const [sources, volumes, [vm]] = await Promise.all([
    readAll(session, "VmVolumeSnapshot", { local_id: source.volumeSnapshotUuid, cluster }),
    readAll(session, "VmVolume", {
      OR: [{ name, cluster }, { id_in: acceptedIds }, ...(replacedBy ? [replacedBy] : [])],
    }),
    to.kind === "newVolume" ? [] : readByIds(session, "Vm", [to.vmId]),
  ]);
  const isReplaced = (row: Row<"VmVolume">) =>
    replacedBy !== undefined && (row.id === replacedBy.id || (!!row.local_id && row.local_id === replacedBy.local_id));
  const named = volumes.filter((row) => row.name === name && row.cluster?.id === source.clusterId);
  const candidates = [...new Set([...named, ...volumes.filter(({ id }) => acceptedIds.includes(id))])];
  const ids = candidates.map(({ id }) => id);
  const [tasks, disks] = await Promise.all([
    readTasks(
      session,
      ids,
      accepted.flatMap(({ taskId }) => taskId ?? []),
    ),
    to.kind === "newVolume"
      ? []
      : readAll(session, "VmDisk", { OR: [{ vm: { id: to.vmId } }, { vm_volume: { id_in: ids } }] }),
  ]);
  const isOwn = (row: Row<"VmVolume">) =>
    row.description === source.description ||
    acceptedIds.includes(row.id) ||
    isRebuiltFrom(row, { name, sources, tasks });
  const vmDisks = disks.filter((row) => vm !== undefined && row.vm?.id === vm.id);
  const isAttached = (row: Row<"VmVolume">) => vmDisks.some((one) => one.vm_volume?.id === row.id);
  const own = oldestFirst(candidates.filter(isOwn));
  const volume = own.find(isAttached) ?? own[0];
  return {
    ...{ sources, volume, vm, tasks, disks: vmDisks },
    duplicates: own.filter((row) => row !== volume),
    namesake: candidates.find((row) => !isOwn(row)),
    replaced: volumes.filter(isReplaced),
    otherVmIds: disks.flatMap((row) =>
      row.vm && row.vm.id !== vm?.id && row.vm_volume?.id === volume?.id ? [row.vm.id] : [],
    ),
  };
}

/** The task that makes a volume, if it is shown. */
export function makingTask({ id }: Row<"VmVolume">, { tasks }: Pick<Situation, "tasks">): Row<"Task"> | undefined {
  return tasks.find((task) => task.resource_id === id && isMutation(task, "rebuildVmVolume"));
}

/** Whether a volume is still being made. Before 3.0 CloudTower does not say so itself, but it has no `local_id` until it is made. */
export function isBeingMade(volume: Row<"VmVolume">, situation: Pick<Situation, "tasks">): boolean {
  if (volume.entityAsyncStatus === "CREATING" || !volume.local_id) return true;
  const task = makingTask(volume, situation);
  return task !== undefined && isOpen(task);
}

/** Those of the disks that have one of the volumes. */
export function disksWith(disks: readonly Row<"VmDisk">[], volumeIds: readonly string[]): Row<"VmDisk">[] {
  return disks.filter((row) => row.vm_volume && volumeIds.includes(row.vm_volume.id));
}

/** The disks that are to be replaced: one, until it is. */
export function replacedDisks({ to }: Pick<DiskRestore, "to">, { disks, replaced }: Situation): Row<"VmDisk">[] {
  if (to.kind !== "replace") return [];
  return disksWith(disks, to.volumeId === undefined ? replaced.map(({ id }) => id) : [to.volumeId]);
}

/** Filter for the volume that is to be replaced. */
function replacedVolume({ frozen, clusterId }: DiskSource, to: RestoreTo) {
  if (to.kind !== "replace") return undefined;
  if (to.volumeId !== undefined) return { id: to.volumeId };
  // An empty id within the cluster is that of no volume, and must not be asked for.
  return frozen.vm_volume_local_id ? { local_id: frozen.vm_volume_local_id, cluster: { id: clusterId } } : undefined;
}

/** Whether the task that created a volume names the data. */
function isRebuiltFrom(
  { id }: Row<"VmVolume">,
  { name, sources, tasks }: { readonly name: string } & Pick<Situation, "sources" | "tasks">,
): boolean {
  return tasks.some((task) => task.resource_id === id && isRebuildOf(task, name, sources));
}

/** Whether a task says that it makes a volume of this name from one of the volume snapshots. */
export function isRebuildOf(task: Row<"Task">, name: string, sources: readonly { readonly id: string }[]): boolean {
  return isMutation(task, "rebuildVmVolume") && sources.some(({ id }) => argumentsName(task, [name, id]));
}

/** Open tasks, those on the volumes, and those with the ids. None if the caller may not see tasks. */
async function readTasks(session: UpstreamSession, volumeIds: readonly string[], taskIds: readonly string[]) {
  const where = { OR: [{ status_in: OPEN_STATUSES }, { resource_id_in: [...volumeIds] }, { id_in: [...taskIds] }] };
  try {
    return await readAll(session, "Task", where, true);
  } catch (error) {
    if (error instanceof TowerError && error.code === ErrorCode.Forbidden) return [];
    throw error;
  }
}
