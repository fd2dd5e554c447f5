import { indexByKey } from "../../kernel/group.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { checkIds, lengthError } from "../writes/check-ids.js";
import { type MutationError, SnapshotNotFoundError } from "../writes/mutation-errors.js";
import { readByIds } from "../writes/object-rows.js";
import type { VmWrites } from "../writes/vm-writes.js";
import type { LeaseItem, LeaseOutcome } from "./lease-kind.js";
import { putLeases, takeOffLeases } from "./set-leases.js";
import { MAX_LEASES_PER_CALL, type SnapshotLeaseResult, secondsError } from "./snapshot-leases.types.js";

/** Result of a call that changes leases. */
export interface LeasesResult {
  readonly results: readonly SnapshotLeaseResult[];
  readonly errors: readonly MutationError[];
}

/** Renews the leases of up to 100 snapshots, each by itself: one that cannot be renewed does not affect the others. */
export function renewLeases(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { snapshotIds, seconds }: { readonly snapshotIds: readonly string[]; readonly seconds: number },
): Promise<LeasesResult> {
  const change = (items: readonly LeaseItem[]) => putLeases(session, vmWrites, { items, term: { seconds } });
  return changeLeases(session, { snapshotIds, refusal: secondsError(seconds), change });
}

/** Releases the leases of up to 100 snapshots, each by itself. */
export function releaseLeases(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { snapshotIds }: { readonly snapshotIds: readonly string[] },
): Promise<LeasesResult> {
  return changeLeases(session, { snapshotIds, change: (items) => takeOffLeases(session, vmWrites, items) });
}

async function changeLeases(
  session: UpstreamSession,
  options: {
    readonly snapshotIds: readonly string[];
    readonly refusal?: MutationError | undefined;
    readonly change: (items: readonly LeaseItem[]) => Promise<ReadonlyMap<string, LeaseOutcome>>;
  },
): Promise<LeasesResult> {
  const { snapshotIds, change } = options;
  const refusal = options.refusal ?? lengthError(snapshotIds.length, MAX_LEASES_PER_CALL, "snapshotIds");
  if (refusal !== undefined) return { results: [], errors: [refusal] };
  const inputs = checkIds("VmSnapshot", snapshotIds);
  const ids = inputs.flatMap(({ id, error }) => (id === null || error !== undefined ? [] : [id]));
  const rows = indexByKey(await readByIds(session, "VmSnapshot", ids), (row) => row.id);
  const items = ids.filter((id) => rows.has(id)).map((id) => ({ snapshotId: id, vmId: rows.get(id)?.vm?.id ?? null }));
  const outcomes = items.length === 0 ? new Map<string, LeaseOutcome>() : await change(items);
  const results = inputs.map(({ inputId, id, error }) => {
    const outcome = error === undefined ? outcomes.get(id ?? "") : undefined;
    const { snapshot, errors } = outcome ?? {
      snapshot: null,
      errors: [error ?? new SnapshotNotFoundError(id ?? inputId)],
    };
    return { inputId, snapshot, errors };
  });
  return { results, errors: [] };
}
