import { StringFilter } from "../../graph/connections/filter-operators.js";
import { Consistency } from "../../resources/shared/consistency.js";
import { TaskStatus } from "../../resources/task/task.enums.js";
import { isVmSnapshotType } from "../../resources/task/task-mutation.js";
import type { Row } from "../../upstream/wire/types.js";
import { type SnapshotFacts, TaskEventKind, type TaskFacts, VmSnapshotEventKind } from "./event.types.js";
import { EventFilter, ObjectCondition } from "./event-conditions.js";
import { vmsOf } from "./tasks/slim-rows.js";

const vmCondition = new ObjectCondition("Vm", "Vm", ["name"]);
const taskVmCondition = new ObjectCondition("TaskVm", "Vm", []);
const clusterCondition = new ObjectCondition("Cluster", "Cluster", ["name"]);
const userCondition = new ObjectCondition("User", "User", ["name"]);
const labelCondition = new ObjectCondition("Label", "Label", ["key", "value"]);

const rowOf = ({ row }: TaskFacts) => row as Row<"Task">;

/** The filter of events of tasks. */
export const taskEventFilter = new EventFilter<TaskFacts>("TaskEventFilter", "Conditions on events of tasks.", {
  kind: { operators: TaskEventKind.filter(), value: ({ kind }) => kind },
  status: { operators: TaskStatus.filter(), value: (facts) => TaskStatus.fromUpstream(rowOf(facts).status) },
  resourceType: { operators: StringFilter, value: (facts) => rowOf(facts).resource_type || null },
  resourceId: { operators: StringFilter, value: (facts) => rowOf(facts).resource_id || null },
  resourceMutation: { operators: StringFilter, value: (facts) => rowOf(facts).resource_mutation || null },
  vm: { object: taskVmCondition, value: (facts) => vmsOfTask(rowOf(facts)) },
  cluster: { object: clusterCondition, value: (facts) => rowOf(facts).cluster ?? null },
  user: { object: userCondition, value: (facts) => rowOf(facts).user ?? null },
});

/** The VMs that a task names. Not known for a task on a snapshot that names none. */
function vmsOfTask(row: Row<"Task">): { readonly id: string }[] | undefined | null {
  const ids = vmsOf(row);
  if (ids.length > 0) return ids.map((id) => ({ id }));
  return isVmSnapshotType(row.resource_type) ? undefined : null;
}

/** The filter of events of snapshots. What is not known, such as the VM of a deleted snapshot, fits. */
export const vmSnapshotEventFilter = new EventFilter<SnapshotFacts>(
  "VmSnapshotEventFilter",
  "Conditions on events of VM snapshots. The event of a snapshot that this gateway has not seen, because it is gone, is delivered unless its kind or id differs.",
  {
    kind: { operators: VmSnapshotEventKind.filter(), value: ({ kind }) => kind },
    name: { operators: StringFilter, value: ({ known }) => (known === undefined ? undefined : (known.name ?? null)) },
    consistency: {
      operators: Consistency.filter(),
      value: ({ known }) => known && Consistency.fromUpstream(known.consistent_type),
    },
    vm: { object: vmCondition, value: ({ known }) => (known === undefined ? undefined : (known.vm ?? null)) },
    cluster: {
      object: clusterCondition,
      value: ({ known, task }) => (known === undefined ? (task?.cluster ?? undefined) : (known.cluster ?? null)),
    },
    labels: { list: labelCondition, value: ({ known }) => (known === undefined ? undefined : (known.labels ?? [])) },
  },
);
