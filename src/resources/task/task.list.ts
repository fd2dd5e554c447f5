import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { TaskStatus, TaskType } from "./task.enums.js";
import { Task } from "./task.type.js";

/** How tasks are listed. */
export const taskList = new Listing(
  Task,
  new Filter("Task", "Task", {
    status: ["status", TaskStatus],
    type: ["type", TaskType],
    errorCode: "error_code",
    progress: "progress",
    description: "description",
    resourceId: "resource_id",
    resourceType: "resource_type",
    resourceMutation: "resource_mutation",
    internal: "internal",
    createdAt: "local_created_at",
    startedAt: "started_at",
    finishedAt: "finished_at",
  }),
  new Orders("Task", "Task", {
    PROGRESS: "progress",
    CREATED_AT: "local_created_at",
    STARTED_AT: "started_at",
    FINISHED_AT: "finished_at",
  }),
);
