import { KEPT_MS } from "../../coordination/coordination.js";
import { zonedMs } from "../../kernel/zoned-time.js";
import { oldestFirst } from "../../resources/shared/oldest-first.js";
import { Task } from "../../resources/task/task.type.js";
import { dataEffectOf, isTaskOf } from "../../resources/task/task-mutation.js";
import { isOpen } from "../../resources/task/task-status.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import type { VmWrites } from "../writes/vm-writes.js";
import { pendingTask, type WriteResponse } from "../writes/write-calls.js";
import { LockedResource, ResourceLockedError, WriteOutcomeUnknownError } from "../writes/write-errors.js";
import type { Look, SentWrite } from "../writes/write-kind.js";

/** What is noted about a restore. */
interface Note {
  /** The tasks that are accounted for: those before the write, and those that a caller was told of. */
  readonly seen: readonly string[];
  /** Key of the caller who sent it; absent once a caller was told of its outcome. */
  readonly sender?: string;
  /** The sender's user, if it was known. */
  readonly user?: string | undefined;
  /** CloudTower's response, once it was accepted. */
  readonly accepted?: WriteResponse;
}

/** The restores of one kind that CloudTower shows. */
export interface ShownRestores {
  /** Those whose arguments name the snapshot and the VM. */
  readonly named: readonly Row<"Task">[];
  /** Those on the VM that do not say what they restore, or tasks that do not say what they do: each may be the one that is looked for. */
  readonly unclear: readonly Row<"Task">[];
}

/** Sorts tasks by what they say. */
export function shownRestores(
  kind: "rollback" | "rebuild",
  tasks: readonly Row<"Task">[],
  is: { names(task: Row<"Task">): boolean; namesNothing(task: Row<"Task">): boolean },
): ShownRestores {
  const restores = tasks.filter((task) => isTaskOf(kind, task));
  const unknown = tasks.filter((task) => dataEffectOf(task) === "unknown");
  return {
    named: restores.filter(is.names),
    unclear: [...[...restores, ...unknown].filter(is.namesNothing), ...unknown.filter(is.names)],
  };
}

/**
 * What earlier restores mean for one that is to be sent or was sent.
 *
 * While a write is in doubt, only a task of its sender is its effect. When it is in doubt no longer, a task of any user is: the VM was
 * restored since, and the caller has not been told. If nothing is noted, for instance after a restart, a task that is open or has begun
 * within the time of a doubt may be what an earlier process sent. Each task is told once; after that a restore is sent again.
 */
export function earlierRestore<O>(
  { named, unclear }: ShownRestores,
  { session, vmWrites, sent, target, outcomeOf }: LookOptions<O>,
): Look<O> {
  const { users, limits } = vmWrites;
  const { key } = session.credential;
  const note = sent === undefined ? undefined : parsed(sent.note);
  const { sender, accepted } = note ?? {};
  const counts = (task: Row<"Task">) =>
    !note?.seen.includes(task.id) && (sender !== undefined || isRecent(task, limits.doubtMs));
  const candidates = oldestFirst(named.filter(counts));
  const [own] =
    accepted !== undefined
      ? [...named, ...unclear].filter(({ id }) => id === accepted.taskId)
      : sender !== undefined
        ? users.ownTasks(sender, candidates, note?.user)
        : [];
  const isInDoubt = sender !== undefined && sent !== undefined && sent.leftMs > 0;
  const effect = own ?? (isInDoubt || accepted !== undefined ? undefined : candidates[0]);
  const all = [...named, ...unclear].map(({ id }) => id);
  const absent = (seen: readonly string[]): Look<O> => ({
    kind: "absent",
    note: noteOf({ seen, sender: key, user: users.userOf(key) }),
    isSettled: effect !== undefined,
  });
  if (effect !== undefined && users.isAnother(key, effect)) {
    // The first sender has still to be told of it.
    if (!isOpen(effect)) return absent(note?.seen ?? all);
    return { kind: "locked", error: lockedBy(effect, target) };
  }
  if (accepted !== undefined && own === undefined) {
    return { kind: "there", outcome: outcomeOf(pendingTask(accepted), accepted.resourceId), certain: true };
  }
  if (effect !== undefined) {
    return { kind: "there", outcome: outcomeOf(new Task(effect), effect.resource_id ?? undefined), certain: true };
  }
  const perhaps = unclear.filter((task) => counts(task) && !users.isAnother(sender ?? key, task));
  if (perhaps.length === 0) return absent(all);
  const leftMs = sender === undefined ? limits.doubtMs : KEPT_MS + (sent?.leftMs ?? 0);
  return { kind: "refused", error: new WriteOutcomeUnknownError(leftMs) };
}

interface LookOptions<O> {
  readonly session: UpstreamSession;
  readonly vmWrites: VmWrites;
  /** The write, if it was sent before. */
  readonly sent: SentWrite | undefined;
  /** What is restored. @default the VM that a task acts on */
  readonly target?: LockedResource;
  outcomeOf(task: Task | null, resourceId: string | undefined): O;
}

/** CloudTower's response to an earlier restore, if it came too late for its caller. */
export function acceptedEarlier(sent: SentWrite | undefined): WriteResponse | undefined {
  return parsed(sent?.note).accepted;
}

/** The note of a restore that CloudTower has accepted. */
export function acceptedNote(note: string | undefined, accepted: WriteResponse): string {
  return noteOf({ ...parsed(note), accepted });
}

/** The note that stays of a restore when its caller is told of its outcome. */
export function toldNote(note: string | undefined, outcome: { readonly task: Task | null } | undefined): string {
  const task = outcome?.task?.cloudTowerId;
  return noteOf({ seen: [...(task === undefined ? [] : [task]), ...parsed(note).seen] });
}

function parsed(note: string | undefined): Note {
  return note === undefined ? { seen: [] } : (JSON.parse(note) as Note);
}

function noteOf({ seen, ...note }: Note): string {
  return JSON.stringify({ seen: seen.slice(0, MAX_SEEN), ...note });
}

/** Whether a task is open, or has begun within the time and not failed, on this machine's clock. */
function isRecent(task: Row<"Task">, withinMs: number): boolean {
  if (isOpen(task)) return true;
  const begunAt = zonedMs(task.local_created_at || task.started_at);
  return task.status !== "FAILED" && begunAt > Date.now() - withinMs;
}

function lockedBy(task: Row<"Task">, target = new LockedResource(task.resource_id ?? "", "VM")): ResourceLockedError {
  return new ResourceLockedError([target], new Task(task));
}

/** CloudTower remembers few tasks of one kind on one object. */
const MAX_SEEN = 1000;
