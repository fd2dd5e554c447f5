import { isCloudTowerId, quote } from "../../kernel/text/global-id.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { ownerError } from "../leases/snapshot-leases.types.js";
import { InvalidInputError, type MutationError } from "../writes/mutation-errors.js";
import { runWrites } from "../writes/run-writes.js";
import type { VmWrites } from "../writes/vm-writes.js";
import {
  type DeleteExpiredSnapshotsInput,
  type DeleteExpiredSnapshotsPayload,
  type DeleteExpiredSnapshotsResult,
  MAX_EXPIRED_PER_CALL,
} from "./delete-expired.types.js";
import { expiredConditions, snapshotPage } from "./expired-page.js";
import type { ExpiryLooks } from "./expiry-looks.js";
import { type Judged, judgeSnapshots } from "./judge-snapshots.js";
import { ReapKind, SnapshotKeptError } from "./reap-kind.js";

/**
 * Deletes the snapshots of one owner whose leases have expired, by the rules of the reaper except for names. With `dryRun` only says which.
 *
 * @throws the error of CloudTower or of the gateway if it prevented everything.
 */
export async function deleteExpired(
  session: UpstreamSession,
  services: { readonly vmWrites: VmWrites; readonly looks: ExpiryLooks },
  { owner, dryRun, first, after }: DeleteExpiredSnapshotsInput,
): Promise<DeleteExpiredSnapshotsPayload> {
  const refusal = ownerError(owner) ?? pageError(first, after);
  if (refusal !== undefined) return { results: [], endCursor: null, errors: [refusal] };
  const rules = { looks: services.looks, owner };
  const page = await snapshotPage(session, expiredConditions({ owner }), { after: after ?? undefined, first });
  const judged = await judgeSnapshots(session, page.rows, rules);
  const due = dryRun ? [] : judged.filter(({ reasons }) => reasons.length === 0);
  const kind = new ReapKind(services.vmWrites.users, rules);
  const itemOf = ({ row }: Judged) => ({ snapshotId: row.id, vmId: row.vm?.id ?? null });
  const policy = { onLocked: "FAIL", maxWaitMs: 0 } as const;
  const call = { session, kind, items: due.map(itemOf), policy };
  const outcomes = due.length === 0 ? undefined : await runWrites(services.vmWrites, call);
  const results = judged.map((one): DeleteExpiredSnapshotsResult => {
    const outcome = outcomes?.get(kind.key(itemOf(one)));
    const kept = outcome?.errors.find((error) => error instanceof SnapshotKeptError);
    return {
      snapshot: new VmSnapshot(one.row),
      keptBecause: kept?.reasons ?? one.reasons,
      task: outcome?.task ?? null,
      deleted: outcome !== undefined && outcome.errors.length === 0,
      errors: outcome?.errors.filter((error) => error !== kept) ?? [],
    };
  });
  return { results, endCursor: page.next ?? null, errors: [] };
}

function pageError(first: number, after: string | null | undefined): MutationError | undefined {
  if (first < 1 || first > MAX_EXPIRED_PER_CALL) {
    return new InvalidInputError(`first must be between 1 and ${MAX_EXPIRED_PER_CALL}, got ${first}.`);
  }
  if (after === null || after === undefined || isCloudTowerId(after)) return undefined;
  return new InvalidInputError(`after must be the endCursor of an earlier call, got ${quote(after)}.`);
}
