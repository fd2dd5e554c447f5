import { indexByKey } from "../../kernel/group.js";
import { oldestFirst } from "../../resources/shared/oldest-first.js";
import { Task } from "../../resources/task/task.type.js";
import { isTaskOf } from "../../resources/task/task-mutation.js";
import { isOpen } from "../../resources/task/task-status.js";
import type { UpstreamSession, WriteOptions } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import type { MutationError } from "../writes/mutation-errors.js";
import { readByIds, readByKeys } from "../writes/object-rows.js";
import type { KnownUsers } from "../writes/own-tasks.js";
import { pendingTask, tasksOf, type WriteResponse } from "../writes/write-calls.js";
import type { Accepted, Completed, Look, SentWrite, WriteKind } from "../writes/write-kind.js";

/** Outcome of the deletion of one snapshot. */
export interface DeletedSnapshot {
  /** The task that deletes it; null if it was deleted immediately, or if CloudTower has none. */
  readonly task: Task | null;
  readonly errors: readonly MutationError[];
}

/** A snapshot to delete. */
interface Snapshot {
  readonly snapshotId: string;
}

/** Deletes snapshots of one type. The effect is that they are gone or being deleted, by whomever. */
export abstract class DeletionKind<I extends Snapshot> implements WriteKind<I, DeletedSnapshot> {
  readonly isIdempotent = true;
  protected abstract readonly entity: "VmSnapshot" | "ConsistencyGroupSnapshot";

  constructor(private readonly users: KnownUsers) {}

  key({ snapshotId }: Snapshot): string {
    return `delete ${snapshotId}`;
  }

  abstract turn(item: I): string;
  abstract target(item: I): string;
  abstract lockTargets(item: I): readonly string[];
  abstract send(
    session: UpstreamSession,
    items: readonly [I, ...I[]],
    options: WriteOptions,
  ): Promise<readonly WriteResponse[]>;
  /** The error for an id that CloudTower does not show. */
  protected abstract notFound(snapshotId: string): MutationError;

  async look(session: UpstreamSession, items: readonly I[], sent: ReadonlyMap<string, SentWrite>) {
    const ids = items.map(({ snapshotId }) => snapshotId);
    const [found, tasks] = await Promise.all([readByIds(session, this.entity, ids), deletionsOf(session, ids)]);
    const rows = indexByKey(found, (row) => row.id);
    const wasSent = (id: string) => sent.has(this.key({ snapshotId: id }));
    // Of a snapshot that is being deleted either its row or the task may say so first.
    const isLeaving = (id: string) => {
      const task = tasks.get(id);
      return rows.get(id)?.entityAsyncStatus === "DELETING" || (task !== undefined && isOpen(task));
    };
    const effected = ids.filter((id) => (rows.has(id) ? isLeaving(id) : wasSent(id)));
    const looks = new Map<string, Look<DeletedSnapshot>>();
    for (const item of items) {
      const id = item.snapshotId;
      if (effected.includes(id)) {
        const outcome = { task: taskOf(tasks.get(id)), errors: [] };
        looks.set(this.key(item), { kind: "there", outcome, certain: true });
      } else if (!rows.has(id)) looks.set(this.key(item), { kind: "refused", error: this.notFound(id) });
      else looks.set(this.key(item), { kind: "absent", note: "" });
    }
    return looks;
  }

  accepted(items: readonly I[], responses: readonly WriteResponse[]) {
    const byId = indexByKey(responses, ({ resourceId }) => resourceId);
    const accepted = new Map<string, Accepted<DeletedSnapshot>>();
    for (const item of items) {
      const response = byId.get(item.snapshotId);
      // A response that does not name the snapshot says nothing about it: it stays in doubt.
      if (response === undefined) accepted.set(this.key(item), { note: "" });
      else {
        accepted.set(this.key(item), { outcome: { task: pendingTask(response), errors: [] } });
      }
    }
    return accepted;
  }

  async complete(session: UpstreamSession, items: readonly I[], responses: readonly WriteResponse[]) {
    const tasks = await tasksOf(session, this.users, responses);
    const completed = new Map<string, Completed<DeletedSnapshot>>();
    for (const item of items) {
      const task = tasks.get(item.snapshotId);
      if (task === undefined) continue;
      completed.set(this.key(item), { outcome: { task, errors: [] }, isVisible: true });
    }
    return completed;
  }

  failed(_: I, error: MutationError): DeletedSnapshot {
    return { task: null, errors: [error] };
  }
}

/** The newest deletion of each snapshot, by the snapshots' ids; empty if they cannot be read. */
async function deletionsOf(session: UpstreamSession, ids: readonly string[]): Promise<Map<string, Row<"Task">>> {
  const rows = await readByKeys(session, "Task", ids, (resource_id_in) => ({ resource_id_in })).catch(() => []);
  const deletions = rows.filter((row) => isTaskOf("delete", row));
  return new Map(oldestFirst(deletions).map((row) => [row.resource_id ?? "", row]));
}

function taskOf(row: Row<"Task"> | undefined): Task | null {
  return row === undefined ? null : new Task(row);
}
