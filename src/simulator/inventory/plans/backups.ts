import type { Builder } from "../../rows/builder.js";
import { addRestorePoint, execution } from "../../rows/restore-points.js";
import type { StoredRow, Values } from "../../store/store.js";
import { iso } from "../../tasks/clock.js";

const hour = 3_600_000;
const day = 24 * hour;

/**
 * Adds two backup plans with their restore points. `gold-备份` has run every night, but the last three times without its second VM, whose
 * newest restore point is therefore some days old. `silver` was paused 40 days ago.
 *
 * @param gold id of the first plan, which VMs refer to already.
 * @param now times are counted from here, in ms since 1970.
 */
export function addBackups(builder: Builder, gold: string, now: number): void {
  const { store, random } = builder;
  const vms = [...store.table("Vm").values()];
  const inGold = vms.filter(({ values }) => idsOf(values.backup_plans).includes(gold));
  const service = { id: random.id(), name: "backup-service-01" };
  const repository = { id: random.id(), name: "nas-01" };
  const lastNight = now - 6 * hour;
  addPlan(builder, gold, "gold-备份", {
    backup_service: service,
    backup_store_repository: repository,
    last_execute_status: inGold.length > 1 ? "PARTIAL_SUCCESS" : "SUCCESS",
    last_execute_status_message: inGold.length > 1 ? "VM_SNAPSHOT_FAILED" : "",
    last_execute_success_job_count: Math.max(inGold.length - 1, 0),
    last_execute_total_job_count: inGold.length,
    last_executed_at: iso(lastNight),
    next_execute_time: iso(lastNight + day),
    phase: "SCHEDULING",
    status: "WORKING",
  });
  for (const [index, vm] of inGold.entries()) {
    for (let nights = 5; nights >= 0; nights -= 1) {
      const at = lastNight - nights * day + index * 60_000;
      if (index === 1 && nights < 3) addFailure(builder, vm, at);
      else addRestorePoint(builder, { plan: gold, vm, at, type: nights === 5 ? "FULL" : "INCREMENTAL" });
    }
  }
  const silver = random.id();
  const pausedAt = now - 40 * day;
  addPlan(builder, silver, "silver", {
    backup_service: service,
    backup_store_repository: repository,
    last_execute_status: "SUCCESS",
    last_execute_success_job_count: 1,
    last_execute_total_job_count: 1,
    last_executed_at: iso(pausedAt),
    phase: "PAUSED",
    status: "PAUSED",
  });
  const sandbox = vms[6];
  if (sandbox === undefined) return;
  store.patch(sandbox, { backup_plans: [...idsOf(sandbox.values.backup_plans), silver] });
  addRestorePoint(builder, { plan: silver, vm: sandbox, at: pausedAt, type: "FULL" });
}

function addPlan({ store, random }: Builder, id: string, name: string, values: Values): void {
  const at = { hour: 1, minute: 30, date: null, date_position: null, weekday: null };
  store.insert(
    "BackupPlan",
    {
      id,
      backup_delay_option: "KEEP_GO_ON",
      // Since the plan was made: the real list is as long as the plan is old.
      backup_plan_executions: Array.from({ length: 60 }, () => ({ id: random.id() })),
      backup_total_size: 300 * 2 ** 30,
      compression: true,
      compression_ratio: 1.6,
      createdAt: "2026-03-01T08:00:00.000Z",
      delete_strategy: "KEEP_RESTORE_POINT",
      description: "",
      enable_window: false,
      full_interval: 1,
      full_period: "WEEKLY",
      full_time_point: { ...at, weekday: "SUN" },
      incremental_interval: 1,
      incremental_period: "DAILY",
      incremental_time_points: [at],
      incremental_weekdays: ["MON", "TUE", "WED", "THU", "FRI", "SAT"],
      keep_policy: "COUNT",
      keep_policy_value: 14,
      last_manual_execute_status: "NEVER_EXECUTE",
      logical_size: 500 * 2 ** 30,
      name,
      physical_size: 180 * 2 ** 30,
      snapshot_consistent_type: "CRASH_CONSISTENT",
      valid_size_of_backup_object: 500 * 2 ** 30,
      valid_size_of_restore_point: 300 * 2 ** 30,
      ...values,
    },
    null,
  );
}

/** Adds a backup of a VM that failed: it has no restore point. */
function addFailure(builder: Builder, vm: StoredRow, at: number): void {
  execution(builder, vm, { executed_at: iso(at), status: "FAILED", type: "INCREMENTAL", retry_times: 3 });
}

function idsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value : [];
}
