import type { StateChange, WebhookState } from "./webhook-state.js";

/**
 * Where the states of webhooks are kept, so that they survive the process.
 *
 * One process at a time may use a webhook's state.
 */
export interface WebhookStore {
  /** The state of a webhook; `FRESH_STATE` if it has none. @throws WebhookStateError if it cannot be read. */
  load(name: string): Promise<WebhookState>;
  /** Resolves with the new state when it is safe. @throws if it cannot be written; the change may then be recorded again. */
  record(name: string, change: StateChange): Promise<WebhookState>;
  /** Releases what the store has open. Safe to call twice. */
  close(): Promise<void>;
}

/** A stored state that cannot be read; `message` names the place and says what to do. */
export class WebhookStateError extends Error {
  override readonly name = "WebhookStateError";
}
