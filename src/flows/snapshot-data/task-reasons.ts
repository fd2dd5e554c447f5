import { TaskStatus } from "../../resources/task/task.enums.js";
import { Task } from "../../resources/task/task.type.js";
import { NotReadyReason } from "../../resources/vm-snapshot/not-ready-reason.type.js";
import type { Row } from "../../upstream/wire/types.js";

/** Why an open task on a snapshot delays it. */
export function openTaskReason(row: Row<"Task">): NotReadyReason {
  const what = row.resource_mutation ? `its task ${row.resource_mutation}` : "a task on it";
  return new NotReadyReason("TASK_OPEN", `${what} is ${TaskStatus.fromUpstream(row.status)}`);
}

/** What became of the task that should have created a snapshot, if it has failed. */
export function failedTaskReason(row: Row<"Task">): NotReadyReason {
  const error = new Task(row).error;
  const why = error?.message ?? error?.innerCode ?? error?.code ?? "CloudTower gives no reason";
  const outcome =
    error?.kind === "CLUSTER_UNREACHABLE" ? "could not reach the cluster, its outcome is unknown" : "failed";
  return new NotReadyReason("TASK_FAILED", `the task that should have created it ${outcome}: ${why}`);
}
