import type { CancelSignal } from "../../kernel/cancellation.js";
import type { WebhookDefinition } from "../definition/webhook-definition.js";
import type { WebhookEvent } from "../event-source.js";
import type { DeadLetterKind } from "../store/webhook-state.js";
import type { Clock } from "./clock.js";
import type { Message, SendOutcome } from "./send-webhook.js";

/** Sends a message to a webhook's receiver. Never rejects; gives up when the signal aborts. */
export type Send = (target: WebhookDefinition, message: Message, signal: CancelSignal) => Promise<SendOutcome>;

/** Why an attempt failed, in few words: a label of a metric. */
export type FailureReason = "response" | "no_response" | "selection";

/** Is notified of attempts; must neither throw nor block. */
export interface WebhookObserver {
  webhookAttempted(attempt: { readonly webhook: string; readonly failure?: FailureReason }): void;
  webhookGaveUp(deadLetter: { readonly webhook: string; readonly kind: DeadLetterKind }): void;
}

/** What an attempt needs. */
export interface AttemptParts {
  readonly send: Send;
  readonly clock: Clock;
  readonly observer: WebhookObserver;
  /** The gateway stops: no outcome is waited for. */
  readonly signal: CancelSignal;
}

/** What came of an attempt. */
export interface AttemptOutcome {
  /** Null if there was no response. */
  readonly httpStatus: number | null;
  /** Why it failed; null if the event was acknowledged. */
  readonly message: string | null;
  /** Whether its selection cannot be read completely, although CloudTower responds. */
  readonly isSelection: boolean;
}

/** Reads an event and sends it once. Undefined if the gateway stops before the outcome is known. */
export async function attemptDelivery(
  event: WebhookEvent,
  definition: WebhookDefinition,
  { send, clock, observer, signal }: AttemptParts,
): Promise<AttemptOutcome | undefined> {
  const { name: webhook } = definition;
  const read = await event.read(signal);
  if (signal.aborted) return undefined;
  if (!read.complete) {
    observer.webhookAttempted({ webhook, failure: "selection" });
    return { httpStatus: null, message: read.message, isSelection: !read.isTransient };
  }
  const sent = await send(definition, { id: event.id, body: read.body, sentAt: new Date(clock.now()) }, signal);
  if (sent.kind === "none") {
    if (signal.aborted) return undefined;
    observer.webhookAttempted({ webhook, failure: "no_response" });
    return { httpStatus: null, message: sent.message, isSelection: false };
  }
  const failure = failureOf(sent.status);
  observer.webhookAttempted(failure === null ? { webhook } : { webhook, failure: "response" });
  return { httpStatus: sent.status, message: failure, isSelection: false };
}

/** Why a status is no acknowledgement; null if it is one. */
export function failureOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  const reason = `the receiver responded with ${status}`;
  return status >= 300 && status < 400 ? `${reason}: redirects are not followed` : reason;
}
