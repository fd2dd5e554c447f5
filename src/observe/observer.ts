import type { UpstreamObserver } from "../upstream/observer.js";
import type { CallStats } from "../upstream/session.js";

/** An operation that was executed and has ended. */
export interface FinishedOperation {
  readonly transport: string;
  readonly type: string;
  /** The name that the client gave it, if it did. */
  readonly name: string | undefined;
  /** Names the client without revealing its credential. */
  readonly client: string;
  readonly requestId: string;
  readonly milliseconds: number;
  /** What the cost limit took it for. */
  readonly cost: { readonly calls: number; readonly objects: number };
  /** What it came to. */
  readonly upstream: CallStats;
  /** The codes of the errors that the client was told, each once. */
  readonly codes: readonly string[];
  /** The client was gone before the end. */
  readonly left?: boolean;
}

/** A request that was refused before anything was executed. */
export interface RefusedRequest {
  readonly requestId: string;
  readonly code: string;
  readonly message: string;
}

/** Is told what happens; must neither throw nor take long. */
export interface Observer extends UpstreamObserver {
  finished(operation: FinishedOperation): void;
  refused(request: RefusedRequest): void;
}

/** How an executed operation ended. */
export function outcomeOf({ codes, left }: Pick<FinishedOperation, "codes" | "left">): "ok" | "errors" | "left" {
  if (left) return "left";
  return codes.length === 0 ? "ok" : "errors";
}

/** Tells everything to each of several that want to know. */
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

  writeEnded(write: Parameters<Observer["writeEnded"]>[0]): void {
    for (const observer of this.observers) observer.writeEnded?.(write);
  }

  circuitChanged(state: Parameters<Observer["circuitChanged"]>[0]): void {
    for (const observer of this.observers) observer.circuitChanged?.(state);
  }
}
