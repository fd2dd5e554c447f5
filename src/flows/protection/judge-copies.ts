import { copyTime } from "./copy-time.js";
import type { Copies, CopyEntity } from "./newest-copies.js";
import { type ExecutedPlan, lastSuccess } from "./plan-executions.js";
import type { PlannedFacts } from "./planned-facts.js";
import type { CopyKind, ProtectionReason, ProtectionReasonCode } from "./protection.types.js";
import type { JudgedVm, Read } from "./protection-facts.js";
import { idOf, referencesIn } from "./references.js";

/** A copy of a VM. */
export interface Copy {
  readonly kind: CopyKind;
  /** In ms since 1970. */
  readonly at: number;
}

/** The copies that are known of one kind, and what keeps it uncertain whether there are others. */
export interface Evidence {
  readonly copies: readonly Copy[];
  readonly doubts: readonly ProtectionReason[];
  /** What else a reader should know. */
  readonly notes: readonly ProtectionReason[];
}

/** A reason. */
export function reason(code: ProtectionReasonCode, message: string): ProtectionReason {
  return { code, message };
}

/** A reason if a list, or some of its rows, could not be read: any of them may be about the VM. */
export function unreadable(
  read: { readonly unreadable: number } | { readonly failed: string },
  nouns: string,
): readonly ProtectionReason[] {
  if ("failed" in read) return [reason("LIST_UNREADABLE", `The ${nouns} cannot be read: ${read.failed}`)];
  if (read.unreadable === 0) return [];
  const message = `CloudTower lists ${nouns} that do not say of which VM they are: ${read.unreadable} in the list that was read.`;
  return [reason("LIST_UNREADABLE", message)];
}

/** Evidence of snapshots. Those that the VM's own row names must be listed, if the list was read to its end. */
export function snapshotEvidence(vm: JudgedVm, { snapshots }: PlannedFacts): Evidence {
  const evidence = listEvidence(snapshots, "SNAPSHOT", "snapshots");
  if ("failed" in snapshots || snapshots.value.hasMore) return evidence;
  const named: readonly unknown[] = referencesIn(vm.snapshots);
  const missing = named.filter((stub) => !snapshots.value.listedIds.has(idOf(stub) ?? "")).length;
  if (missing === 0) return evidence;
  const message = `CloudTower names ${named.length} snapshots of the VM, but does not list ${missing} of them.`;
  return { ...evidence, doubts: [reason("ROWS_MISSING", message), ...evidence.doubts] };
}

/** Evidence of restore points; if they cannot all be looked through, of the executions of the VM's backup plans. */
export function restorePointEvidence(vm: JudgedVm, facts: PlannedFacts): Evidence {
  const plans = "value" in facts.backupPlans ? facts.backupPlans.value : [];
  const evidence = listEvidence(facts.restorePoints, "RESTORE_POINT", "restore points");
  if ("failed" in facts.restorePoints) return evidence;
  const { cutOffAt, newest } = facts.restorePoints.value;
  if (cutOffAt === undefined) {
    const doubts = plans.flatMap((plan) =>
      missingCopy(vm, plan, facts.now, { noun: "restore point", newest: newest?.at }),
    );
    return { ...evidence, doubts: [...evidence.doubts, ...doubts] };
  }
  const used = plans.flatMap((plan) => {
    const { at } = lastSuccess(plan.row, facts.now);
    // What a later execution made would be among the rows that were read: the VM was not part of it.
    return at === undefined || at > cutOffAt ? [] : [{ at, name: plan.name }];
  });
  return {
    copies: [...evidence.copies, ...used.map(({ at }) => ({ kind: "PLAN_EXECUTION" as const, at }))],
    doubts: evidence.doubts,
    notes: used.map(({ at, name }) =>
      reason("LIST_TOO_LONG", `In place of restore points, the execution of the plan ${name} at ${iso(at)} is used.`),
    ),
  };
}

function listEvidence<E extends CopyEntity>(read: Read<Copies<E>>, kind: CopyKind, nouns: string): Evidence {
  if ("failed" in read) return { copies: [], doubts: unreadable(read, nouns), notes: [] };
  const { newest, undated, future, strange, cutOffAt } = read.value;
  const doubts = [...unreadable(read.value, nouns)];
  if (cutOffAt !== undefined)
    doubts.push(reason("LIST_TOO_LONG", `There are too many ${nouns} to find the newest one of the VM.`));
  if (undated > 0) doubts.push(reason("COPY_UNDATED", `${undated} of the ${nouns} have no time that can be read.`));
  if (future > 0) doubts.push(reason("COPY_FROM_FUTURE", `${future} of the ${nouns} have a time in the future.`));
  if (strange > 0) doubts.push(reason("COPY_STATE_UNKNOWN", `${strange} of the ${nouns} are in an unknown state.`));
  return { copies: newest === undefined ? [] : [{ kind, at: newest.at }], doubts, notes: [] };
}

/** Evidence of replicas: each is as old as the last execution of its plan that succeeded. */
export function replicaEvidence(vm: JudgedVm, facts: PlannedFacts): Evidence {
  const copies: Copy[] = [];
  const doubts = [
    ...unreadable(facts.replicas, "replicas"),
    ...unreadable(facts.replicationPlans, "replication plans"),
  ];
  const replicas = "value" in facts.replicas ? facts.replicas.value : [];
  const plans = new Map(
    ("value" in facts.replicationPlans ? facts.replicationPlans.value : []).map((plan) => [plan.cloudTowerId, plan]),
  );
  const uncertain = (message: string) => void doubts.push(reason("REPLICA_UNCERTAIN", message));
  for (const { row } of replicas) {
    const state = row.state ?? "";
    if (state === "NOT_READY" || row.entityAsyncStatus === "DELETING") continue;
    const plan = plans.get(row.replication_plan?.id ?? "");
    if (!USABLE.has(state) || row.entityAsyncStatus === "CREATING")
      uncertain(`A replica is in the state ${state || "unknown"}.`);
    else if (plan === undefined) uncertain("The plan of a replica is not known, so neither is the replica's age.");
    else {
      const { at, mayBeLater } = lastSuccess(plan.row, facts.now);
      if (at !== undefined) copies.push({ kind: "REPLICA", at });
      // One that was made since holds data that is newer than the execution.
      const madeAt = copyTime(row.createdAt, facts.now);
      const isYounger = typeof madeAt !== "number" || at === undefined || madeAt > at;
      if (mayBeLater || isYounger) uncertain(`The plan ${plan.name} does not tell when it last copied the VM.`);
    }
  }
  if ("value" in facts.replicas) {
    const copied = new Set(replicas.map(({ row }) => row.replication_plan?.id));
    for (const plan of plans.values()) {
      if (!copied.has(plan.cloudTowerId)) doubts.push(...missingCopy(vm, plan, facts.now, { noun: "replica" }));
    }
  }
  return { copies, doubts, notes: [] };
}

/**
 * A doubt if a plan has succeeded for all its VMs, this one is among them, and no copy of it is listed that was made since: it may have joined
 * the plan later, its copies may have been deleted, or the caller may not see them. None if the VM is younger than the execution.
 *
 * @param copies.newest the time of the newest copy that is listed, in ms since 1970.
 */
function missingCopy(
  vm: JudgedVm,
  { name, row }: { readonly name: string; readonly row: ExecutedPlan },
  now: number,
  { noun, newest }: { readonly noun: string; readonly newest?: number | undefined },
): readonly ProtectionReason[] {
  const { at } = lastSuccess(row, now);
  if (at === undefined || (newest !== undefined && newest >= at)) return [];
  const createdAt = copyTime(vm.local_created_at, now);
  if (typeof createdAt === "number" && createdAt > at) return [];
  const message = `The plan ${name} succeeded for all its VMs at ${iso(at)}, but CloudTower lists no ${noun} of this one${newest === undefined ? "" : " since"}.`;
  return [reason("ROWS_MISSING", message)];
}

/** States in which a replica holds what the last execution has copied. */
const USABLE: ReadonlySet<string> = new Set(["READY", "FAILOVER_TEST"]);
/** A time as text. */
export function iso(at: number): string {
  return new Date(at).toISOString();
}
