import { quote } from "../../kernel/text/global-id.js";
import type { UpstreamSession, WriteOptions } from "../../upstream/session.js";
import { WriteTargets } from "../../upstream/write-targets.js";
import { SnapshotNotFoundError } from "../writes/mutation-errors.js";
import { sendDeleteVmSnapshots } from "../writes/write-calls.js";
import { DeletionKind } from "./deletion-kind.js";

/** A VM snapshot to delete. */
export interface Deletion {
  readonly snapshotId: string;
  /** Its VM; null if that is gone. */
  readonly vmId: string | null;
}

/** Deletes VM snapshots. */
export class DeleteKind extends DeletionKind<Deletion> {
  protected readonly entity = "VmSnapshot";

  /** A snapshot whose VM is gone waits for other deletions of itself. */
  turn({ snapshotId, vmId }: Deletion): string {
    return vmId ?? snapshotId;
  }

  target({ snapshotId, vmId }: Deletion): string {
    return vmId === null ? `snapshot ${quote(snapshotId)}` : `VM ${quote(vmId)}`;
  }

  lockTargets({ snapshotId, vmId }: Deletion): readonly string[] {
    return vmId === null ? [snapshotId] : [vmId, snapshotId];
  }

  send(session: UpstreamSession, items: readonly [Deletion, ...Deletion[]], options: WriteOptions) {
    return sendDeleteVmSnapshots(session, WriteTargets.of(items.map(({ snapshotId }) => snapshotId)), options);
  }

  protected notFound(snapshotId: string) {
    return new SnapshotNotFoundError(snapshotId);
  }
}
