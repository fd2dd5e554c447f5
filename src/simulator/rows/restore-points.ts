import type { StoredRow, Values } from "../store/store.js";
import { iso } from "../tasks/clock.js";
import type { Builder } from "./builder.js";

/** Adds a restore point of a VM, with the backup that made it. */
export function addRestorePoint(
  builder: Builder,
  point: { readonly plan: string; readonly vm: StoredRow; readonly at: number; readonly type: "FULL" | "INCREMENTAL" },
): StoredRow {
  const { store, random } = builder;
  const { plan, vm, at, type } = point;
  const size = type === "FULL" ? 40 * 2 ** 30 : 2 * 2 ** 30;
  const made = execution(builder, vm, {
    duration: 600,
    executed_at: iso(at),
    read_bytes: size,
    status: "SUCCESS",
    total_bytes: size,
    type,
  });
  const row = store.insert(
    "BackupRestorePoint",
    {
      id: random.id(),
      backup_plan: plan,
      backup_target_execution: made.id,
      ...names(builder, vm),
      compressed: true,
      compression_ratio: 1.6,
      creation: "AUTO",
      local_created_at: iso(at),
      local_id: random.uuid(),
      logical_size: size,
      physical_size: size / 2,
      size,
      slice: random.hex(8),
      snapshot_consistent_type: "CRASH_CONSISTENT",
      type,
      valid_capacity: size,
      valid_size: size,
    },
    vm.scope,
  );
  store.patch(made, { backup_restore_point: row.id });
  return row;
}

/** Adds the backup of one VM by an execution of a plan. */
export function execution(builder: Builder, vm: StoredRow, values: Values): StoredRow {
  const { store, random } = builder;
  return store.insert(
    "BackupTargetExecution",
    {
      id: random.id(),
      backup_group: random.uuid(),
      backup_plan_execution: { id: random.id() },
      ...names(builder, vm),
      local_id: random.uuid(),
      retry_times: 0,
      ...values,
    },
    vm.scope,
  );
}

/** What rows of backups say of their VM. It stays when the VM is gone. */
function names({ store }: Builder, vm: StoredRow): Values {
  const cluster = store.get("Cluster", vm.values.cluster);
  return {
    cluster_local_id: cluster?.values.local_id ?? null,
    vm: vm.id,
    vm_local_id: vm.values.local_id,
    vm_name: vm.values.name,
  };
}
