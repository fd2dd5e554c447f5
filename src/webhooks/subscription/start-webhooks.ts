import type { WebhookObserver } from "../delivery/attempt.js";
import { type Clock, systemClock } from "../delivery/clock.js";
import { sendWebhook } from "../delivery/send-webhook.js";
import { DirectoryStore } from "../store/directory-store.js";
import { Webhooks } from "../webhooks.js";
import { Subscriptions, type SubscriptionsOptions } from "./subscriptions.js";

/** Options for `startWebhooks`. */
export interface WebhookSettings extends SubscriptionsOptions {
  /** The file that defines them. */
  readonly path: string;
  /** Directory of their states. */
  readonly stateDir: string;
  /** Names this gateway to receivers. */
  readonly userAgent: string;
  readonly observer: WebhookObserver;
  /** @default the machine's */
  readonly clock?: Clock;
  /** Time for a receiver to acknowledge. @default 15 s */
  readonly acknowledgeMs?: number;
}

const ACKNOWLEDGE_MS = 15_000;

/**
 * Starts the webhooks of a file, with their states in a directory.
 *
 * @throws WebhooksFileError or WebhookStateError; then nothing is delivered.
 */
export async function startWebhooks(settings: WebhookSettings): Promise<Webhooks> {
  const { path, stateDir, userAgent, observer, logger, clock = systemClock, acknowledgeMs = ACKNOWLEDGE_MS } = settings;
  const subscriptions = new Subscriptions(settings);
  return Webhooks.start({
    ...{ path, observer, logger, clock },
    store: await DirectoryStore.open(stateDir),
    prepare: (definition) => subscriptions.prepare(definition),
    send: (target, message, signal) => sendWebhook(target, message, { userAgent, timeoutMs: acknowledgeMs, signal }),
  });
}
