import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Task, taskList } from "../resources/task/task.type.js";
import { User, userList } from "../resources/user/user.type.js";

/** Task → the user who started it. */
export const taskUser = declareRelation(
  belongsTo({
    from: Task,
    field: "user",
    to: User,
    description: "The user who started the task; null for the system's own.",
    stub: (task) => task.row.user,
  }),
);

/** User → the tasks that the user started. */
export const userTasks = declareRelation(
  hasConnection({
    from: User,
    field: "tasks",
    listing: taskList,
    description: "The tasks that the user started.",
    where: (ids) => ({ user: { id_in: ids } }),
    rowKey: (task) => task.user?.id,
    inverse: "user",
  }),
);

taskList.filter.addOne("user", "user", userList.filter, "By the user who started the task.");
