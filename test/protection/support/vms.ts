import type { Simulator } from "../../../src/simulator/simulator.js";
import { startGateway, type TestGateway } from "../../support/gateway.js";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

type Values = Record<string, unknown>;

/** A time before now, as CloudTower writes it. */
export function ago(milliseconds: number): string {
  return new Date(Date.now() - milliseconds).toISOString();
}

/** VMs of one cluster with copies and plans that a test chooses. */
export class ProtectedVms {
  private count = 0;
  readonly cluster: string;

  constructor(readonly simulator: Simulator) {
    this.cluster = simulator.control.insert("Cluster", { id: "Acluster", name: "A" });
  }

  /** Adds a VM and returns its id. */
  vm(name: string, values: Values = {}): string {
    const plans = { snapshot_plan: null, backup_plans: [] };
    return this.add("Vm", { id: `A${name}`, name, cluster: this.cluster, ...plans, ...values });
  }

  snapshot(vm: string, values: Values = {}): string {
    return this.add("VmSnapshot", { name: "s", cluster: this.cluster, vm, local_created_at: ago(HOUR), ...values });
  }

  restorePoint(vm: string, plan: string, values: Values = {}): string {
    const backup_target_execution = this.add("BackupTargetExecution", { vm });
    const point = { vm, backup_plan: plan, backup_target_execution, local_created_at: ago(HOUR) };
    return this.add("BackupRestorePoint", { ...point, ...values });
  }

  /** A backup plan that has run an hour ago with success. */
  backupPlan(values: Values = {}): string {
    const service = { id: "service", name: "service" };
    const sizes = { logical_size: 1, physical_size: 1, valid_size_of_backup_object: 1, valid_size_of_restore_point: 1 };
    const by = { backup_service: service, backup_store_repository: service };
    return this.add("BackupPlan", { ...sizes, ...by, ...executed(HOUR), ...values });
  }

  /** An hourly replication plan that has run an hour ago with success. */
  replicationPlan(vms: readonly string[], values: Values = {}): string {
    const schedule = { period: "HOURLY", interval: 1, enable_window: false, weekdays: [] };
    const target = { target_replication_service: { id: "service" }, target_cluster: this.cluster };
    return this.add("ReplicationPlan", { vms: [...vms], ...schedule, ...target, ...executed(HOUR), ...values });
  }

  replica(vm: string, plan: string | null, values: Values = {}): string {
    const by = { replication_plan: plan, replication_service: { id: "service" }, origin_vm: vm };
    return this.add("ReplicaVm", { type: "VM", state: "READY", createdAt: ago(30 * DAY), ...by, ...values });
  }

  snapshotPlan(values: Values = {}): string {
    return this.add("SnapshotPlan", {
      cluster: this.cluster,
      status: "NORMAL",
      last_execute_status: "SUCCEED",
      ...values,
    });
  }

  private add(entity: Parameters<Simulator["control"]["insert"]>[0], values: Values): string {
    this.count += 1;
    const id = `A${entity}-${String(this.count).padStart(5, "0")}`;
    const named = NAMELESS.has(entity) ? {} : { name: id };
    return this.simulator.control.insert(entity, { id, ...named, ...values });
  }
}

/** Columns of a plan that was executed so many milliseconds ago. */
export function executed(milliseconds: number, last_execute_status = "SUCCESS"): Values {
  const never = { last_manual_execute_status: "NEVER_EXECUTE" };
  return { status: "WORKING", last_execute_status, last_executed_at: ago(milliseconds), ...never };
}

/** A gateway over an inventory without VMs. */
export async function startProtected(
  options: Parameters<typeof startGateway>[0] = {},
): Promise<{ gateway: TestGateway; vms: ProtectedVms }> {
  const gateway = await startGateway({ ...options, simulator: { vms: 0, ...options.simulator } });
  // The version is read once, before lists that not every CloudTower has, and not by the queries of the test.
  await gateway.data("{ gateway { upstreamVersion } }");
  gateway.simulator.calls.clear();
  return { gateway, vms: new ProtectedVms(gateway.simulator) };
}

export interface Protection {
  readonly state: string;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
  readonly newestCopyKind: string | null;
}

/** The protection of all VMs of the cluster, by name. */
export async function protections(gateway: TestGateway, args = ""): Promise<Record<string, Protection>> {
  const query = `{ vms(first: 1000, includeRecycleBin: true, filter: {cluster: {id: {eq: "Acluster"}}}) { nodes {
    name protection${args} { state reasons { code message } newestCopyKind } } } }`;
  const { vms } = await gateway.data<{ vms: { nodes: { name: string; protection: Protection }[] } }>(query);
  return Object.fromEntries(vms.nodes.map(({ name, protection }) => [name, protection]));
}

/** The state and the codes of the reasons, in one text such as `STALE OLD_COPY NO_PLAN`. */
export function brief({ state, reasons }: Protection): string {
  return [state, ...new Set(reasons.map(({ code }) => code))].join(" ");
}

/** Entities without a name. */
const NAMELESS: ReadonlySet<string> = new Set(["BackupRestorePoint", "BackupTargetExecution", "ReplicaVm"]);
