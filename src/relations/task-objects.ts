import { hasConnection } from "../graph/relations/connection-relation.js";
import { hasOne } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Task } from "../resources/task/task.type.js";
import { Vm } from "../resources/vm/vm.type.js";
import { VmSnapshot } from "../resources/vm-snapshot/vm-snapshot.type.js";

/**
 * Tasks and what they act on. A task names an object by its id alone (`resource_id`); what kind it is stands in a text that the
 * contract does not describe, so a relation asks its own kind for the id and finds nothing where it is that of another.
 */
export const taskObjects = [
  hasOne({
    from: Task,
    field: "vm",
    to: Vm,
    description: "The VM that the task acts on; null where it acts on something else.",
    key: (task) => task.row.resource_id || null,
    parentColumns: ["resource_id"],
  }),
  hasConnection({
    from: Vm,
    field: "tasks",
    to: Task,
    description: "The tasks that act on the VM itself; those on its volumes and snapshots are not among them.",
    via: "resource_id",
    inverse: "vm",
  }),
  hasOne({
    from: Task,
    field: "vmSnapshot",
    to: VmSnapshot,
    description: "The VM snapshot that the task acts on; null where it acts on something else.",
    key: (task) => task.row.resource_id || null,
    parentColumns: ["resource_id"],
  }),
].map(declareRelation);
