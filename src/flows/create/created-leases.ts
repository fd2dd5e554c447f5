import type { UpstreamSession } from "../../upstream/session.js";
import { LeaseNotSetError } from "../leases/lease-errors.js";
import type { LeaseItem, LeaseOutcome } from "../leases/lease-kind.js";
import { leaseFailure, putLeases } from "../leases/set-leases.js";
import type { VmSnapshotLeaseInput } from "../leases/snapshot-leases.types.js";
import type { VmWrites } from "../writes/vm-writes.js";
import { WriteOutcomeUnknownError } from "../writes/write-errors.js";
import type { SnapshotOutcome } from "./snapshot-outcome.js";

const UNKNOWN: LeaseOutcome = { snapshot: null, lease: null, errors: [new WriteOutcomeUnknownError(0)] };

/**
 * Puts leases on snapshots that were created or found. Never fails: a snapshot exists, whatever becomes of its lease, and its outcome says
 * why it has none.
 */
export async function withLeases(
  session: UpstreamSession,
  vmWrites: VmWrites,
  {
    outcomes,
    lease,
  }: { readonly outcomes: ReadonlyMap<string, SnapshotOutcome>; readonly lease: VmSnapshotLeaseInput },
): Promise<Map<string, SnapshotOutcome>> {
  const items = [...outcomes.values()].flatMap(({ snapshot }): LeaseItem[] =>
    // A snapshot that was found may be as new as one that was created: an earlier call created it.
    snapshot === null ? [] : [{ snapshotId: snapshot.cloudTowerId, vmId: snapshot.row.vm?.id ?? null, isNew: true }],
  );
  if (items.length === 0) return new Map(outcomes);
  const leases = await putLeases(session, vmWrites, { items, term: lease }).catch((error: unknown) => {
    const failed: LeaseOutcome = { snapshot: null, lease: null, errors: [leaseFailure(error)] };
    return new Map(items.map(({ snapshotId }) => [snapshotId, failed]));
  });
  return new Map(
    [...outcomes].map(([key, outcome]) => {
      if (outcome.snapshot === null) return [key, outcome];
      const { snapshot, errors } = leases.get(outcome.snapshot.cloudTowerId) ?? UNKNOWN;
      const problems = errors.map((error) => new LeaseNotSetError(error));
      return [key, { ...outcome, snapshot: snapshot ?? outcome.snapshot, errors: [...outcome.errors, ...problems] }];
    }),
  );
}
