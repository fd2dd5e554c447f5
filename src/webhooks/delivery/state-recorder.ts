import type { Logger } from "pino";
import { backoffMs } from "../../kernel/backoff.js";
import type { CancelSignal } from "../../kernel/cancellation.js";
import { asError } from "../../kernel/errors.js";
import type { StateChange, WebhookState } from "../store/webhook-state.js";
import { StateTakenError, type WebhookStore } from "../store/webhook-store.js";
import type { Clock } from "./clock.js";

/** Pauses while a state cannot be written. */
const PAUSES = { firstMs: 2_000, maxMs: 60_000 };

/** Options for `StateRecorder`. */
export interface RecorderOptions {
  readonly store: WebhookStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends a pause when the gateway stops. */
  readonly signal: CancelSignal;
}

/** Stores the changes of one webhook, each before anything else happens. */
export class StateRecorder {
  /** Why the last change could not be written; undefined if it could. */
  problem: string | undefined;

  constructor(
    private readonly webhook: string,
    private readonly options: RecorderOptions,
  ) {}

  /** Repeats a change until it is safe. @throws StateTakenError, or any other error if the webhook stops before. */
  async record(change: StateChange, isStopping: () => boolean): Promise<WebhookState> {
    const { store, clock, logger, signal } = this.options;
    const { webhook } = this;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const state = await store.record(webhook, change);
        this.problem = undefined;
        if (attempt > 1) logger.info({ webhook }, "webhook's state can be written again");
        return state;
      } catch (error) {
        this.problem = asError(error).message;
        if (error instanceof StateTakenError) throw error;
        if (attempt === 1) logger.error({ webhook, err: error }, "webhook waits: its state cannot be written");
        if (isStopping()) throw error;
        await clock.wait(backoffMs(attempt + 1, PAUSES), signal);
      }
    }
  }
}
