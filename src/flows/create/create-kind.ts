import { indexByKey } from "../../kernel/group.js";
import { quote } from "../../kernel/text/global-id.js";
import { Task } from "../../resources/task/task.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { UpstreamSession, WriteOptions } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import type { MutationError } from "../writes/mutation-errors.js";
import { readAll, readByIds } from "../writes/object-rows.js";
import { argumentsName, type KnownUsers } from "../writes/own-tasks.js";
import { lockedErrors } from "../writes/resource-locks.js";
import { pendingTask, sendCreateVmSnapshots, tasksOf, type WriteResponse } from "../writes/write-calls.js";
import { LockedResource, SnapshotUnmatchedError } from "../writes/write-errors.js";
import type { Accepted, Completed, Look, SentWrite, WriteKind } from "../writes/write-kind.js";
import { type AcceptedBefore, acceptedBefore, invisibleLooks, notedIds, noteOf } from "./accepted-before.js";
import { creationsOf, deletedOf } from "./creation-tasks.js";
import { findSnapshots, identityKey, pendingIdentities } from "./find-existing.js";
import { created, failure, invisibleSnapshot, type SnapshotOutcome } from "./snapshot-outcome.js";
import { decide, type SnapshotRequest } from "./snapshot-request.js";

type SnapshotRow = Row<"VmSnapshot">;

/** Creates snapshots, each of another VM. Lives as long as a call. */
export class CreateKind implements WriteKind<SnapshotRequest, SnapshotOutcome> {
  readonly isIdempotent = false;
  /** The consistency to write, as decided when the item was looked at, by key. */
  private readonly consistencies = new Map<string, string>();
  /** Those of a response's snapshots whose VMs are known. */
  private readonly matchedIds = new Set<string>();

  constructor(private readonly users: KnownUsers) {}

  key(request: SnapshotRequest): string {
    return identityKey(request);
  }

  turn({ vmId }: SnapshotRequest): string {
    return vmId;
  }

  target({ vmId }: SnapshotRequest): string {
    return `VM ${quote(vmId)}`;
  }

  lockTargets({ vmId }: SnapshotRequest): readonly string[] {
    return [vmId];
  }

  async look(session: UpstreamSession, requests: readonly SnapshotRequest[], sent: ReadonlyMap<string, SentWrite>) {
    const acceptedIds = requests.flatMap((request) => acceptedBefore(sent.get(identityKey(request)))?.id ?? []);
    const [vmRows, namesakes, pending, deleted] = await Promise.all([
      readByIds(session, "Vm", [...new Set(requests.map(({ vmId }) => vmId))]),
      findSnapshots(session, requests),
      pendingIdentities(session, requests),
      deletedOf(session, acceptedIds),
    ]);
    const vms = indexByKey(vmRows, (row) => row.id);
    const looks = new Map<string, Look<SnapshotOutcome>>();
    const found = new Map<SnapshotRequest, SnapshotRow>();
    const invisible = new Map<SnapshotRequest, AcceptedBefore>();
    const locked: SnapshotRequest[] = [];
    for (const request of requests) {
      const key = identityKey(request);
      const vm = vms.get(request.vmId);
      const rows = namesakes.get(key) ?? [];
      const decision = decide(request, vm, rows);
      const accepted = acceptedBefore(sent.get(key));
      // Its own row tells of an accepted snapshot, also if it has other settings or is being deleted by now.
      const own = rows.find(({ id }) => id === accepted?.id);
      const isSettled = own !== undefined || (accepted !== undefined && deleted.has(accepted.id));
      if (decision.kind === "found") found.set(request, decision.snapshot);
      else if (own !== undefined && own.entityAsyncStatus !== "DELETING") found.set(request, own);
      else if (accepted !== undefined && !isSettled && vm !== undefined) invisible.set(request, accepted);
      else if (decision.kind === "wait") looks.set(key, { kind: "locked", error: decision.error, isSettled });
      else if (decision.kind === "refuse") looks.set(key, { kind: "refused", error: decision.error, isSettled });
      else if (pending.has(key)) looks.set(key, { kind: "pending", isSettled });
      // A locked VM would fail a call for several: VMs that are known to be locked are left out of it.
      else if (requests.length > 1 && vm?.entityAsyncStatus) locked.push(request);
      else {
        this.consistencies.set(key, decision.consistency);
        looks.set(key, { kind: "absent", note: noteOf({ consistency: decision.consistency }), isSettled });
      }
    }
    for (const [key, look] of await this.foundLooks(session, found, namesakes, sent)) looks.set(key, look);
    for (const [key, look] of await invisibleLooks(session, invisible)) looks.set(key, look);
    for (const [{ vmId, name }, error] of await vmLocks(session, locked)) {
      looks.set(identityKey({ vmId, name }), { kind: "locked", error });
    }
    return looks;
  }

  send(
    session: UpstreamSession,
    requests: readonly [SnapshotRequest, ...SnapshotRequest[]],
    options: WriteOptions,
  ): Promise<WriteResponse[]> {
    const [first, ...rest] = requests;
    return sendCreateVmSnapshots(
      session,
      [this.newSnapshot(first), ...rest.map((one) => this.newSnapshot(one))],
      options,
    );
  }

  accepted(requests: readonly SnapshotRequest[], responses: readonly WriteResponse[]) {
    const ids = responses.map(({ resourceId }) => resourceId);
    const accepted = new Map<string, Accepted<SnapshotOutcome>>();
    for (const request of requests) {
      const { consistency } = this.newSnapshot(request);
      const [response] = responses;
      // The response to one item can only mean that item. With several, their order proves nothing.
      const certain = requests.length === 1 && responses.length === 1 ? response : undefined;
      const unmatched = { ...this.failed(request, new SnapshotUnmatchedError(ids)), created: true };
      // A response with fewer snapshots than were requested does not say whose is missing.
      const outcome =
        certain !== undefined
          ? created(invisibleSnapshot(certain.resourceId, request, consistency), pendingTask(certain))
          : responses.length < requests.length
            ? undefined
            : unmatched;
      const note = noteOf({ consistency, ...(certain === undefined ? { ids } : { id: certain.resourceId }) });
      accepted.set(identityKey(request), { outcome, note, isUnmatched: certain === undefined });
    }
    return accepted;
  }

  /** Only the response's ids are reliable: their snapshots are read, and each is matched to its item by its own VM. */
  async complete(session: UpstreamSession, requests: readonly SnapshotRequest[], responses: readonly WriteResponse[]) {
    const ids = responses.map(({ resourceId }) => resourceId);
    const vmIds = requests.map(({ vmId }) => vmId);
    const name_in = [...new Set(requests.map(({ name }) => name))];
    const [rows, tasks] = await Promise.all([
      readAll(session, "VmSnapshot", { OR: [{ id_in: ids }, { vm: { id_in: vmIds }, name_in }] }).catch(() => []),
      tasksOf(session, this.users, responses),
    ]);
    const idsByVm = new Map(rows.flatMap(({ id, vm }) => (vm && ids.includes(id) ? [[vm.id, id] as const] : [])));
    const missing = vmIds.filter((id) => !idsByVm.has(id));
    const isCertain = requests.length === 1 && ids.length === 1;
    if (isCertain && missing[0] !== undefined && ids[0] !== undefined) idsByVm.set(missing[0], ids[0]);
    else for (const [vmId, id] of await idsByTheirVms(session, missing, ids)) idsByVm.set(vmId, id);
    for (const id of idsByVm.values()) this.matchedIds.add(id);
    const unmatchedIds = ids.filter((id) => !this.matchedIds.has(id));
    const completed = new Map<string, Completed<SnapshotOutcome>>();
    for (const request of requests) {
      const id = idsByVm.get(request.vmId);
      if (id === undefined) {
        // If nothing of the response is left for it, its snapshot may exist, but was not named.
        if (unmatchedIds.length === 0) completed.set(identityKey(request), { isVisible: false });
        continue;
      }
      const row = rows.find((one) => one.id === id);
      const twins = rows.filter((one) => one.id !== id && isNamesake(one, request));
      const snapshot = new VmSnapshot(row ?? invisibleSnapshot(id, request, this.newSnapshot(request).consistency).row);
      const outcome = {
        ...created(snapshot, tasks.get(id) ?? null),
        duplicates: twins.map((one) => new VmSnapshot(one)),
      };
      // While the row is a placeholder, with another name or no VM, a look does not find it.
      const isVisible = row !== undefined && isNamesake(row, request);
      const note = noteOf({ consistency: this.newSnapshot(request).consistency, id });
      completed.set(identityKey(request), { outcome, isVisible, note });
    }
    return completed;
  }

  failed(_: SnapshotRequest, error: MutationError): SnapshotOutcome {
    return failure(error);
  }

  /** Found snapshots with their tasks and twins. The snapshot counts as created by this call if the task that created it does. */
  private async foundLooks(
    session: UpstreamSession,
    found: ReadonlyMap<SnapshotRequest, SnapshotRow>,
    namesakes: ReadonlyMap<string, readonly SnapshotRow[]>,
    sent: ReadonlyMap<string, SentWrite>,
  ) {
    const looks = new Map<string, Look<SnapshotOutcome>>();
    if (found.size === 0) return looks;
    const all = [...found.keys()].flatMap((request) => namesakes.get(identityKey(request)) ?? []);
    const creations = await creationsOf(
      session,
      all.map(({ id }) => id),
    );
    for (const [request, first] of found) {
      const key = identityKey(request);
      const rows = namesakes.get(key) ?? [];
      const ownIds = sent.has(key) ? this.ownIds(session, request, rows, creations) : [];
      const noted = notedIds(sent.get(key));
      const own = rows.find(({ id }) => noted.includes(id)) ?? rows.find(({ id }) => ownIds.includes(id));
      const row = own !== undefined && sent.get(key)?.byThisCall ? own : first;
      const task = creations.get(row.id);
      const outcome = {
        snapshot: new VmSnapshot(row),
        duplicates: rows.filter((one) => one !== row).map((one) => new VmSnapshot(one)),
        task: task === undefined ? null : new Task(task),
        created: row === own && sent.get(key)?.byThisCall === true,
        errors: [],
      };
      looks.set(key, { kind: "there", outcome, certain: own !== undefined });
    }
    return looks;
  }

  /** Those of the snapshots that the caller's tasks created, as far as the tasks tell: of all together, since each alone may seem its own. */
  private ownIds(
    session: UpstreamSession,
    { vmId, name }: SnapshotRequest,
    rows: readonly SnapshotRow[],
    creations: ReadonlyMap<string, Row<"Task">>,
  ): (string | null | undefined)[] {
    const tasks = rows.flatMap(({ id }) => creations.get(id) ?? []);
    const creating = tasks.filter((task) => argumentsName(task, [vmId, name]));
    return this.users.ownTasks(session.credential.key, creating).map(({ resource_id }) => resource_id);
  }

  private newSnapshot(request: SnapshotRequest) {
    const consistency = this.consistencies.get(identityKey(request)) ?? request.requestedConsistency;
    return { vmId: request.vmId, name: request.name, consistency };
  }
}

function isNamesake(row: SnapshotRow, { vmId, name }: SnapshotRequest): boolean {
  return row.vm?.id === vmId && row.name === name;
}

/** A second way from VMs to those of the snapshots that are theirs, if the snapshots themselves cannot be read. */
async function idsByTheirVms(session: UpstreamSession, vmIds: readonly string[], ids: readonly string[]) {
  const vms = await readByIds(session, "Vm", vmIds).catch(() => []);
  return vms.flatMap((vm) => {
    const own = vm.snapshots?.find(({ id }) => ids.includes(id));
    return own === undefined ? [] : [[vm.id, own.id] as const];
  });
}

function vmLocks(session: UpstreamSession, items: readonly SnapshotRequest[]) {
  const locked = items.map(({ vmId }) => new LockedResource(vmId, "VM"));
  return lockedErrors({ session, locked, items, targetsOf: ({ vmId }) => [vmId] });
}
