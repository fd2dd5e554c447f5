import { followMany, followOne } from "../../../graph/loading/follow-relation.js";
import type { GraphContext } from "../../../graph/loading/graph-context.js";
import { TowerError } from "../../../kernel/errors.js";
import { zonedMs } from "../../../kernel/zoned-time.js";
import { snapshotDiskVolume, snapshotDiskVolumeSnapshot } from "../../../relations/snapshot-disk-by-local-id.js";
import { volumeLun } from "../../../relations/volume-lun.js";
import { volumeVms } from "../../../relations/volume-vms.js";
import type { IscsiLun } from "../../../resources/iscsi-lun/iscsi-lun.type.js";
import type { VmVolume } from "../../../resources/vm-volume/vm-volume.type.js";
import type { VmVolumeSnapshot } from "../../../resources/vm-volume-snapshot/vm-volume-snapshot.type.js";
import { CLOCK_TOLERANCE_MS } from "../../snapshot-data/clock-tolerance.js";
import { differInZbs, isRecreated } from "../../snapshot-data/readiness.js";
import type { FullReason } from "../incremental-plan.types.js";
import type { DiskPair } from "../match-disks.js";
import { orDoubt, usableZbsId } from "../usable-data.js";

/** Why a disk has to be read in full. */
export interface FullVerdict {
  readonly reason: FullReason;
  /** For people. */
  readonly explanation: string;
}

/** A disk whose two ends fit together, with the live objects whose tasks could have come between them. */
export interface FittingDisk {
  readonly baseZbsId: string;
  readonly volume: VmVolume;
  readonly lun: IscsiLun;
  /** Ids of all VMs that have the volume now. */
  readonly vmIds: readonly string[];
  /** Whether other VMs may have had the volume at the same time. */
  readonly shared: boolean;
}

/** Compares the two ends of a disk, without regard to what happened in between. */
export async function fitTogether(graph: GraphContext, pair: DiskPair): Promise<FittingDisk | FullVerdict> {
  const { base, target, by } = pair;
  if (base === undefined) return full("NEW_DISK", "The earlier snapshot has no disk with this volume or in this slot.");
  const [had, has] = [base.disk.row, target.disk.row];
  if (by === "slot" && had.vm_volume_local_id && has.vm_volume_local_id) {
    return full("VOLUME_REPLACED", "The slot held a different volume when the earlier snapshot was taken.");
  }
  const [hadCluster, hasCluster] = [base.disk.snapshot.cluster?.id, target.disk.snapshot.cluster?.id];
  if (!hadCluster || hadCluster !== hasCluster) {
    return full("VOLUME_REPLACED", "The earlier snapshot is in a different cluster.");
  }
  if (base.lunSnapshot instanceof TowerError) return unknown(base.lunSnapshot.message);
  const [baseZbsId, targetZbsId] = [usableZbsId(base.lunSnapshot), usableZbsId(target.lunSnapshot)];
  if (base.lunSnapshot === null || baseZbsId === null || target.lunSnapshot === null) {
    return full("BASE_MISSING", "The LUN snapshot with the disk's earlier data is gone or incomplete.");
  }
  if (typeof had.size !== "number" || had.size !== has.size) {
    return full(
      "RESIZED",
      `The disk had ${had.size ?? "an unknown number of"} bytes, and has ${has.size ?? "unknown"}.`,
    );
  }
  const [before, after] = [base.lunSnapshot.row, target.lunSnapshot.row];
  if (!before.iscsi_lun || !after.iscsi_lun) return unknown("The LUN of one of the two snapshots is gone.");
  if (before.iscsi_lun.id !== after.iscsi_lun.id) {
    return full("VOLUME_REPLACED", "The two snapshots are of different LUNs.");
  }
  if (!had.vm_volume_local_id || !has.vm_volume_local_id)
    return unknown("The volume of one of the snapshots is not known.");
  if (baseZbsId === targetZbsId) return unknown("Both snapshots name the same ZBS volume as their data.");
  if ((had.storage_policy_uuid ?? "") !== (has.storage_policy_uuid ?? "")) {
    return unknown("The disk's storage policy has changed, so its data may have been moved.");
  }
  const [beforeMs, afterMs] = [zonedMs(before.local_created_at), zonedMs(after.local_created_at)];
  if (beforeMs > afterMs) return unknown("The earlier snapshot's LUN snapshot is newer than the later one's.");
  if (isRecreated(base.lunSnapshot.row, base.disk.snapshot)) {
    return unknown("The earlier snapshot's LUN snapshot was created long after it, under the same name.");
  }
  return withLiveObjects(graph, pair, { baseZbsId, targetZbsId, lunId: before.iscsi_lun.id, beforeMs });
}

async function withLiveObjects(
  graph: GraphContext,
  { base, target }: DiskPair,
  ends: {
    readonly baseZbsId: string;
    readonly targetZbsId: string | null;
    readonly lunId: string;
    readonly beforeMs: number;
  },
): Promise<FittingDisk | FullVerdict> {
  const [volume, baseCopy, targetCopy] = await Promise.all([
    orDoubt(followOne(graph, snapshotDiskVolume, target.disk)),
    base === undefined ? null : orDoubt(followOne(graph, snapshotDiskVolumeSnapshot, base.disk)),
    orDoubt(followOne(graph, snapshotDiskVolumeSnapshot, target.disk)),
  ]);
  for (const found of [volume, baseCopy, targetCopy]) if (found instanceof TowerError) return unknown(found.message);
  if (volume === null || volume instanceof TowerError) {
    return unknown("The volume is gone, so tasks on it cannot be told apart from others.");
  }
  const [lun, vms] = await Promise.all([followOne(graph, volumeLun, volume), followMany(graph, volumeVms, volume)]);
  if (lun === null) return unknown("The LUN of the volume is gone.");
  if (lun.cloudTowerId !== ends.lunId) return unknown("The volume has a different LUN now.");
  const createdMs = Math.max(...[volume.row, lun.row].map((row) => zonedMs(row.local_created_at) || 0));
  if (createdMs > ends.beforeMs + CLOCK_TOLERANCE_MS) {
    return unknown("The volume or its LUN was created after the earlier snapshot.");
  }
  const copies = [
    { copy: baseCopy as VmVolumeSnapshot | null, zbsId: ends.baseZbsId },
    { copy: targetCopy as VmVolumeSnapshot | null, zbsId: ends.targetZbsId },
  ];
  for (const { copy, zbsId } of copies) {
    if (differInZbs(copy?.row.zbs_snapshot_uuid, zbsId)) {
      return unknown("The LUN snapshot and the volume snapshot name different ZBS volumes.");
    }
  }
  const vmIds = vms.map((vm) => vm.cloudTowerId);
  const wasShared = copies.some(({ copy }) => copy?.row.volume_sharing === true);
  const shared = wasShared || volume.row.sharing !== false || vmIds.length > 1;
  return { baseZbsId: ends.baseZbsId, volume, lun, vmIds, shared };
}

/** The verdict that it is not known whether the later data descends from the earlier. */
export function unknown(explanation: string): FullVerdict {
  return full("LINEAGE_UNKNOWN", explanation);
}

function full(reason: FullReason, explanation: string): FullVerdict {
  return { reason, explanation };
}
