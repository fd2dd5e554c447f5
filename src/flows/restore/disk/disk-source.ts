import { diskSlot } from "../../../resources/shared/disk-slot.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import type { Embedded, Row } from "../../../upstream/wire/types.js";
import { InvalidInputError, type MutationError, SnapshotNotFoundError } from "../../writes/mutation-errors.js";
import { readByIds } from "../../writes/object-rows.js";
import { readinessError } from "../restore-vm.js";
import { DiskNotInSnapshotError, DiskNotRestorableError } from "./disk-errors.js";

/** A frozen disk whose data is to become a volume. */
export interface DiskSource {
  readonly snapshot: Row<"VmSnapshot">;
  readonly frozen: Embedded<"NestedFrozenDisks">;
  readonly clusterId: string;
  /** `local_id` of the volume snapshot with the data. */
  readonly volumeSnapshotUuid: string;
  /** Description of the volumes that are restored from it, by which a repetition knows them. */
  readonly description: string;
}

/** Finds a data disk of a snapshot, or why it cannot be restored. @param disk its slot, or the `local_id` of its volume. */
export async function findDiskSource(
  session: UpstreamSession,
  { snapshotId, disk }: { readonly snapshotId: string; readonly disk: string },
): Promise<DiskSource | MutationError> {
  const [snapshot] = await readByIds(session, "VmSnapshot", [snapshotId]);
  if (snapshot === undefined) return new SnapshotNotFoundError(snapshotId);
  const unready = readinessError(snapshot);
  if (unready !== undefined) return unready;
  const disks = (snapshot.vm_disks ?? []).filter((frozen) => frozen?.type === "DISK");
  const [frozen, other] = disks.filter((one) => disk !== "" && [diskSlot(one), one.vm_volume_local_id].includes(disk));
  if (frozen === undefined)
    return new DiskNotInSnapshotError(
      disk,
      disks.flatMap((one) => diskSlot(one) ?? []),
    );
  if (other !== undefined) {
    return new InvalidInputError("The snapshot has several disks in this slot. Name the disk by its volumeLocalId.");
  }
  const clusterId = snapshot.cluster?.id;
  if (!clusterId) return new DiskNotRestorableError(disk, "the cluster of the snapshot is not known");
  const volumeSnapshotUuid = frozen.vm_volume_snapshot_uuid;
  if (!volumeSnapshotUuid) return new DiskNotRestorableError(disk, "the snapshot names no volume snapshot for it");
  const description = `Restored by TowerQL from volume snapshot ${volumeSnapshotUuid} of VM snapshot ${snapshotId}`;
  return { snapshot, frozen, clusterId, volumeSnapshotUuid, description };
}
