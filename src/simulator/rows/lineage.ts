import type { Store, StoredRow, Values } from "../store/store.js";

/**
 * What a client never sees: from which data a LUN's present data descends. Writes of a guest keep the lineage; whatever replaces data,
 * such as a rollback, starts another one. A LUN snapshot keeps the lineage of the moment at which it was taken.
 */
export function lineageOf({ id, values }: StoredRow): string {
  return `${id} ${values.$lineage ?? 0}`;
}

/** Starts another lineage of a LUN. */
export function replaceData(store: Store, lun: StoredRow): void {
  store.patch(lun, { $lineage: Number(lun.values.$lineage ?? 0) + 1 });
}

/** The LUNs of the volumes that a VM snapshot froze, as far as they still exist, in the order of its disks. */
export function frozenLuns(store: Store, snapshot: StoredRow): StoredRow[] {
  return ((snapshot.values.vm_disks ?? []) as readonly Values[]).flatMap(({ vm_volume_local_id: localId }) => {
    const volume = localId
      ? store.equal("VmVolume", "local_id", localId).find(({ scope }) => scope === snapshot.scope)
      : undefined;
    return store.get("IscsiLun", volume?.values.lun) ?? [];
  });
}
