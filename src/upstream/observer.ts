/** `open`: calls are rejected immediately; `half-open`: a probe is in flight. */
export type CircuitState = "closed" | "half-open" | "open";

/** How a call to CloudTower ended: its HTTP status, or what happened instead. */
export type CallOutcome = number | "unanswered" | "cancelled" | "refused";

/** One call to CloudTower that has ended. */
export interface CallRecord {
  /** Such as `get-vms`. */
  readonly endpoint: string;
  readonly outcome: CallOutcome;
  /** Time spent waiting for a permit, in milliseconds. */
  readonly queuedMs: number;
  /** Time from sending the request to the end of the response, in milliseconds. */
  readonly milliseconds: number;
}

/** One write that is about to be sent. */
export type SentWrite = Pick<WriteRecord, "endpoint" | "caller" | "requestId" | "ids" | "names">;

/** One write that was sent and has ended or been given up, whether or not its client waited for it. */
export interface WriteRecord {
  readonly endpoint: string;
  /** The credential's key, or another name of the client; reveals no secret. */
  readonly caller: string;
  readonly requestId: string;
  /** All ids in the request. */
  readonly ids: readonly string[];
  /** All names in the request, such as that of a new snapshot. */
  readonly names: readonly string[];
  /** All ids in the response. */
  readonly resourceIds: readonly string[];
  readonly taskIds: readonly string[];
  /** `unknown`: nothing certain came back. */
  readonly outcome: "accepted" | "refused" | "unknown";
  readonly status?: number;
  readonly upstreamCode?: string;
  readonly upstreamRequestId?: string;
  readonly milliseconds: number;
}

/** Why the gateway cannot use CloudTower. */
export interface UpstreamProblem {
  /** For the operator; reveals no address, name or secret. */
  readonly reason: string;
  /** What the log has in addition. */
  readonly cause?: unknown;
}

/** Is notified of calls and writes that ended, and of changes; must neither throw nor block. */
export interface UpstreamObserver {
  callEnded(call: CallRecord): void;
  /** Called before the first byte of a write is sent; `writeEnded` follows, unless the process is killed. */
  writeSent(write: SentWrite): void;
  writeEnded(write: WriteRecord): void;
  circuitChanged(state: CircuitState): void;
  /** The gateway's own credential has a problem, another one, or none any more. */
  credentialChanged(problem: UpstreamProblem | undefined): void;
  /** The reachability of CloudTower, as `/readyz` found it, has a problem, another one, or none any more. */
  reachabilityChanged(problem: UpstreamProblem | undefined): void;
}
