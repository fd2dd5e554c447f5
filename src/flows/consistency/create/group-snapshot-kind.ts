import { quote } from "../../../kernel/text/global-id.js";
import { ConsistencyGroupSnapshot } from "../../../resources/consistency-group-snapshot/consistency-group-snapshot.type.js";
import { Task } from "../../../resources/task/task.type.js";
import type { UpstreamSession, WriteOptions } from "../../../upstream/session.js";
import type { UpstreamFailure } from "../../../upstream/upstream-error.js";
import type { Row } from "../../../upstream/wire/types.js";
import { creationsOf, deletedOf } from "../../create/creation-tasks.js";
import type { MutationError } from "../../writes/mutation-errors.js";
import { readByIds } from "../../writes/object-rows.js";
import { openTasks } from "../../writes/open-tasks.js";
import { argumentsName, type KnownUsers } from "../../writes/own-tasks.js";
import { pendingTask, tasksOf, type WriteResponse } from "../../writes/write-calls.js";
import { LockedResource, ResourceLockedError } from "../../writes/write-errors.js";
import type { Accepted, Completed, Look, SentWrite, WriteKind } from "../../writes/write-kind.js";
import { GROUP_ENDPOINTS, type GroupSnapshotRequest, sendCreateGroupSnapshot } from "../group-calls.js";
import { ConsistencyGroupEmptyError, ConsistencyGroupNotFoundError } from "../group-errors.js";
import { shownLock } from "../group-locks.js";
import { mayHaveMembers, memberCount } from "../group-members.js";
import { lookIfSupported, unsupportedWrite } from "../unsupported.js";
import { findGroupSnapshots, isNamesake, mayCreate } from "./find-group-snapshots.js";
import { created, failure, type GroupSnapshotOutcome, invisibleSnapshot } from "./group-snapshot-outcome.js";

type SnapshotRow = Row<"ConsistencyGroupSnapshot">;

/** What is noted about a creation that was sent: the id of the snapshot, once it is known. */
interface Note {
  readonly id?: string;
}

/** Creates snapshots of consistency groups, one per call. Lives as long as a call. */
export class GroupSnapshotKind implements WriteKind<GroupSnapshotRequest, GroupSnapshotOutcome> {
  readonly isIdempotent = false;
  readonly turnOf = "ConsistencyGroup";
  /** Number of members that the group had when the snapshot was about to be created; 0 if that is not known. */
  members = 0;

  constructor(private readonly users: KnownUsers) {}

  key({ groupId, name }: GroupSnapshotRequest): string {
    return `group snapshot ${groupId} ${name}`;
  }

  turn({ groupId }: GroupSnapshotRequest): string {
    return groupId;
  }

  target({ groupId }: GroupSnapshotRequest): string {
    return `consistency group ${quote(groupId)}`;
  }

  lockTargets({ groupId }: GroupSnapshotRequest): readonly string[] {
    return [groupId];
  }

  look(session: UpstreamSession, requests: readonly GroupSnapshotRequest[], sent: ReadonlyMap<string, SentWrite>) {
    return lookIfSupported(
      requests.map((request) => this.key(request)),
      async () => {
        const looks = requests.map(async (request) => {
          const key = this.key(request);
          return [key, await this.lookAt(session, request, sent.get(key))] as const;
        });
        return new Map(await Promise.all(looks));
      },
    );
  }

  send(session: UpstreamSession, [request]: readonly [GroupSnapshotRequest, ...unknown[]], options: WriteOptions) {
    return sendCreateGroupSnapshot(session, request, options);
  }

  accepted([request]: readonly GroupSnapshotRequest[], responses: readonly WriteResponse[]) {
    const accepted = new Map<string, Accepted<GroupSnapshotOutcome>>();
    if (request === undefined) return accepted;
    const [response, ...others] = responses;
    // A response that names several does not say which one it is: it is looked for.
    if (response === undefined || others.length > 0) return accepted.set(this.key(request), { note: noteOf({}) });
    const outcome = created(invisibleSnapshot(response.resourceId, request), pendingTask(response));
    return accepted.set(this.key(request), { outcome, note: noteOf({ id: response.resourceId }) });
  }

  async complete(
    session: UpstreamSession,
    [request]: readonly GroupSnapshotRequest[],
    responses: readonly WriteResponse[],
  ) {
    const completed = new Map<string, Completed<GroupSnapshotOutcome>>();
    const [response, ...others] = responses;
    if (request === undefined || response === undefined || others.length > 0) return completed;
    const { resourceId: id } = response;
    const [rows, tasks] = await Promise.all([
      findGroupSnapshots(session, request, [id]).catch((): SnapshotRow[] => []),
      tasksOf(session, this.users, responses),
    ]);
    const row = rows.find((one) => one.id === id);
    const snapshot = row === undefined ? invisibleSnapshot(id, request) : new ConsistencyGroupSnapshot(row);
    const twins = rows.filter((one) => one.id !== id && isNamesake(one, request));
    const outcome = { ...created(snapshot, tasks.get(id) ?? null), duplicates: objectsOf(twins) };
    // While the row is a placeholder, with another name or no group, a look does not find it by its name.
    return completed.set(this.key(request), { outcome, isVisible: row !== undefined && isNamesake(row, request) });
  }

  refusal(session: UpstreamSession, { groupId }: GroupSnapshotRequest, failure: UpstreamFailure) {
    return unsupportedWrite(session, { entity: "ConsistencyGroup", id: groupId }, failure, GROUP_ENDPOINTS.create);
  }

  failed(_: GroupSnapshotRequest, error: MutationError): GroupSnapshotOutcome {
    return failure(error);
  }

  private async lookAt(
    session: UpstreamSession,
    request: GroupSnapshotRequest,
    sent: SentWrite | undefined,
  ): Promise<Look<GroupSnapshotOutcome>> {
    const { groupId, name } = request;
    const acceptedId = sent === undefined || sent.leftMs <= 0 ? undefined : (JSON.parse(sent.note) as Note).id;
    const acceptedIds = acceptedId === undefined ? [] : [acceptedId];
    const [[group], rows, open, deleted] = await Promise.all([
      readByIds(session, "ConsistencyGroup", [groupId]),
      findGroupSnapshots(session, request, acceptedIds),
      openTasks(session),
      deletedOf(session, acceptedIds),
    ]);
    const namesakes = rows.filter((row) => row.id === acceptedId || isNamesake(row, request));
    const staying = namesakes.filter(({ entityAsyncStatus }) => entityAsyncStatus !== "DELETING");
    const own = namesakes.some(({ id }) => id === acceptedId);
    if (staying.length > 0 && (group !== undefined || own)) {
      return this.found(session, { request, rows: staying, sent });
    }
    const [leaving] = namesakes;
    const isSettled = own || deleted.size > 0;
    if (acceptedId !== undefined && !isSettled && group !== undefined) return accepting(session, acceptedId, request);
    if (group === undefined) return { kind: "refused", error: new ConsistencyGroupNotFoundError(groupId), isSettled };
    // A snapshot that is being deleted is about to free its name.
    if (leaving !== undefined) return { kind: "locked", error: lockedBySnapshot(leaving.id), isSettled };
    if (open.some((task) => mayCreate(task, request))) return { kind: "pending", isSettled };
    const lock = await shownLock(session, { group });
    if (lock !== undefined) return { kind: "locked", error: lock, isSettled };
    if (!(await mayHaveMembers(session, group))) {
      return { kind: "refused", error: new ConsistencyGroupEmptyError(group.name ?? name), isSettled };
    }
    this.members = memberCount(group);
    return { kind: "absent", note: noteOf({}), isSettled };
  }

  /** A snapshot that exists. It counts as created by this call if the task that created it does. */
  private async found(
    session: UpstreamSession,
    {
      request,
      rows,
      sent,
    }: { request: GroupSnapshotRequest; rows: readonly SnapshotRow[]; sent: SentWrite | undefined },
  ): Promise<Look<GroupSnapshotOutcome>> {
    const creations = await creationsOf(
      session,
      rows.map(({ id }) => id),
    );
    const creating = rows.flatMap(({ id }) => creations.get(id) ?? []);
    const named = creating.filter((task) => argumentsName(task, [request.groupId, request.name]));
    const ownIds = this.users.ownTasks(session.credential.key, named).map(({ resource_id }) => resource_id);
    const notedId = sent === undefined ? undefined : (JSON.parse(sent.note) as Note).id;
    const own =
      sent === undefined
        ? undefined
        : (rows.find(({ id }) => id === notedId) ?? rows.find(({ id }) => ownIds.includes(id)));
    const row = (sent?.byThisCall ? own : undefined) ?? (rows[0] as SnapshotRow);
    const task = creations.get(row.id);
    const outcome = {
      snapshot: new ConsistencyGroupSnapshot(row),
      duplicates: objectsOf(rows.filter((one) => one !== row)),
      task: task === undefined ? null : new Task(task),
      created: row === own && sent?.byThisCall === true,
      errors: [],
    };
    return { kind: "there", outcome, certain: own !== undefined };
  }
}

/** An accepted snapshot that CloudTower does not show yet. If its task has failed, nothing is known to be there. */
async function accepting(
  session: UpstreamSession,
  id: string,
  request: GroupSnapshotRequest,
): Promise<Look<GroupSnapshotOutcome>> {
  const task = (await creationsOf(session, [id])).get(id);
  if (task?.status === "FAILED") return { kind: "pending" };
  const outcome = created(invisibleSnapshot(id, request), task === undefined ? null : new Task(task));
  return { kind: "there", outcome: { ...outcome, created: false }, certain: false };
}

function lockedBySnapshot(id: string): ResourceLockedError {
  return new ResourceLockedError([new LockedResource(id, "CONSISTENCY_GROUP_SNAPSHOT")], null);
}

function objectsOf(rows: readonly SnapshotRow[]): ConsistencyGroupSnapshot[] {
  return rows.map((row) => new ConsistencyGroupSnapshot(row));
}

function noteOf(note: Note): string {
  return JSON.stringify(note);
}
