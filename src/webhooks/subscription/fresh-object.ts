import { type TaskEvent, VmSnapshotEvent } from "../../flows/events/event.types.js";
import { Task } from "../../resources/task/task.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { readByIds } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";

/** An event as a feed yields it. */
export type SourceEvent = TaskEvent | VmSnapshotEvent;

/**
 * The event with its object as CloudTower shows it now: the event itself holds what its feed has seen, which may be days ago.
 *
 * A snapshot that is gone is null. A task that CloudTower has forgotten stays as it was seen: an ended task does not change.
 */
export function withFreshObject(event: SourceEvent, session: UpstreamSession): SourceEvent {
  if (event instanceof VmSnapshotEvent) {
    const { snapshotId, snapshot: seen } = event;
    const snapshot = async () =>
      seen === null ? null : firstOf(VmSnapshot, await readByIds(session, "VmSnapshot", [snapshotId ?? ""]));
    return Object.create(event, { snapshot: { value: snapshot } });
  }
  const { taskId, task: seen } = event;
  const task = async () =>
    taskId === null ? null : (firstOf(Task, await readByIds(session, "Task", [taskId])) ?? seen);
  return Object.create(event, { task: { value: task } });
}

function firstOf<R, T>(type: new (row: R) => T, [row]: readonly R[]): T | null {
  return row === undefined ? null : new type(row);
}
