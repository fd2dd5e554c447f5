import { quote } from "../../kernel/text/global-id.js";
import type { Task } from "../../resources/task/task.type.js";
import { OPEN_STATUSES } from "../../resources/task/task-status.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import {
  acceptedEarlier,
  acceptedNote,
  earlierRestore,
  type ShownRestores,
  shownRestores,
  toldNote,
} from "../restore/earlier-restores.js";
import { checkId } from "../writes/check-ids.js";
import type { MutationError } from "../writes/mutation-errors.js";
import { readAll, readByIds } from "../writes/object-rows.js";
import { textsIn } from "../writes/own-tasks.js";
import { type LockPolicy, runWrites } from "../writes/run-writes.js";
import type { VmWrites } from "../writes/vm-writes.js";
import { pendingTask, tasksOf } from "../writes/write-calls.js";
import { LockedResource, WriteOutcomeUnknownError } from "../writes/write-errors.js";
import type { Look, SentWrite, WriteKind } from "../writes/write-kind.js";
import { GROUP_ENDPOINTS, sendRollbackGroup } from "./group-calls.js";
import {
  ConsistencyGroupInUseError,
  ConsistencyGroupNotFoundError,
  ConsistencyGroupSnapshotNotFoundError,
  SnapshotOfAnotherConsistencyGroupError,
} from "./group-errors.js";
import { shownLock } from "./group-locks.js";
import { vmsOnMembers } from "./group-members.js";
import { lookIfSupported, unsupportedWrite } from "./unsupported.js";

/** A consistency group and one of its snapshots, by their bare ids. */
export interface GroupRollback {
  readonly groupId: string;
  readonly snapshotId: string;
}

/** Outcome of a rollback. */
interface Outcome {
  /** The task that does it; null if it was done immediately, or if CloudTower has none. */
  readonly task: Task | null;
  readonly errors: readonly MutationError[];
}

/** Outcome of a rollback, together with its group and snapshot, by their bare ids; null for a sent id that is malformed. */
export interface RolledBackGroup extends Outcome {
  readonly groupId: string | null;
  readonly snapshotId: string | null;
}

/** Puts the data of a group's members back to one of its snapshots. Data written since then is lost. @param options.input the ids as they were sent. */
export async function rollbackGroup(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { input, policy }: { readonly input: GroupRollback; readonly policy: LockPolicy },
): Promise<RolledBackGroup> {
  const { id: groupId, error: groupError } = checkId("ConsistencyGroup", input.groupId);
  const { id: snapshotId, error: snapshotError } = checkId("ConsistencyGroupSnapshot", input.snapshotId);
  if (groupId === null || snapshotId === null) {
    const errors = [groupError, snapshotError].filter((error) => error !== undefined);
    return { groupId, snapshotId, task: null, errors };
  }
  const item = { groupId, snapshotId };
  const kind = rollbackKind(vmWrites);
  const outcomes = await runWrites(vmWrites, { session, kind, items: [item], policy });
  const outcome = outcomes.get(kind.key(item)) ?? failed(new WriteOutcomeUnknownError(0));
  return { ...item, ...outcome };
}

/**
 * The effect of a rollback is a task that names the snapshot, and was not there before.
 *
 * The turn is that of the group alone. Turns of its VMs would keep out other calls of the gateway, but no other client of CloudTower, which
 * has locks of its own: the VMs are looked at directly before the write.
 */
function rollbackKind(vmWrites: VmWrites): WriteKind<GroupRollback, Outcome> {
  const key = ({ snapshotId }: GroupRollback) => `rollback ${snapshotId}`;
  let lastNote: string | undefined;
  return {
    key,
    isIdempotent: false,
    turnOf: "ConsistencyGroup",
    turn: ({ groupId }) => groupId,
    target: ({ groupId }) => `consistency group ${quote(groupId)}`,
    lockTargets: ({ groupId, snapshotId }) => [groupId, snapshotId],
    look: (session, items, sent) =>
      lookIfSupported(items.map(key), async () => {
        const looks = new Map<string, Look<Outcome>>();
        for (const item of items) {
          const look = await lookAt(session, vmWrites, item, sent.get(key(item)));
          if (look.kind === "absent") lastNote = look.note;
          looks.set(key(item), look);
        }
        return looks;
      }),
    send: (session, [{ snapshotId }], options) => sendRollbackGroup(session, snapshotId, options),
    accepted: ([item], [response]) => {
      if (item === undefined || response === undefined) return new Map();
      const outcome = { task: pendingTask(response), errors: [] };
      return new Map([[key(item), { outcome, note: acceptedNote(lastNote, response) }]]);
    },
    complete: async (session, [item], [response]) => {
      if (item === undefined || response === undefined) return new Map();
      const tasks = await tasksOf(session, vmWrites.users, [response]);
      const outcome = { task: tasks.get(response.resourceId) ?? null, errors: [] };
      return new Map([[key(item), { outcome, isVisible: true }]]);
    },
    toldNote,
    refusal: (session, { snapshotId: id }, failure) =>
      unsupportedWrite(session, { entity: "ConsistencyGroupSnapshot", id }, failure, GROUP_ENDPOINTS.rollback),
    failed: (_, error) => failed(error),
  };
}

async function lookAt(
  session: UpstreamSession,
  vmWrites: VmWrites,
  item: GroupRollback,
  sent: SentWrite | undefined,
): Promise<Look<Outcome>> {
  const [[group], [snapshot], rollbacks] = await Promise.all([
    readByIds(session, "ConsistencyGroup", [item.groupId]),
    readByIds(session, "ConsistencyGroupSnapshot", [item.snapshotId]),
    shownRollbacks(session, item, acceptedEarlier(sent)?.taskId),
  ]);
  const look = earlierRestore(rollbacks, {
    ...{ session, vmWrites, sent },
    target: new LockedResource(item.groupId, "CONSISTENCY_GROUP"),
    outcomeOf: (task): Outcome => ({ task, errors: [] }),
  });
  if (look.kind === "there") return look;
  if (group === undefined) return refused(new ConsistencyGroupNotFoundError(item.groupId));
  if (snapshot === undefined) return refused(new ConsistencyGroupSnapshotNotFoundError(item.snapshotId));
  const owner = snapshot.consistency_group?.id ?? null;
  if (owner !== group.id) {
    return refused(new SnapshotOfAnotherConsistencyGroupError(snapshot.id, group.id, owner));
  }
  const isInDoubt = sent !== undefined && sent.leftMs > 0 && !(look.kind === "absent" && look.isSettled);
  return look.kind === "absent" && !isInDoubt ? unlessInUse(session, { group, snapshot, look }) : look;
}

/** What is absent may be sent, unless something uses the data that it would change. */
async function unlessInUse<L extends Look<Outcome>>(
  session: UpstreamSession,
  { group, snapshot, look }: { group: Row<"ConsistencyGroup">; snapshot: Row<"ConsistencyGroupSnapshot">; look: L },
): Promise<L | Look<Outcome>> {
  const vms = await vmsOnMembers(session, { groupId: group.id, snapshotId: snapshot.id });
  const lock = await shownLock(session, { group, snapshots: [snapshot], vms });
  if (lock !== undefined) return { kind: "locked", error: lock };
  const using = vms.filter(({ status }) => status !== "STOPPED");
  return using.length > 0 ? refused(new ConsistencyGroupInUseError(using)) : look;
}

/** The rollbacks that CloudTower remembers, of the group or open: until it begins, a task need not say what it acts on. */
async function shownRollbacks(
  session: UpstreamSession,
  { groupId, snapshotId }: GroupRollback,
  taskId: string | null | undefined,
): Promise<ShownRestores> {
  const byId = taskId ? [{ id: taskId }] : [];
  const where = { OR: [{ resource_id_in: [groupId, snapshotId] }, { status_in: OPEN_STATUSES }, ...byId] };
  const tasks = await readAll(session, "Task", where, true);
  const names = (task: Row<"Task">) => task.resource_id === snapshotId || textsIn(task).has(snapshotId);
  const namesNothing = (task: Row<"Task">) =>
    task.resource_id === groupId && [...textsIn(task)].every((text) => text === groupId);
  return shownRestores("rollback", tasks, { names, namesNothing });
}

function refused(error: MutationError): Look<Outcome> {
  return { kind: "refused", error };
}

function failed(error: MutationError): Outcome {
  return { task: null, errors: [error] };
}
