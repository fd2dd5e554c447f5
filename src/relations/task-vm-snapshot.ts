import { hasOne } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Task } from "../resources/task/task.type.js";
import { VmSnapshot } from "../resources/vm-snapshot/vm-snapshot.type.js";

/** Task → the VM snapshot that it acts on, found like its VM (`task-vm.ts`). */
export const taskVmSnapshot = declareRelation(
  hasOne({
    from: Task,
    field: "vmSnapshot",
    to: VmSnapshot,
    description: "The VM snapshot that the task acts on; null if it acts on something else.",
    key: (task) => task.row.resource_id || null,
    parentColumns: ["resource_id"],
  }),
);
