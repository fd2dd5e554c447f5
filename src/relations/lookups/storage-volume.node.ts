import type { GraphObject } from "../../graph/model/graph-object.js";
import type { NodeKind } from "../../graph/schema/node-kind.js";
import { IscsiLun } from "../../resources/iscsi-lun/iscsi-lun.type.js";
import { IscsiLunSnapshot } from "../../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { NvmfNamespace } from "../../resources/nvmf-namespace/nvmf-namespace.type.js";
import { NvmfNamespaceSnapshot } from "../../resources/nvmf-namespace-snapshot/nvmf-namespace-snapshot.type.js";
import { StorageVolume } from "../../resources/storage-volume/storage-volume.type.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { readByKeys } from "../../upstream/sound-rows.js";
import { UpstreamError } from "../../upstream/upstream-error.js";

type Volumes = Map<string, StorageVolume>;

/**
 * ZBS volumes by their ids. CloudTower has no endpoint for them: an id is looked up among LUNs (live data) and LUN snapshots (frozen
 * data) in parallel, and if it is neither, among NVMe namespaces and their snapshots.
 */
export const storageVolumeKind: NodeKind = {
  resource: StorageVolume,
  byCloudTowerId: false,
  calls: 4,
  async find(session, zbsIds) {
    const found: Volumes = new Map();
    await findOfLuns(session, zbsIds, found);
    const missing = zbsIds.filter((id) => !found.has(id));
    if (missing.length > 0) await findOfNamespaces(session, missing, found);
    return found;
  },
};

async function findOfLuns(session: UpstreamSession, zbsIds: readonly string[], found: Volumes): Promise<void> {
  const [luns, snapshots] = await Promise.all([
    readByKeys(session, "IscsiLun", zbsIds, (ids) => ({ zbs_volume_id_in: ids })),
    readByKeys(session, "IscsiLunSnapshot", zbsIds, (ids) => ({ local_id_in: ids })),
  ]);
  for (const row of snapshots) add(found, StorageVolume.ofLunSnapshot(row), "@lunSnapshot", new IscsiLunSnapshot(row));
  for (const row of luns) add(found, StorageVolume.ofLun(row), "@lun", new IscsiLun(row));
}

async function findOfNamespaces(session: UpstreamSession, zbsIds: readonly string[], found: Volumes): Promise<void> {
  const [namespaces, snapshots] = await Promise.all([
    readByKeys(session, "NvmfNamespace", zbsIds, (ids) => ({ zbs_volume_id_in: ids })).catch(noneIfUnknown),
    readByKeys(session, "NvmfNamespaceSnapshot", zbsIds, (ids) => ({ local_id_in: ids })).catch(noneIfUnknown),
  ]);
  for (const row of snapshots) {
    add(found, StorageVolume.ofNamespaceSnapshot(row), "@namespaceSnapshot", new NvmfNamespaceSnapshot(row));
  }
  for (const row of namespaces) add(found, StorageVolume.ofNamespace(row), "@namespace", new NvmfNamespace(row));
}

/** Older versions of CloudTower have no NVMe endpoints. */
function noneIfUnknown(error: unknown): never[] {
  if (error instanceof UpstreamError && error.failure.status === 404) return [];
  throw error;
}

/** Live data is added last, so that it wins if an id is ever found in both. */
function add(found: Volumes, volume: StorageVolume | null, relationKey: `@${string}`, owner: GraphObject): void {
  if (volume === null) return;
  volume[relationKey] = owner;
  found.set(volume.zbsId, volume);
}
