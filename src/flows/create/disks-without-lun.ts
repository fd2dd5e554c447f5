import { groupByKey, indexByKey } from "../../kernel/group.js";
import { VmDisk } from "../../resources/vm-disk/vm-disk.type.js";
import { readByKeys } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";

/**
 * The data disks of VMs whose volume certainly has no LUN, by VM id: two calls for all of them, in parallel.
 *
 * A snapshot of such a disk has no LUN snapshot, so its data can never be read through ZBS. A volume that is being made, or whose type says
 * that it has a LUN, does not count.
 */
export async function disksWithoutLun(
  session: UpstreamSession,
  vmIds: readonly string[],
): Promise<Map<string, VmDisk[]>> {
  const [disks, volumes] = await Promise.all([
    readByKeys(session, "VmDisk", vmIds, (id_in) => ({ vm: { id_in } })),
    readByKeys(session, "VmVolume", vmIds, (id_in) => ({ vm_disks_some: { vm: { id_in } } })),
  ]);
  const volumeOf = indexByKey(volumes, ({ id }) => id);
  const found = disks.filter(
    ({ type, vm_volume: volume }) => type === "DISK" && hasNoLun(volumeOf.get(volume?.id ?? "")),
  );
  return new Map(
    [...groupByKey(found, ({ vm }) => vm?.id)].map(([id, rows]) => [id, rows.map((row) => new VmDisk(row))]),
  );
}

function hasNoLun(volume: Row<"VmVolume"> | undefined): boolean {
  if (volume === undefined || volume.entityAsyncStatus === "CREATING") return false;
  return !volume.lun && volume.type !== "KVM_VOLUME_ISCSI";
}
