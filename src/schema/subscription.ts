import { ID } from "type-graphql";
import type { Context } from "../context.js";
import { ReadyEvent } from "../flows/watch/ready-event.js";
import type { RootField } from "../graph/schema/root-fields.js";
import { badInput } from "../kernel/errors.js";
import { cloudTowerId } from "../kernel/text/global-id.js";
import { Task } from "../resources/task/task.type.js";
import { eventSubscriptions } from "./events.js";

/** Maximum number of tasks of one `tasksProgress`. */
const MAX_TASKS = 500;

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
      resolve: (event) => event,
    },
    {
      name: "tasksProgress",
      type: () => Task,
      nullable: true,
      description:
        "The states of several tasks, one task per event: the current state of each immediately, then each change; completes when all have ended. A task that CloudTower does not show yields an error of its own and does not end the others.",
      args: { taskIds: { type: () => [ID], description: `The tasks' ids, global or bare; 1 to ${MAX_TASKS}.` } },
      subscribe(_, { taskIds }: { taskIds: readonly string[] }, context) {
        if (taskIds.length === 0 || taskIds.length > MAX_TASKS) {
          throw badInput(`The number of tasks must be between 1 and ${MAX_TASKS}, got ${taskIds.length}.`);
        }
        const ids = [...new Set(taskIds.map((id) => cloudTowerId("Task", id)))];
        return context.eachRenewed(context.services.taskWatch.tasks(context.session, ids));
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
        return context.eachRenewed(context.services.taskWatch.ready(context.session, id));
      },
      resolve: (event) => event,
    },
  ];
}
