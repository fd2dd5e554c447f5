import type { NodeKind } from "../graph/root-fields.js";
import { IscsiLun } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { IscsiLunSnapshot } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { StorageVolume } from "../resources/storage-volume/storage-volume.type.js";
import { readByKeys } from "../upstream/reads.js";

/**
 * ZBS volumes by their ids. CloudTower has no call for them: an id is looked for among the LUNs (live data) and among the LUN
 * snapshots (frozen data) side by side.
 */
export const storageVolumeKind: NodeKind = {
  of: StorageVolume,
  byCloudTowerId: false,
  async find(session, zbsIds) {
    const [luns, snapshots] = await Promise.all([
      readByKeys(session, "IscsiLun", zbsIds, (ids) => ({ zbs_volume_id_in: ids })),
      readByKeys(session, "IscsiLunSnapshot", zbsIds, (ids) => ({ local_id_in: ids })),
    ]);
    const found = new Map<string, StorageVolume>();
    for (const row of snapshots) {
      const volume = StorageVolume.ofLunSnapshot(row);
      if (volume !== null) found.set(volume.zbsId, volume);
      if (volume !== null) volume["@lunSnapshot"] = new IscsiLunSnapshot(row);
    }
    for (const row of luns) {
      const volume = StorageVolume.ofLun(row);
      if (volume !== null) found.set(volume.zbsId, volume);
      if (volume !== null) volume["@lun"] = new IscsiLun(row);
    }
    return found;
  },
};
