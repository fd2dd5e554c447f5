import { indexByKey } from "../../kernel/group.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { listError } from "../writes/check-ids.js";
import { type MutationError, SnapshotNotFoundError } from "../writes/mutation-errors.js";
import { readByIds } from "../writes/object-rows.js";
import { type LockPolicy, runWrites } from "../writes/run-writes.js";
import type { VmWrites } from "../writes/vm-writes.js";
import { type DeletedSnapshot, DeleteKind } from "./delete-kind.js";

/** Result of a deletion. */
export interface DeletionResult {
  readonly results: readonly DeletedSnapshot[];
  readonly errors: readonly MutationError[];
}

/** Maximum number of snapshots in a call. */
export const MAX_DELETIONS_PER_CALL = 100;

/** Deletes snapshots by their ids, with one upstream call if no other call writes their VMs. */
export async function deleteVmSnapshots(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { ids, policy }: { readonly ids: readonly string[]; readonly policy: LockPolicy },
): Promise<DeletionResult> {
  const refusal = listError(ids, MAX_DELETIONS_PER_CALL, "ids");
  if (refusal !== undefined) return { results: [], errors: [refusal] };
  const rows = indexByKey(await readByIds(session, "VmSnapshot", ids), (row) => row.id);
  const deletions = ids.map((snapshotId) => ({ snapshotId, vmId: rows.get(snapshotId)?.vm?.id ?? null }));
  const kind = new DeleteKind(vmWrites.users);
  const outcomes = await runWrites(vmWrites, { session, kind, items: deletions, policy });
  const results = deletions.map(
    (item) => outcomes.get(kind.key(item)) ?? kind.failed(item, new SnapshotNotFoundError(item.snapshotId)),
  );
  return { results, errors: [] };
}
