/** Why tasks fail. */
import type { Outcome } from "./lags.js";

/** Why a task failed, as it stands in the task. The message often holds JSON in JSON. */
export interface Failure {
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** The nested message that the storage layers leave behind: JSON in JSON, with the innermost code. */
export function nestedMessage(code: string, message: string): string {
  const inner = JSON.stringify({ ec: code, error: { msg: message } });
  return JSON.stringify({ ec: "JOB_FAILED", data: {}, error: { code: "JOB_FAILED", msg: inner } });
}

/** The failure that a test asked for. */
export function failureOf(outcome: Extract<Outcome, { kind: "FAILED" }>, mutation: string): Failure {
  return {
    errorCode: outcome.errorCode ?? "JOB_FAILED",
    errorMessage: outcome.errorMessage ?? nestedMessage("ZBS_SNAPSHOT_FAILED", `${mutation}: the storage refused`),
  };
}
