import { declareEdge } from "../graph/declare.js";
import { toOne } from "../graph/fetched-edge.js";
import { listBelow } from "../graph/list-below.js";
import { taskList } from "../resources/task/task.list.js";
import { Task } from "../resources/task/task.type.js";
import { Vm } from "../resources/vm/vm.type.js";
import { VmSnapshot } from "../resources/vm-snapshot/vm-snapshot.type.js";

/**
 * Tasks and what they act on. A task names an object by its id alone (`resource_id`); what kind it is stands in a text that the
 * contract does not describe, so an edge asks its own kind for the id and finds nothing where it is that of another.
 */
export const taskObjects = [
  toOne({
    from: Task,
    field: "vm",
    to: Vm,
    description: "The VM that the task acts on; null where it acts on something else.",
    key: (task) => task.row.resource_id || null,
    where: (id_in) => ({ id_in }),
    rowKey: (vm) => vm.id,
  }),
  listBelow({
    from: Vm,
    field: "tasks",
    list: taskList,
    description: "The tasks that act on the VM itself; those on its volumes and snapshots are not among them.",
    where: (ids) => ({ resource_id_in: ids }),
    rowKey: (task) => task.resource_id,
    back: "vm",
  }),
  toOne({
    from: Task,
    field: "vmSnapshot",
    to: VmSnapshot,
    description: "The VM snapshot that the task acts on; null where it acts on something else.",
    key: (task) => task.row.resource_id || null,
    where: (id_in) => ({ id_in }),
    rowKey: (snapshot) => snapshot.id,
  }),
].map(declareEdge);
