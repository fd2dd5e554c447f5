import type { BackupPlan } from "../../resources/backup-plan/backup-plan.type.js";
import type { ReplicaVm } from "../../resources/replica-vm/replica-vm.type.js";
import type { ReplicationPlan } from "../../resources/replication-plan/replication-plan.type.js";
import type { SnapshotPlan } from "../../resources/snapshot-plan/snapshot-plan.type.js";
import type { Listed } from "./listed-rows.js";
import type { JudgedVm, ProtectionFacts, Read } from "./protection-facts.js";
import { idOf, referencesIn } from "./references.js";

/** The rows of a list that concern one VM, and the number of those of which nobody knows whether they do; or why it could not be read. */
export type PlannedRows<C> =
  | { readonly value: readonly C[]; readonly unreadable: number }
  | { readonly failed: string };

/** The facts of one VM, with its own plans and replicas alone. */
export interface PlannedFacts extends Pick<ProtectionFacts, "now" | "snapshots" | "restorePoints"> {
  readonly snapshotPlans: PlannedRows<SnapshotPlan>;
  readonly backupPlans: PlannedRows<BackupPlan>;
  readonly replicationPlans: PlannedRows<ReplicationPlan>;
  readonly replicas: PlannedRows<ReplicaVm>;
}

/** Picks what concerns a VM: the rows that name it, and the plans that its own row names. */
export function plannedFacts(vm: JudgedVm, facts: ProtectionFacts): PlannedFacts {
  const { now, snapshots, restorePoints } = facts;
  return {
    ...{ now, snapshots, restorePoints },
    snapshotPlans: ofVm(facts.snapshotPlans, vm.id, vm.snapshot_plan),
    backupPlans: ofVm(facts.backupPlans, vm.id, vm.backup_plans),
    replicationPlans: ofVm(facts.replicationPlans, vm.id, null),
    replicas: ofVm(facts.replicas, vm.id, null),
  };
}

/** @param named the column of the VM's row that names them. */
function ofVm<C>(read: Read<Listed<C>>, vmId: string, named: unknown): PlannedRows<C> {
  if ("failed" in read) return read;
  const { byId, byVm, unreadable } = read.value;
  const rows = new Set([
    ...(byVm.get(vmId) ?? []),
    ...referencesIn(named).flatMap((each) => byId.get(idOf(each) ?? "") ?? []),
  ]);
  return { value: [...rows], unreadable: unreadable.get(vmId) ?? 0 };
}
