import { indexByKey } from "../../kernel/group.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { checkIds, lengthError } from "../writes/check-ids.js";
import { type MutationError, SnapshotNotFoundError } from "../writes/mutation-errors.js";
import { readByIds } from "../writes/object-rows.js";
import { type LockPolicy, runWrites } from "../writes/run-writes.js";
import type { VmWrites } from "../writes/vm-writes.js";
import { DeleteKind } from "./delete-kind.js";
import type { DeletedSnapshot } from "./deletion-kind.js";

/** Outcome of one item, together with the item. */
export interface DeleteVmSnapshotResult extends DeletedSnapshot {
  /** Id of the snapshot as it was sent. */
  readonly inputId: string;
  /** Bare id of the snapshot; null if CloudTower does not show it. */
  readonly snapshotId: string | null;
  /** Bare id of its VM; null if CloudTower does not show it. */
  readonly vmId: string | null;
}

/** Result of a deletion. */
export interface DeletionResult {
  readonly results: readonly DeleteVmSnapshotResult[];
  readonly errors: readonly MutationError[];
}

/** Maximum number of snapshots in a call. */
export const MAX_DELETIONS_PER_CALL = 100;

/**
 * Deletes snapshots by their ids, with one upstream call if no other call writes their VMs. The results are in the order of the ids.
 *
 * @param options.inputIds the ids as they were sent, global or bare.
 */
export async function deleteVmSnapshots(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { inputIds, policy }: { readonly inputIds: readonly string[]; readonly policy: LockPolicy },
): Promise<DeletionResult> {
  const refusal = lengthError(inputIds.length, MAX_DELETIONS_PER_CALL, "ids");
  if (refusal !== undefined) return { results: [], errors: [refusal] };
  const checked = checkIds("VmSnapshot", inputIds);
  const ids = checked.flatMap(({ id, error }) => (id === null || error !== undefined ? [] : [id]));
  const rows = indexByKey(await readByIds(session, "VmSnapshot", ids), (row) => row.id);
  const deletionOf = (snapshotId: string) => ({ snapshotId, vmId: rows.get(snapshotId)?.vm?.id ?? null });
  const shown = (id: string | null) =>
    id !== null && rows.has(id) ? deletionOf(id) : { snapshotId: null, vmId: null };
  const kind = new DeleteKind(vmWrites.users);
  const outcomes = await runWrites(vmWrites, { session, kind, items: ids.map(deletionOf), policy });
  const results = checked.map(({ inputId, id, error }) => {
    const outcome = id === null || error !== undefined ? undefined : outcomes.get(kind.key(deletionOf(id)));
    const reason = error ?? new SnapshotNotFoundError(inputId);
    return { inputId, ...shown(id), ...(outcome ?? { task: null, errors: [reason] }) };
  });
  return { results, errors: [] };
}
