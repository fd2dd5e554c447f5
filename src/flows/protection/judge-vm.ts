import type { ReplicaVm } from "../../resources/replica-vm/replica-vm.type.js";
import { type Evidence, iso, reason, replicaEvidence, restorePointEvidence, snapshotEvidence } from "./judge-copies.js";
import { planNotes } from "./plan-notes.js";
import { type PlannedFacts, plannedFacts } from "./planned-facts.js";
import { type ProtectionReason, type ProtectionState, VmProtection, type VmReplication } from "./protection.types.js";
import type { JudgedVm, ProtectionFacts, Read } from "./protection-facts.js";
import { idOf } from "./references.js";
import { lag, rpo } from "./replication-figures.js";

/**
 * The protection of a VM. A copy that is recent enough proves PROTECTED, whatever else is unknown; without one, each doubt makes it UNKNOWN:
 * there could be a copy where nobody could look.
 *
 * @param olderThanMs age beyond which a copy is old.
 */
export function judgeVm(vm: JudgedVm, read: ProtectionFacts, olderThanMs: number): VmProtection {
  const facts = plannedFacts(vm, read);
  const evidence = [snapshotEvidence(vm, facts), restorePointEvidence(vm, facts), replicaEvidence(vm, facts)];
  const plans = planNotes(vm, facts);
  const copies = evidence.flatMap((each) => each.copies);
  const newest = copies.toSorted((a, b) => b.at - a.at)[0];
  const doubts = [...evidence.flatMap((each) => each.doubts), ...plans.doubts];
  const isRecent = newest !== undefined && newest.at >= facts.now - olderThanMs;
  const state: ProtectionState = isRecent
    ? "PROTECTED"
    : doubts.length > 0
      ? "UNKNOWN"
      : newest === undefined
        ? "UNPROTECTED"
        : "STALE";
  const about = newest && `The newest copy that is known is of ${iso(newest.at)} (${newest.kind}).`;
  const decided: ProtectionReason =
    about === undefined ? reason("NO_COPY", "No copy is known.") : reason(isRecent ? "RECENT_COPY" : "OLD_COPY", about);
  return new VmProtection({
    state,
    reasons: ordered(state, decided, doubts, [...notesOf(evidence), ...recycled(vm), ...plans.notes]),
    newestCopyAt: newest === undefined ? null : iso(newest.at),
    newestCopyKind: newest?.kind ?? null,
    replication: replicationOf(facts),
    snapshotRow: ("value" in facts.snapshots && facts.snapshots.value.newest?.row) || null,
    restorePointRow: ("value" in facts.restorePoints && facts.restorePoints.value.newest?.row) || null,
    snapshotPlan: listOf(facts.snapshotPlans).find(({ row }) => row.id === idOf(vm.snapshot_plan)) ?? null,
    backupPlans: listOf(facts.backupPlans),
  });
}

/** First what decided: the doubts if nothing is known because of them, else the copy. */
function ordered(
  state: ProtectionState,
  decided: ProtectionReason,
  doubts: readonly ProtectionReason[],
  notes: readonly ProtectionReason[],
): readonly ProtectionReason[] {
  return state === "UNKNOWN" ? [...doubts, decided, ...notes] : [decided, ...doubts, ...notes];
}

function notesOf(evidence: readonly Evidence[]): readonly ProtectionReason[] {
  return evidence.flatMap(({ notes }) => notes);
}

function recycled({ in_recycle_bin }: JudgedVm): readonly ProtectionReason[] {
  return in_recycle_bin ? [reason("IN_RECYCLE_BIN", "The VM is in the recycle bin.")] : [];
}

/** The replication with the smallest known lag; without any, that of the first plan by id. */
function replicationOf(facts: PlannedFacts): VmReplication | null {
  const byPlan = new Map<string | undefined, ReplicaVm>();
  for (const replica of listOf(facts.replicas)) byPlan.set(replica.row.replication_plan?.id, replica);
  const found = listOf(facts.replicationPlans).map((plan): VmReplication => {
    const [planned, behind] = [rpo(plan), lag(plan, facts.now)];
    return {
      plan,
      replica: byPlan.get(plan.cloudTowerId) ?? null,
      rpoSeconds: planned.seconds,
      rpoDerivedFrom: planned.from,
      lagSeconds: behind.seconds,
      lagDerivedFrom: behind.from,
    };
  });
  const order = ({ lagSeconds }: VmReplication) => lagSeconds ?? Number.POSITIVE_INFINITY;
  return found.toSorted((a, b) => order(a) - order(b) || (a.plan.id < b.plan.id ? -1 : 1))[0] ?? null;
}

function listOf<T>(read: Read<readonly T[]>): readonly T[] {
  return "value" in read ? read.value : [];
}
