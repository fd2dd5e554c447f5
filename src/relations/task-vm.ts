import { hasConnection } from "../graph/relations/connection-relation.js";
import { hasOne } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Task } from "../resources/task/task.type.js";
import { Vm } from "../resources/vm/vm.type.js";

/**
 * Task → the VM that it acts on. A task names its object by id only (`resource_id`); the type is a text that the contract does not
 * describe. So the id is looked up among the VMs, and nothing is found if the object is of another type.
 */
export const taskVm = declareRelation(
  hasOne({
    from: Task,
    field: "vm",
    to: Vm,
    description: "The VM that the task acts on; null if it acts on something else.",
    key: (task) => task.row.resource_id || null,
    parentColumns: ["resource_id"],
  }),
);

/** Vm → the tasks that act on it. */
export const vmTasks = declareRelation(
  hasConnection({
    from: Vm,
    field: "tasks",
    to: Task,
    description: "The tasks that act on the VM itself, without those on its volumes and snapshots.",
    via: "resource_id",
    inverse: "vm",
  }),
);
