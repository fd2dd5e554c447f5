import { readByKeys } from "../../../upstream/reads.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import type { Row } from "../../../upstream/wire/types.js";
import type { FittingDisk } from "./disk-verdict.js";

/** What belongs to the disks of a plan, by every name under which a task may name it, in lowercase. */
export interface OwnObjects {
  /** Names of the VM itself and of its snapshots: they concern all disks. */
  readonly ofVm: ReadonlySet<string>;
  /** Names that concern one disk: its volume, LUN and groups, their snapshots, and other VMs that have the volume with theirs. */
  readonly ofDisk: ReadonlyMap<FittingDisk, ReadonlySet<string>>;
}

/** Finds what belongs to the disks: five calls for all of them. */
export async function ownObjects(
  session: UpstreamSession,
  vm: Row<"Vm">,
  disks: readonly FittingDisk[],
): Promise<OwnObjects> {
  const vmIds = [...new Set([vm.id, ...disks.flatMap((disk) => disk.vmIds)])];
  const volumeIds = disks.map(({ volume }) => volume.cloudTowerId);
  const lunIds = disks.map(({ lun }) => lun.cloudTowerId);
  const groupIds = [...new Set(disks.flatMap(({ lun }) => lun.row.consistency_group?.id ?? []))];
  const [vms, snapshots, volumeSnapshots, lunSnapshots, groupSnapshots] = await Promise.all([
    readByKeys(session, "Vm", vmIds, (id_in) => ({ id_in })),
    readByKeys(session, "VmSnapshot", vmIds, (id_in) => ({ vm: { id_in } })),
    readByKeys(session, "VmVolumeSnapshot", volumeIds, (id_in) => ({ vm_volume: { id_in } })),
    readByKeys(session, "IscsiLunSnapshot", lunIds, (id_in) => ({ iscsi_lun: { id_in } })),
    readByKeys(session, "ConsistencyGroupSnapshot", groupIds, (id_in) => ({ consistency_group: { id_in } })),
  ]);
  const namesOfVm = (id: string) => [
    id,
    ...vms.flatMap((row) => (row.id === id ? [row.local_id] : [])),
    ...snapshots.flatMap((row) => (row.vm?.id === id ? [row.id, row.local_id, row.snapshot_group?.id] : [])),
  ];
  const ofDisk = disks.map((disk) => {
    const { volume, lun } = disk;
    const names = [
      ...[volume.cloudTowerId, volume.row.local_id, volume.row.path],
      ...[lun.cloudTowerId, lun.row.local_id, lun.row.zbs_volume_id, lun.row.consistency_group?.id],
      ...volumeSnapshots.flatMap((row) =>
        row.vm_volume?.id === volume.cloudTowerId ? [row.id, row.local_id, row.zbs_snapshot_uuid] : [],
      ),
      ...lunSnapshots.flatMap((row) =>
        row.iscsi_lun?.id === lun.cloudTowerId
          ? [row.id, row.name, row.local_id, row.consistency_group_snapshot?.id]
          : [],
      ),
      ...groupSnapshots.flatMap((row) =>
        row.consistency_group?.id === lun.row.consistency_group?.id ? [row.id, row.local_id] : [],
      ),
      ...disk.vmIds.filter((id) => id !== vm.id).flatMap(namesOfVm),
    ];
    return [disk, present(names)] as const;
  });
  return { ofVm: present(namesOfVm(vm.id)), ofDisk: new Map(ofDisk) };
}

/** CloudTower may send anything in place of a text. */
function present(names: readonly unknown[]): ReadonlySet<string> {
  return new Set(names.flatMap((name) => (typeof name === "string" && name !== "" ? name.toLowerCase() : [])));
}
