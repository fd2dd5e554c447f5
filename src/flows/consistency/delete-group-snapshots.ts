import { indexByKey } from "../../kernel/group.js";
import { quote } from "../../kernel/text/global-id.js";
import type { UpstreamSession, WriteOptions } from "../../upstream/session.js";
import { UpstreamError, type UpstreamFailure } from "../../upstream/upstream-error.js";
import { WriteTargets } from "../../upstream/write-targets.js";
import { type DeletedSnapshot, DeletionKind } from "../delete/deletion-kind.js";
import { checkIds, lengthError } from "../writes/check-ids.js";
import type { MutationError } from "../writes/mutation-errors.js";
import { readByIds } from "../writes/object-rows.js";
import type { KnownUsers } from "../writes/own-tasks.js";
import { type LockPolicy, runWrites } from "../writes/run-writes.js";
import type { VmWrites } from "../writes/vm-writes.js";
import type { SentWrite } from "../writes/write-kind.js";
import { GROUP_ENDPOINTS, sendDeleteGroupSnapshots } from "./group-calls.js";
import { ConsistencyGroupSnapshotNotFoundError } from "./group-errors.js";
import { lookIfSupported, unsupportedWrite } from "./unsupported.js";

/** Outcome of one item, together with the item. */
export interface DeleteGroupSnapshotResult extends DeletedSnapshot {
  /** Id of the snapshot as it was sent. */
  readonly inputId: string;
  /** Bare id of the snapshot; null if CloudTower does not show it. */
  readonly snapshotId: string | null;
  /** Bare id of its group; null if CloudTower does not show it. */
  readonly groupId: string | null;
}

/** Result of a deletion. */
export interface GroupDeletionResult {
  readonly results: readonly DeleteGroupSnapshotResult[];
  readonly errors: readonly MutationError[];
}

/** How snapshots are deleted. */
export interface DeleteGroupSnapshotsOptions {
  /** The ids as they were sent, global or bare. */
  readonly inputIds: readonly string[];
  /** Whether the snapshots of the members stay, as snapshots of LUNs and namespaces of their own. */
  readonly keepMemberSnapshots: boolean;
  readonly policy: LockPolicy;
}

/** Maximum number of snapshots in a call. */
export const MAX_GROUP_DELETIONS_PER_CALL = 100;

/**
 * Deletes snapshots of consistency groups by their ids, with one upstream call if no other call writes their groups. The results are in the
 * order of the ids.
 */
export async function deleteGroupSnapshots(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { inputIds, keepMemberSnapshots, policy }: DeleteGroupSnapshotsOptions,
): Promise<GroupDeletionResult> {
  const refusal = lengthError(inputIds.length, MAX_GROUP_DELETIONS_PER_CALL, "ids");
  if (refusal !== undefined) return { results: [], errors: [refusal] };
  const checked = checkIds("ConsistencyGroupSnapshot", inputIds);
  const ids = checked.flatMap(({ id, error }) => (id === null || error !== undefined ? [] : [id]));
  const rows = indexByKey(await shownSnapshots(session, ids), (row) => row.id);
  const deletionOf = (snapshotId: string) => ({
    snapshotId,
    groupId: rows.get(snapshotId)?.consistency_group?.id ?? null,
  });
  const shown = (id: string | null) =>
    id !== null && rows.has(id) ? deletionOf(id) : { snapshotId: null, groupId: null };
  const kind = new DeleteGroupSnapshotsKind(vmWrites.users, keepMemberSnapshots);
  const outcomes = await runWrites(vmWrites, { session, kind, items: ids.map(deletionOf), policy });
  const results = checked.map(({ inputId, id, error }) => {
    const outcome = id === null || error !== undefined ? undefined : outcomes.get(kind.key(deletionOf(id)));
    const reason = error ?? new ConsistencyGroupSnapshotNotFoundError(inputId);
    return { inputId, ...shown(id), ...(outcome ?? { task: null, errors: [reason] }) };
  });
  return { results, errors: [] };
}

/** The snapshots that CloudTower shows. One that has no such list shows none; the look then says why. */
async function shownSnapshots(session: UpstreamSession, ids: readonly string[]) {
  return readByIds(session, "ConsistencyGroupSnapshot", ids).catch((error: unknown) => {
    if (error instanceof UpstreamError && error.failure.status === 404) return [];
    throw error;
  });
}

/** A snapshot of a consistency group to delete. */
interface GroupDeletion {
  readonly snapshotId: string;
  /** Its group; null if that is gone. */
  readonly groupId: string | null;
}

/** Deletes snapshots of consistency groups. */
class DeleteGroupSnapshotsKind extends DeletionKind<GroupDeletion> {
  protected readonly entity = "ConsistencyGroupSnapshot";
  readonly turnOf = "ConsistencyGroup";

  constructor(
    users: KnownUsers,
    private readonly keepMemberSnapshots: boolean,
  ) {
    super(users);
  }

  /** A snapshot whose group is gone waits for other deletions of itself. */
  turn({ snapshotId, groupId }: GroupDeletion): string {
    return groupId ?? snapshotId;
  }

  target({ snapshotId, groupId }: GroupDeletion): string {
    return groupId === null ? `snapshot ${quote(snapshotId)}` : `consistency group ${quote(groupId)}`;
  }

  lockTargets({ snapshotId, groupId }: GroupDeletion): readonly string[] {
    return groupId === null ? [snapshotId] : [groupId, snapshotId];
  }

  override look(session: UpstreamSession, items: readonly GroupDeletion[], sent: ReadonlyMap<string, SentWrite>) {
    const keys = items.map((item) => this.key(item));
    return lookIfSupported(keys, () => super.look(session, items, sent));
  }

  send(session: UpstreamSession, items: readonly [GroupDeletion, ...GroupDeletion[]], options: WriteOptions) {
    const targets = WriteTargets.of(items.map(({ snapshotId }) => snapshotId));
    return sendDeleteGroupSnapshots(session, { targets, keepMemberSnapshots: this.keepMemberSnapshots }, options);
  }

  refusal(session: UpstreamSession, { snapshotId: id }: GroupDeletion, failure: UpstreamFailure) {
    return unsupportedWrite(session, { entity: this.entity, id }, failure, GROUP_ENDPOINTS.delete);
  }

  protected notFound(snapshotId: string) {
    return new ConsistencyGroupSnapshotNotFoundError(snapshotId);
  }
}
