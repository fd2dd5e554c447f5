import { hasConnection } from "../graph/relations/connection-relation.js";
import { hasOne } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Task } from "../resources/task/task.type.js";
import { Vm } from "../resources/vm/vm.type.js";
import { VmSnapshot } from "../resources/vm-snapshot/vm-snapshot.type.js";

/**
 * Tasks and the objects that they act on. A task names its object by id only (`resource_id`); the type is a text that the contract
 * does not describe. So each relation looks the id up among its own type and finds nothing if the object is of another type.
 */
export const taskObjects = [
  hasOne({
    from: Task,
    field: "vm",
    to: Vm,
    description: "The VM that the task acts on; null if it acts on something else.",
    key: (task) => task.row.resource_id || null,
    parentColumns: ["resource_id"],
  }),
  hasConnection({
    from: Vm,
    field: "tasks",
    to: Task,
    description: "The tasks that act on the VM itself, without those on its volumes and snapshots.",
    via: "resource_id",
    inverse: "vm",
  }),
  hasOne({
    from: Task,
    field: "vmSnapshot",
    to: VmSnapshot,
    description: "The VM snapshot that the task acts on; null if it acts on something else.",
    key: (task) => task.row.resource_id || null,
    parentColumns: ["resource_id"],
  }),
].map(declareRelation);
