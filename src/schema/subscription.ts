import { ID } from "type-graphql";
import type { Context } from "../context.js";
import { VmSnapshotsReadyPayload, vmSnapshotsReady } from "../flows/watch/batches/snapshots-ready.js";
import { TasksProgressPayload, tasksProgress } from "../flows/watch/batches/tasks-progress.js";
import { ReadyEvent } from "../flows/watch/ready-event.js";
import type { Update } from "../flows/watch/update.js";
import { type CheckedId, checkIds } from "../flows/writes/check-ids.js";
import type { RootField } from "../graph/schema/root-fields.js";
import { badInput } from "../kernel/errors.js";
import { cloudTowerId } from "../kernel/text/global-id.js";
import { Task } from "../resources/task/task.type.js";
import { eventSubscriptions } from "./events.js";

/** Maximum number of objects of one `tasksProgress` or `vmSnapshotsReady`. */
const MAX_WATCHED = 500;

/** The fields of Subscription. */
export function subscriptionFields(): RootField<Context>[] {
  return [
    ...eventSubscriptions(),
    {
      name: "taskProgress",
      type: () => Task,
      nullable: true,
      description:
        "The state of a task: the current state immediately, then each change; completes after the final state. Progress never falls. NOT_FOUND if CloudTower does not show the task for TASK_APPEAR_SECONDS. UPSTREAM_ERROR if CloudTower fails on this task, and not on others, for as long.",
      args: { taskId: { type: () => ID, description: "The task's id, global or bare." } },
      subscribe(_, { taskId }: { taskId: string }, context) {
        return context.eachRenewed(context.services.taskWatch.tasks(context.session, [cloudTowerId("Task", taskId)]));
      },
      resolve: newest,
    },
    {
      name: "tasksProgress",
      type: () => TasksProgressPayload,
      nullable: true,
      description:
        "The states of several tasks, one task per event: the current state of each immediately, then each change; completes when all have ended. A malformed id, and a task that CloudTower does not show, have an event with errors and do not end the others.",
      args: { taskIds: { type: () => [ID], description: idsDescription("tasks") } },
      subscribe(_, { taskIds }: { taskIds: readonly string[] }, context) {
        const { session, services } = context;
        return context.eachRenewed(tasksProgress(services.taskWatch, session, checked("Task", taskIds, "tasks")));
      },
      resolve: (event) => event,
    },
    {
      name: "vmSnapshotReady",
      type: () => ReadyEvent,
      nullable: true,
      description:
        "Yields one event: when the snapshot is usable (no task is on it, and the data of each disk can be reached) or, with `ready: false` and `reasons`, when it has failed, is gone, or is not usable after READY_TIMEOUT_SECONDS. NOT_FOUND if CloudTower does not show the snapshot.",
      args: { snapshotId: { type: () => ID, description: "The VM snapshot's id, global or bare." } },
      subscribe(_, { snapshotId }: { snapshotId: string }, context) {
        const id = cloudTowerId("VmSnapshot", snapshotId);
        return context.eachRenewed(context.services.taskWatch.ready(context.session, [id]));
      },
      resolve: newest,
    },
    {
      name: "vmSnapshotsReady",
      type: () => VmSnapshotsReadyPayload,
      nullable: true,
      description:
        "What becomes of several snapshots, one snapshot per event: what is known of each immediately, then each change of its task's progress and of what it still lacks, last its outcome as from `vmSnapshotReady`; completes when all have one. A malformed id, and a snapshot that CloudTower does not show, have an event with errors and do not end the others.",
      args: { snapshotIds: { type: () => [ID], description: idsDescription("VM snapshots") } },
      subscribe(_, { snapshotIds }: { snapshotIds: readonly string[] }, context) {
        const { session, services } = context;
        const inputs = checked("VmSnapshot", snapshotIds, "VM snapshots");
        return context.eachRenewed(vmSnapshotsReady(services.taskWatch, session, inputs));
      },
      resolve: (event) => event,
    },
  ];
}

function idsDescription(nouns: string): string {
  return `The ${nouns}' ids, global or bare; 1 to ${MAX_WATCHED}. An id that occurs more than once counts once.`;
}

/** @throws TowerError BAD_USER_INPUT for too many ids, or none. */
function checked(typename: string, ids: readonly string[], nouns: string): CheckedId[] {
  if (ids.length > 0 && ids.length <= MAX_WATCHED) return checkIds(typename, ids);
  throw badInput(`The number of ${nouns} must be between 1 and ${MAX_WATCHED}, got ${ids.length}.`);
}

/** The event of a watch of one object. An Error, which graphql-js reports, has ended it. */
function newest<T>(update: Update<T> | Error): T | Error {
  return update instanceof Error ? update : update.state;
}
