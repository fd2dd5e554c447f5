import { reason, unreadable } from "./judge-copies.js";
import type { PlannedFacts, PlannedRows } from "./planned-facts.js";
import type { ProtectionReason } from "./protection.types.js";
import type { JudgedVm } from "./protection-facts.js";
import { idOf, labelOf, referencesIn } from "./references.js";

/** What the plans of a VM tell. None of it is a copy: a plan is a promise. */
export function planNotes(
  vm: JudgedVm,
  facts: PlannedFacts,
): { readonly doubts: readonly ProtectionReason[]; readonly notes: readonly ProtectionReason[] } {
  const doubts: ProtectionReason[] = [];
  const notes: ProtectionReason[] = [];
  const snapshotPlans = known(facts.snapshotPlans, "snapshot plans", notes);
  const backupPlans = known(facts.backupPlans, "backup plans", notes);
  const replicationPlans = known(facts.replicationPlans, "replication plans", []);
  const named = referencesIn(vm.backup_plans);
  if ("value" in facts.backupPlans) {
    doubts.push(...unlisted(named, backupPlans, "backup"));
  }
  const planned = vm.snapshot_plan === null || vm.snapshot_plan === undefined ? [] : [vm.snapshot_plan];
  if ("value" in facts.snapshotPlans) notes.push(...unlisted(planned, snapshotPlans, "snapshot"));
  for (const { name, row } of snapshotPlans) {
    if (row.status === "SUSPENDED" || row.status === "STOPPED") notes.push(notExecuted("snapshot", name));
    if (row.last_execute_status === "FAILED") notes.push(failed("snapshot", name));
  }
  const scheduled = [
    ...backupPlans.map((plan) => ["backup", plan] as const),
    ...replicationPlans.map((plan) => ["replication", plan] as const),
  ];
  for (const [kind, { name, row }] of scheduled) {
    if (row.status === "PAUSED" || row.status === "STOPPED") notes.push(notExecuted(kind, name));
    if (row.last_execute_status === "FAILED") notes.push(failed(kind, name));
    if (row.last_execute_status === "PARTIAL_SUCCESS") notes.push(failed(kind, name, " for some of its VMs"));
  }
  const isInPlan = named.length > 0 || planned.length > 0 || snapshotPlans.length + scheduled.length > 0;
  const areKnown = [facts.snapshotPlans, facts.backupPlans, facts.replicationPlans].every(
    (read) => "value" in read && read.unreadable === 0,
  );
  if (!isInPlan && areKnown) notes.push(reason("NO_PLAN", "The VM is in no plan."));
  return { doubts, notes };
}

/** The plans, and a note if they cannot all be read: copies are read from lists of their own. */
function known<T>(read: PlannedRows<T>, nouns: string, notes: ProtectionReason[]): readonly T[] {
  notes.push(...unreadable(read, nouns));
  return "value" in read ? read.value : [];
}

/** A reason for each plan that the VM's row names, and that is not listed. */
function unlisted(
  named: readonly unknown[],
  plans: readonly { readonly row: { readonly id: string } }[],
  kind: string,
): readonly ProtectionReason[] {
  return named.flatMap((reference) => {
    const id = idOf(reference);
    if (id !== undefined && plans.some(({ row }) => row.id === id)) return [];
    const label = labelOf(reference);
    const message =
      label === undefined
        ? `The VM is in a ${kind} plan, and CloudTower does not say in which.`
        : `The VM is in the ${kind} plan ${label}, which CloudTower does not list.`;
    return [reason("PLAN_UNREADABLE", message)];
  });
}

function notExecuted(kind: string, name: string): ProtectionReason {
  return reason("PLAN_NOT_EXECUTED", `The ${kind} plan ${name} is not being executed.`);
}

function failed(kind: string, name: string, ofWhom = ""): ProtectionReason {
  return reason("PLAN_FAILED", `The last execution of the ${kind} plan ${name} failed${ofWhom}.`);
}
