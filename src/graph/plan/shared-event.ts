import type { ExecutionResult } from "graphql";

/**
 * An event that many subscriptions of one credential and language get. Its result is computed once for each document with its variables.
 * Lives as long as one of them has yet to send it.
 */
export abstract class SharedEvent {
  private results: Map<string, Promise<ExecutionResult>> | undefined;

  /** Where a stream can be resumed after this event. */
  abstract readonly cursor: string;

  /** The result for a selection; `compute` is called for the first reader alone. A failure of it is the result of all. */
  result(selection: string, compute: () => Promise<ExecutionResult>): Promise<ExecutionResult> {
    this.results ??= new Map();
    let result = this.results.get(selection);
    if (result === undefined) {
      result = compute();
      this.results.set(selection, result);
    }
    return result;
  }
}
