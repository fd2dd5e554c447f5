import type { Row } from "../../upstream/wire/types.js";

/** CloudTower's statuses of tasks that have not ended. */
export const OPEN_STATUSES: NonNullable<Row<"Task">["status"]>[] = ["PENDING", "EXECUTING", "PAUSED"];

/** Whether a task has ended. CloudTower spells success SUCCESSED. */
export function isFinal({ status }: Row<"Task">): boolean {
  return status === "SUCCESSED" || status === "FAILED";
}

/** Whether a task certainly has not ended. */
export function isOpen({ status }: Row<"Task">): boolean {
  return OPEN_STATUSES.some((open) => open === status);
}
