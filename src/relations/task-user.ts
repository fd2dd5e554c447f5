import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Task } from "../resources/task/task.type.js";
import { User } from "../resources/user/user.type.js";

/** Task → the user who started it. */
export const taskUser = declareRelation(
  belongsTo({
    from: Task,
    field: "user",
    to: User,
    description: "The user who started the task; null if the system started it.",
    filter: "By the user who started the task.",
    via: "user",
  }),
);

/** User → the tasks that the user started. */
export const userTasks = declareRelation(
  hasConnection({
    from: User,
    field: "tasks",
    to: Task,
    description: "The tasks that the user started.",
    via: "user",
    inverse: "user",
  }),
);
