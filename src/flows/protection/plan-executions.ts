import { copyTime } from "./copy-time.js";

/** The columns of a backup or replication plan that tell of its executions. */
export interface ExecutedPlan {
  readonly last_executed_at?: string | null;
  readonly last_execute_status?: string | null;
  readonly last_manual_executed_at?: string | null;
  readonly last_manual_execute_status?: string | null;
}

/** What a plan's row tells of its newest copies. */
export interface LastSuccess {
  /** When the newest execution that certainly succeeded began, in ms since 1970; undefined if the row has none. */
  readonly at: number | undefined;
  /** Whether there may be a later success, which the row does not tell of: a later execution has not succeeded, or has no time. */
  readonly mayBeLater: boolean;
}

/**
 * The newest execution of a plan that succeeded as a whole. The row tells of two executions: the last by schedule and the last by hand. One
 * that succeeded in part may have failed for the VM in question, and one that failed hides those before it.
 */
export function lastSuccess(plan: ExecutedPlan, now: number): LastSuccess {
  const executions = [
    execution(plan.last_execute_status, plan.last_executed_at, now),
    execution(plan.last_manual_execute_status, plan.last_manual_executed_at, now),
  ];
  const successes = executions.flatMap((each) => (each.kind === "succeeded" ? [each.at] : []));
  const at = successes.length === 0 ? undefined : Math.max(...successes);
  const mayBeLater = executions.some(
    (each) => each.kind === "unclear" && (each.at === undefined || at === undefined || each.at > at),
  );
  return { at, mayBeLater };
}

type Execution =
  | { readonly kind: "none" }
  | { readonly kind: "succeeded"; readonly at: number }
  | { readonly kind: "unclear"; readonly at: number | undefined };

function execution(status: string | null | undefined, time: string | null | undefined, now: number): Execution {
  if (status === "NEVER_EXECUTE") return { kind: "none" };
  const at = copyTime(time, now);
  if (status === "SUCCESS" && typeof at === "number") return { kind: "succeeded", at };
  return { kind: "unclear", at: typeof at === "number" ? at : undefined };
}
