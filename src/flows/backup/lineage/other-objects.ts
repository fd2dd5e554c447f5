import { objectsIn } from "../../../kernel/odd-values.js";
import { readByIds, readByKeys } from "../../../upstream/reads.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import { UpstreamError } from "../../../upstream/upstream-error.js";
import type { Row } from "../../../upstream/wire/types.js";
import type { FittingDisk } from "./disk-verdict.js";

/** Maximum number of ids in arguments of tasks that are looked up. */
const MAX_IDS = 5000;

/** What tasks name. */
export interface NamedIds {
  /** What the tasks act on. */
  readonly resourceIds: readonly string[];
  /** Texts in their arguments that may be ids of snapshots whose data they put back. */
  readonly argumentIds: readonly string[];
}

/** Objects that tasks name and that do not belong to the plan. What cannot be found is not among them. */
export interface OtherObjects {
  /** Volumes, LUNs, their snapshots, and snapshots of groups all of whose parts are known. */
  readonly storage: ReadonlySet<string>;
  readonly vms: ReadonlySet<string>;
  /** Snapshots of VMs, with the local ids of the volumes that they froze, by id. */
  readonly vmSnapshots: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether there were too many ids in arguments to look all of them up. */
  readonly incomplete: boolean;
}

/** Looks up the ids: eight calls for each 500 objects, and one for each 500 ids in arguments. */
export async function otherObjects(
  session: UpstreamSession,
  { resourceIds, argumentIds }: NamedIds,
  disks: readonly FittingDisk[],
): Promise<OtherObjects> {
  const ids = [...new Set(resourceIds)];
  const named = new Set(argumentIds);
  const snapshotIds = [...new Set([...ids, ...[...named].slice(0, MAX_IDS)])];
  const find = <R>(rows: Promise<R[]>) => rows.catch((error) => emptyIfRefused<R>(error));
  const [vms, vmSnapshots, volumes, volumeSnapshots, luns, lunSnapshots, groupParts] = await Promise.all([
    find(readByIds(session, "Vm", ids)),
    find(readByIds(session, "VmSnapshot", snapshotIds)),
    find(readByIds(session, "VmVolume", ids)),
    find(readByIds(session, "VmVolumeSnapshot", ids)),
    find(readByIds(session, "IscsiLun", ids)),
    find(readByIds(session, "IscsiLunSnapshot", ids)),
    find(completeGroupSnapshots(session, ids, disks)),
  ]);
  const storage = [
    ...[...volumes, ...luns].map(({ id }) => id),
    ...volumeSnapshots.flatMap((row) => (row.vm_volume ? [row.id] : [])),
    ...lunSnapshots.flatMap((row) => (row.iscsi_lun ? [row.id] : [])),
    ...groupParts,
  ];
  return {
    storage: new Set(storage),
    vms: new Set(vms.map(({ id }) => id)),
    vmSnapshots: new Map(
      vmSnapshots.flatMap(({ id, vm_disks: frozen }) =>
        Array.isArray(frozen)
          ? [[id, new Set(objectsIn(frozen).map((disk) => disk.vm_volume_local_id ?? ""))] as const]
          : [],
      ),
    ),
    incomplete: named.size > MAX_IDS,
  };
}

/**
 * Snapshots of consistency groups whose parts are all there, none of them of a disk's LUN. A group's present members do not tell: a LUN
 * may have left it in the meantime.
 */
async function completeGroupSnapshots(
  session: UpstreamSession,
  ids: readonly string[],
  disks: readonly FittingDisk[],
): Promise<string[]> {
  const [groups, parts] = await Promise.all([
    readByIds(session, "ConsistencyGroupSnapshot", ids),
    readByKeys(session, "IscsiLunSnapshot", ids, (id_in) => ({ consistency_group_snapshot: { id_in } })),
  ]);
  const own = new Set(disks.map(({ lun }) => lun.cloudTowerId));
  const isElsewhere = (group: Row<"ConsistencyGroupSnapshot">) => {
    const lunIds = parts.flatMap((part) =>
      part.consistency_group_snapshot?.id === group.id && part.iscsi_lun ? [part.iscsi_lun.id] : [],
    );
    const isComplete = lunIds.length > 0 && lunIds.length === group.Iscsi_lun_snapshots?.length;
    return isComplete && !lunIds.some((id) => own.has(id));
  };
  return groups.filter(isElsewhere).map(({ id }) => id);
}

/** A kind of object that the caller may not see, or that an old CloudTower lacks, is not known. */
function emptyIfRefused<R>(error: unknown): R[] {
  const status = error instanceof UpstreamError ? error.failure.status : undefined;
  if (status === 403 || status === 404) return [];
  throw error;
}
