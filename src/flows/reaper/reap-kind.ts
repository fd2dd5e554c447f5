import { Field } from "type-graphql";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { DeleteKind, type Deletion } from "../delete/delete-kind.js";
import { MutationError, mutationError } from "../writes/mutation-errors.js";
import { readByIds } from "../writes/object-rows.js";
import type { KnownUsers } from "../writes/own-tasks.js";
import type { SentWrite } from "../writes/write-kind.js";
import { type Judged, judgeSnapshots, type Rules } from "./judge-snapshots.js";
import { KeepReason } from "./keep-reason.type.js";

@mutationError("SNAPSHOT_KEPT", "The snapshot was about to be deleted, and is kept: something about it had changed.")
export class SnapshotKeptError extends MutationError {
  @Field(() => [KeepReason], { description: "Why it is kept." })
  readonly reasons: readonly KeepReason[];

  constructor(reasons: readonly KeepReason[]) {
    super(`It is kept: ${reasons.map(({ message }) => message).join(" ")}`);
    this.reasons = reasons;
  }
}

/** Deletes snapshots whose leases have expired: judges each again, in the turn of its VM, directly before the deletion is sent. */
export class ReapKind extends DeleteKind {
  constructor(
    users: KnownUsers,
    private readonly rules: Rules,
  ) {
    super(users);
  }

  override async look(session: UpstreamSession, items: readonly Deletion[], sent: ReadonlyMap<string, SentWrite>) {
    const looks = await super.look(session, items, sent);
    const absent = items.filter((item) => looks.get(this.key(item))?.kind === "absent");
    const rows: Row<"VmSnapshot">[] = await readByIds(
      session,
      "VmSnapshot",
      absent.map(({ snapshotId }) => snapshotId),
    );
    const judged = new Map(
      (await judgeSnapshots(session, rows, this.rules)).map((one): [string, Judged] => [one.row.id, one]),
    );
    for (const item of absent) {
      const reasons = judged.get(item.snapshotId)?.reasons ?? [new KeepReason("NOT_EXPIRED", "It is gone.")];
      if (reasons.length > 0) looks.set(this.key(item), { kind: "refused", error: new SnapshotKeptError(reasons) });
    }
    return looks;
  }
}
