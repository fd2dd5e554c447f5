import type { Builder } from "../../rows/builder.js";
import type { StoredRow, Values } from "../../store/store.js";
import { iso } from "../../tasks/clock.js";
import { inventoryTime } from "../vms.js";

const day = 86_400_000;

/**
 * Adds the snapshot plans `nightly`, one for each cluster with VMs in it, and their executions. The plan of the first cluster has taken
 * the snapshot group. All have been suspended since the inventory's time, so that what they took has grown old.
 *
 * @param plan id of the first plan, which VMs refer to already.
 */
export function addSnapshotPlans(builder: Builder, plan: string): void {
  const { store, random } = builder;
  const planned = [...store.table("Vm").values()].filter((vm) => vm.values.snapshot_plan === plan);
  const clusters = [...store.table("Cluster").values()].filter(({ values }) => values.type !== "SMTX_ZBS");
  for (const [index, cluster] of clusters.entries()) {
    const id = index === 0 ? plan : random.id();
    const vms = planned.filter((vm) => vm.values.cluster === cluster.id);
    addPlan(builder, cluster, id, vms.length);
    for (const vm of vms) store.patch(vm, { snapshot_plan: id, protected: true });
  }
  const [group] = store.table("SnapshotGroup").values();
  if (group !== undefined) addExecutions(builder, plan, group);
}

function addPlan({ store, random }: Builder, cluster: StoredRow, id: string, vmCount: number): void {
  store.insert(
    "SnapshotPlan",
    {
      id,
      auto_delete_num: 54,
      auto_execute_num: 56,
      cluster: cluster.id,
      description: "",
      end_time: null,
      exec_h_m: null,
      execute_intervals: [1],
      execute_plan_type: "DAY",
      healthy: vmCount > 0,
      last_execute_end_time: iso(inventoryTime - 2 * day + 60_000),
      last_execute_status: "SUCCEED",
      last_execute_time: iso(inventoryTime - 2 * day),
      local_id: random.uuid(),
      logical_size_bytes: vmCount * 40 * 2 ** 30,
      manual_delete_num: 0,
      manual_execute_num: 1,
      mirror: false,
      name: "nightly",
      next_execute_time: null,
      object_num: vmCount,
      physical_size_bytes: vmCount * 15 * 2 ** 30,
      remain_snapshot_num: 7,
      snapshot_group_num: 1,
      start_time: iso(inventoryTime - 60 * day),
      status: "SUSPENDED",
    },
    cluster.id,
  );
}

/** The execution that took the group, one that failed, and one without a group yet. */
function addExecutions({ store, random }: Builder, plan: string, group: StoredRow): void {
  const at = Date.parse(String(group.values.local_created_at));
  const add = (id: string, values: Values) =>
    store.insert(
      "SnapshotPlanTask",
      {
        id,
        cluster: group.scope,
        internal: false,
        local_id: random.uuid(),
        snapshotPlan: plan,
        type: "TASK_TYPE_PROTECT",
        ...values,
      },
      group.scope,
    );
  const ended = (start: number) => ({ start_time: iso(start), end_time: iso(start + 60_000) });
  add(String(group.values.snapshotPlanTask), { ...ended(at), snapshotGroup: group.id, status: "SUCCEED" });
  add(random.id(), { ...ended(at - day), status: "FAILED" });
}
