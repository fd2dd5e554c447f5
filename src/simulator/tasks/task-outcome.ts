/** Outcome that a test forces on a task; without one a task succeeds. */
export type Outcome =
  | { readonly kind: "FAILED"; readonly errorCode?: string; readonly errorMessage?: string }
  /** Stops halfway until `resumeTasks`. */
  | { readonly kind: "PAUSED" };

/** Error of a failed task, as its row shows it. The message is often JSON inside JSON. */
export interface Failure {
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** An error message as the storage layers produce it: JSON inside JSON, with the innermost code. */
export function nestedMessage(code: string, message: string): string {
  const inner = JSON.stringify({ ec: code, error: { msg: message } });
  return JSON.stringify({ ec: "JOB_FAILED", data: {}, error: { code: "JOB_FAILED", msg: inner } });
}

/** An error message as CloudTower itself writes it when the cluster refuses: lines with a code, and the cluster's answer as JSON. */
export function unwrappedMessage(code: string, message: string, clusterCode = code): string {
  const answer = { data: {}, ec: clusterCode, error: { msg: `[${clusterCode}]${message}` } };
  return `Cannot unwrap Ok value of Result.Err.\r\ncode: ${code}\r\nmessage: ${JSON.stringify(answer)}`;
}

/** A failure of which CloudTower tells only a code, such as JOB_VM_SHUTDOWN_TIMEOUT. */
export function codeAlone(code: string): Failure {
  return { errorCode: code, errorMessage: code };
}

/** The failure for an outcome that a test set; by default the storage refuses. */
export function failureOf(outcome: Extract<Outcome, { kind: "FAILED" }>, mutation: string): Failure {
  return {
    errorCode: outcome.errorCode ?? "JOB_FAILED",
    errorMessage: outcome.errorMessage ?? unwrappedMessage("ZBS_SNAPSHOT_FAILED", `${mutation}: the storage refused`),
  };
}
