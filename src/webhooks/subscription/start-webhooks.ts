import type { Leases, Logs } from "../../coordination/coordination.js";
import type { WebhookObserver } from "../delivery/attempt.js";
import { type Clock, systemClock } from "../delivery/clock.js";
import { sendWebhook } from "../delivery/send-webhook.js";
import { DirectoryStore } from "../store/directory-store.js";
import { SharedStore } from "../store/shared-store.js";
import { Webhooks } from "../webhooks.js";
import { Subscriptions, type SubscriptionsOptions } from "./subscriptions.js";

/** Options for `startWebhooks`. */
export interface WebhookSettings extends SubscriptionsOptions {
  /** The file that defines them. */
  readonly path: string;
  /** Directory of their states, or logs that the replicas share. */
  readonly states: string | Logs;
  /** Decide which replica delivers. */
  readonly leases: Leases;
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
 * Starts the webhooks of a file.
 *
 * @throws WebhooksFileError or WebhookStateError; then nothing is delivered.
 */
export async function startWebhooks(settings: WebhookSettings): Promise<Webhooks> {
  const { path, states, leases, userAgent, observer, logger, clock = systemClock } = settings;
  const { acknowledgeMs = ACKNOWLEDGE_MS } = settings;
  const subscriptions = new Subscriptions(settings);
  return Webhooks.start({
    ...{ path, observer, logger, clock, leases },
    store: typeof states === "string" ? await DirectoryStore.open(states) : new SharedStore(states),
    prepare: (definition) => subscriptions.prepare(definition),
    send: (target, message, signal) => sendWebhook(target, message, { userAgent, timeoutMs: acknowledgeMs, signal }),
  });
}
