/** Snapshots of NVMe namespaces and of consistency groups. */

import type { Stored } from "../store/store.js";
import { iso } from "../tasks/clock.js";
import { addLunSnapshot } from "./snapshot.js";
import type { Builder } from "./volume.js";

/** Adds a snapshot of a group, with one of each of its LUNs and namespaces. */
export function addGroupSnapshot(
  builder: Builder,
  group: Stored,
  name: string,
  at: number,
  status: string | null = null,
): Stored {
  const { store, random } = builder;
  const row = store.insert(
    "ConsistencyGroupSnapshot",
    {
      id: random.id(),
      consistency_group: group.id,
      entityAsyncStatus: status,
      local_created_at: iso(at),
      local_id: random.uuid(),
      name,
      unique_size: 2 ** 38,
    },
    group.scope,
  );
  if (status === null) addGroupParts(builder, group, row, at);
  return row;
}

/** Adds what a group's snapshot consists of. */
export function addGroupParts(builder: Builder, group: Stored, row: Stored, at: number): void {
  const { store } = builder;
  for (const lun of store.referrers("IscsiLun", "consistency_group", group.id)) {
    const part = addLunSnapshot(builder, lun, `${row.values.name}-${lun.values.name}`, at);
    store.patch(part, { consistency_group_snapshot: row.id });
  }
  for (const namespace of store.referrers("NvmfNamespace", "consistency_group", group.id)) {
    addNamespaceSnapshot(builder, namespace, `${row.values.name}-${namespace.values.name}`, at, row.id);
  }
}

/** Adds a snapshot of a namespace, alone or as part of a group's snapshot. */
export function addNamespaceSnapshot(
  { store, random }: Builder,
  namespace: Stored,
  name: string,
  at: number,
  group: string | null,
): void {
  store.insert(
    "NvmfNamespaceSnapshot",
    {
      id: random.id(),
      consistency_group_snapshot: group,
      local_created_at: iso(at),
      local_id: random.uuid(),
      name,
      nvmf_namespace: namespace.id,
      nvmf_subsystem: namespace.values.nvmf_subsystem,
      unique_size: 2 ** 36,
    },
    namespace.scope,
  );
}
