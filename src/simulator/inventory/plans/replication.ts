import type { Builder } from "../../rows/builder.js";
import type { StoredRow, Values } from "../../store/store.js";
import { iso } from "../../tasks/clock.js";

const hour = 3_600_000;
const day = 24 * hour;

/**
 * Adds two replication plans to the second cluster. `容灾-hourly` copies some VMs of the other clusters every hour; one of its replicas is
 * not ready. `weekly-dr` failed and was stopped.
 *
 * @param now times are counted from here, in ms since 1970.
 */
export function addReplication(builder: Builder, now: number): void {
  const { store, random } = builder;
  const [, target] = store.table("Cluster").values();
  if (target === undefined) return;
  const vms = [...store.table("Vm").values()].filter(
    ({ values }) => values.cluster !== target.id && values.in_recycle_bin !== true,
  );
  const service = { id: random.id() };
  const hourly = vms.filter((_, index) => index % 7 === 3 || index === 0);
  const lastHour = now - hour / 2;
  const plan = addPlan(builder, target, service, "容灾-hourly", {
    interval: 1,
    last_execute_status: "SUCCESS",
    last_execute_success_job_count: hourly.length,
    last_execute_total_job_count: hourly.length,
    last_executed_at: iso(lastHour),
    next_execution_time: iso(lastHour + hour),
    period: "HOURLY",
    phase: "SCHEDULING",
    status: "WORKING",
    vms: hourly.map(({ id }) => id),
  });
  for (const [index, vm] of hourly.entries()) {
    addReplica(builder, plan, service, vm, index === 1 ? "NOT_READY" : "READY", lastHour);
  }
  const weekly = vms.filter((_, index) => index === 5 || index === 7);
  const stopped = addPlan(builder, target, service, "weekly-dr", {
    interval: 1,
    last_execute_status: "FAILED",
    last_execute_status_message: "REPLICATION_SERVICE_UNREACHABLE",
    last_execute_success_job_count: 0,
    last_execute_total_job_count: weekly.length,
    last_executed_at: iso(now - 9 * day),
    period: "WEEKLY",
    phase: "STOPPED",
    status: "STOPPED",
    vms: weekly.map(({ id }) => id),
  });
  for (const vm of weekly) addReplica(builder, stopped, service, vm, "NOT_READY", now - 9 * day);
}

function addPlan({ store, random }: Builder, target: StoredRow, service: object, name: string, values: Values): string {
  const id = random.id();
  const bare = () => Array.from({ length: 30 }, () => ({ id: random.id() }));
  store.insert(
    "ReplicationPlan",
    {
      id,
      abort_window_unfinished: false,
      activation_timestamp: "2026-04-01T08:00:00.000Z",
      compression: true,
      createdAt: "2026-04-01T08:00:00.000Z",
      delete_strategy: "KEEP_RESTORE_POINT",
      description: "",
      enable_window: false,
      inbound: false,
      keep_mac_address: true,
      keep_policy: "COUNT",
      keep_policy_value: 24,
      last_manual_execute_status: "NEVER_EXECUTE",
      name,
      replica_name_rule: "SUFFIX",
      replica_name_setting: "-replica",
      replica_num: 2,
      // Since the plan was made: the real lists are as long as the plan is old.
      replication_plan_executions: bare(),
      replication_restore_points: bare(),
      replication_target_executions: bare(),
      resiliency_type: "REPLICA",
      snapshot_consistent_type: "CRASH_CONSISTENT",
      storage_policy: "REPLICA_2_THIN_PROVISION",
      target_cluster: target.id,
      target_cluster_descriptor: {
        cluster_local_id: target.values.local_id,
        cluster_name: target.values.name,
        tower_deploy_id: null,
      },
      target_replication_service: service,
      thin_provision: true,
      time_points: [{ hour: 0, minute: 0, date: null, date_position: null, weekday: null }],
      type: "VM",
      updatedAt: "2026-04-01T08:00:00.000Z",
      weekdays: [],
      ...values,
    },
    null,
  );
  return id;
}

function addReplica(
  { store, random }: Builder,
  plan: string,
  service: object,
  vm: StoredRow,
  state: string,
  at: number,
): void {
  const cluster = store.get("Cluster", vm.values.cluster);
  const origin = {
    cluster_local_id: cluster?.values.local_id ?? "",
    cluster_name: cluster?.values.name ?? "",
    object_local_id: vm.values.local_id,
    object_name: vm.values.name,
    parent_object_local_id: null,
    parent_object_name: null,
    tower_deploy_id: null,
    zbs_volume_id: null,
  };
  store.insert(
    "ReplicaVm",
    {
      id: random.id(),
      createdAt: "2026-04-02T08:00:00.000Z",
      inbound: false,
      object_descriptor: { ...origin, object_local_id: random.uuid(), object_name: `${vm.values.name}-replica` },
      origin_object_descriptor: origin,
      origin_vm: vm.id,
      origin_vm_cluster_local_id: origin.cluster_local_id,
      origin_vm_cluster_name: origin.cluster_name,
      origin_vm_local_id: vm.values.local_id,
      origin_vm_name: vm.values.name,
      replica_group: random.uuid(),
      replication_group: random.uuid(),
      replication_plan: plan,
      replication_service: service,
      replication_target_executions: [{ id: random.id() }],
      restore_points: state === "READY" ? [{ id: random.id() }] : [],
      state,
      targets_deletable: false,
      type: "VM",
      updatedAt: iso(at),
    },
    vm.scope,
  );
}
