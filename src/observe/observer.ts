import type { CoordinationObserver } from "../coordination/coordination.js";
import type { Spending } from "../kernel/budget.js";
import type { UpstreamObserver } from "../upstream/observer.js";
import type { CallStats } from "../upstream/session.js";

/** Maximum length of an operation's name in logs and traces; longer ones are cut. */
export const MAX_OPERATION_NAME_LENGTH = 100;

/** An executed operation that has ended. */
export interface FinishedOperation {
  readonly transport: string;
  readonly type: string;
  /** Name of the operation in its document, if it has one. */
  readonly name: string | undefined;
  /** Identifies the client without revealing its credential. */
  readonly client: string;
  /** Name of the client in metrics. */
  readonly label: string;
  /** Id of its trace, if traces are exported. */
  readonly traceId?: string | undefined;
  /** What the operation has used. */
  readonly spent: Spending;
  readonly requestId: string;
  readonly milliseconds: number;
  /** Estimated cost, as checked against the limits. */
  readonly cost: { readonly calls: number; readonly objects: number };
  /** Actual upstream calls. */
  readonly upstream: CallStats;
  /** Distinct codes of the errors in the response. */
  readonly codes: readonly string[];
  /** Whether the client left before the end. @default false */
  readonly left?: boolean;
}

/** A request that was refused before execution. */
export interface RefusedRequest {
  readonly requestId: string;
  readonly code: string;
  readonly message: string;
}

/** A poll of a watch loop that failed. */
export interface WatchFailure {
  /** The credential's key; reveals no secret. */
  readonly caller: string;
  /** What was read, such as `tasks`. */
  readonly stage: string;
  readonly code: string;
  readonly message: string;
  /** Whether it is the loop's first failure since it was well: the others are only counted. */
  readonly first: boolean;
}

/** The recovery of a watch loop whose failure was logged. */
export interface WatchRecovery {
  readonly caller: string;
  /** How long it failed. */
  readonly milliseconds: number;
}

/** An attempt to deliver an event to a webhook. */
export interface WebhookAttempt {
  /** Name of the webhook. */
  readonly webhook: string;
  /** Why it failed: `response` (not 2xx), `no_response` or `selection`. Absent if it was acknowledged. */
  readonly failure?: string;
}

/** Events that a webhook gave up. */
export interface WebhookDeadLetter {
  readonly webhook: string;
  readonly kind: string;
}

/** Is notified of operations, requests, upstream calls, watch loops, webhooks and the shared store; must neither throw nor block. */
export interface Observer extends UpstreamObserver, CoordinationObserver {
  finished(operation: FinishedOperation): void;
  refused(request: RefusedRequest): void;
  watchFailed(failure: WatchFailure): void;
  watchRecovered(recovery: WatchRecovery): void;
  webhookAttempted(attempt: WebhookAttempt): void;
  webhookGaveUp(deadLetter: WebhookDeadLetter): void;
}

/** Outcome of an executed operation. */
export function outcomeOf({ codes, left }: Pick<FinishedOperation, "codes" | "left">): "ok" | "errors" | "left" {
  if (left) return "left";
  return codes.length === 0 ? "ok" : "errors";
}

/** Forwards each event to several observers. */
export class Observers implements Observer {
  private readonly observers: Partial<Observer>[] = [];

  add(observer: Partial<Observer>): void {
    this.observers.push(observer);
  }

  finished(operation: FinishedOperation): void {
    for (const observer of this.observers) observer.finished?.(operation);
  }

  refused(request: RefusedRequest): void {
    for (const observer of this.observers) observer.refused?.(request);
  }

  callEnded(call: Parameters<Observer["callEnded"]>[0]): void {
    for (const observer of this.observers) observer.callEnded?.(call);
  }

  writeSent(write: Parameters<Observer["writeSent"]>[0]): void {
    for (const observer of this.observers) observer.writeSent?.(write);
  }

  writeEnded(write: Parameters<Observer["writeEnded"]>[0]): void {
    for (const observer of this.observers) observer.writeEnded?.(write);
  }

  circuitChanged(state: Parameters<Observer["circuitChanged"]>[0]): void {
    for (const observer of this.observers) observer.circuitChanged?.(state);
  }

  credentialChanged(problem: Parameters<Observer["credentialChanged"]>[0]): void {
    for (const observer of this.observers) observer.credentialChanged?.(problem);
  }

  reachabilityChanged(problem: Parameters<Observer["reachabilityChanged"]>[0]): void {
    for (const observer of this.observers) observer.reachabilityChanged?.(problem);
  }

  watchFailed(failure: WatchFailure): void {
    for (const observer of this.observers) observer.watchFailed?.(failure);
  }

  watchRecovered(recovery: WatchRecovery): void {
    for (const observer of this.observers) observer.watchRecovered?.(recovery);
  }

  coordinationChanged(problem: Parameters<Observer["coordinationChanged"]>[0]): void {
    for (const observer of this.observers) observer.coordinationChanged?.(problem);
  }

  coordinated(command: Parameters<Observer["coordinated"]>[0]): void {
    for (const observer of this.observers) observer.coordinated?.(command);
  }

  webhookAttempted(attempt: WebhookAttempt): void {
    for (const observer of this.observers) observer.webhookAttempted?.(attempt);
  }

  webhookGaveUp(deadLetter: WebhookDeadLetter): void {
    for (const observer of this.observers) observer.webhookGaveUp?.(deadLetter);
  }
}
