import type { StoredRow } from "../store/store.js";
import { iso } from "../tasks/clock.js";
import type { Builder } from "./builder.js";
import { addLunSnapshot, redundancyOf } from "./snapshots.js";

/** Adds a snapshot of a consistency group. Unless a `status` is given, also adds the snapshots of its members. */
export function addGroupSnapshot(
  builder: Builder,
  group: StoredRow,
  name: string,
  at: number,
  status: string | null = null,
): StoredRow {
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
  if (status === null) addMemberSnapshots(builder, group, row, at);
  return row;
}

/** Adds the snapshots of a group's LUNs and namespaces. */
export function addMemberSnapshots(builder: Builder, group: StoredRow, row: StoredRow, at: number): void {
  const { store } = builder;
  for (const lun of store.referrers("IscsiLun", "consistency_group", group.id)) {
    const part = addLunSnapshot(builder, lun, `${row.values.name}-${lun.values.name}`, at);
    store.patch(part, { consistency_group_snapshot: row.id });
  }
  for (const namespace of store.referrers("NvmfNamespace", "consistency_group", group.id)) {
    addNamespaceSnapshot(builder, namespace, `${row.values.name}-${namespace.values.name}`, at, row.id);
  }
}

/** Adds a snapshot of an NVMe namespace; `group` is the id of a group snapshot, or null. */
export function addNamespaceSnapshot(
  { store, random }: Builder,
  namespace: StoredRow,
  name: string,
  at: number,
  group: string | null,
): void {
  store.insert(
    "NvmfNamespaceSnapshot",
    {
      id: random.id(),
      consistency_group_snapshot: group,
      ...redundancyOf(namespace),
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
