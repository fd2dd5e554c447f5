/** `open`: calls are refused at once; `half-open`: one call finds out whether CloudTower is back. */
export type CircuitState = "closed" | "half-open" | "open";

/** How a call to CloudTower ended: its HTTP status, or what happened instead. */
export type CallOutcome = number | "unanswered" | "cancelled" | "refused";

/** One call to CloudTower, told when it has ended. */
export interface CallRecord {
  /** Such as `get-vms`. */
  readonly endpoint: string;
  readonly outcome: CallOutcome;
  /** Time of day of the beginning, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Time of waiting for a free place, in milliseconds. */
  readonly queuedMs: number;
  /** Time from the sending to the end of the answer, in milliseconds. */
  readonly milliseconds: number;
  readonly requestId: string | undefined;
}

/** One write, told when it has ended, whether or not its client waited for it. */
export interface WriteRecord {
  readonly endpoint: string;
  /** Who: the key of the credential, which reveals nothing of it. */
  readonly caller: string;
  readonly requestId: string;
  /** Every id that was sent. */
  readonly ids: readonly string[];
  /** Every id in the answer. */
  readonly resourceIds: readonly string[];
  readonly taskIds: readonly string[];
  /** `unknown`: it was sent, and nothing certain came back. */
  readonly outcome: "accepted" | "refused" | "unknown";
  readonly status?: number;
  readonly upstreamCode?: string;
  readonly upstreamRequestId?: string;
  readonly milliseconds: number;
}

/** Is told what happens between the gateway and CloudTower; must neither throw nor take long. */
export interface UpstreamObserver {
  callEnded(call: CallRecord): void;
  writeEnded(write: WriteRecord): void;
  circuitChanged(state: CircuitState): void;
}

/** Tells nobody. */
export const nobody: UpstreamObserver = { callEnded() {}, writeEnded() {}, circuitChanged() {} };
