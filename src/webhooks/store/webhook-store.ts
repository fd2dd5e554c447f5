import type { StateChange, WebhookState } from "./webhook-state.js";

/**
 * Where the states of webhooks are kept, so that they survive the process.
 *
 * One process at a time may use a webhook's state.
 */
export interface WebhookStore {
  /** The state of a webhook, whoever uses it; `FRESH_STATE` if it has none. @throws WebhookStateError if it cannot be read. */
  read(name: string): Promise<WebhookState>;
  /** The same, and from now on only this process may record changes. @throws WebhookStateError if it cannot be read. */
  load(name: string): Promise<WebhookState>;
  /**
   * Resolves with the new state when it is safe.
   *
   * @throws StateTakenError if another process has loaded it since, or it is gone; otherwise the change may be recorded again.
   */
  record(name: string, change: StateChange): Promise<WebhookState>;
  /** Releases what the store has open. Safe to call twice. */
  close(): Promise<void>;
}

/** Nothing was recorded: another process uses the state now, or the store has lost it. */
export class StateTakenError extends Error {
  override readonly name = "StateTakenError";

  constructor(webhook: string) {
    super(`The state of ${webhook} is another process's now, or was lost.`);
  }
}

/** A stored state that cannot be read; `message` names the place and says what to do. */
export class WebhookStateError extends Error {
  override readonly name = "WebhookStateError";
}
