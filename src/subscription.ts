import { ID } from "type-graphql";
import type { Context } from "./context.js";
import type { RootField } from "./graph/root-fields.js";
import { cloudTowerId } from "./kernel/global-id.js";
import { Task } from "./resources/task/task.type.js";

/** The fields of Subscription. */
export function subscriptionFields(): RootField<Context>[] {
  return [
    {
      name: "taskProgress",
      type: () => Task,
      nullable: true,
      description:
        "The state of a task: the current one at once, then each change; completes behind the final one. NOT_FOUND for an id that CloudTower does not show for some time.",
      args: { taskId: { type: () => ID, description: "The task's id, global or bare." } },
      subscribe(_, { taskId }: { taskId: string }, context) {
        const stream = context.services.taskWatch.watch(context.session, cloudTowerId("Task", taskId));
        return context.eachRenewed(stream);
      },
      resolve: (event) => event,
    },
  ];
}
