import { randomUUID } from "node:crypto";
import { createSourceEventStream, type FormattedExecutionResult, type GraphQLSchema } from "graphql";
import type { Logger } from "pino";
import { Context, type Services } from "../../context.js";
import type { Execute } from "../../graph/plan/execute.js";
import type { DocumentGate } from "../../http/limits/document-gate.js";
import { clientResult } from "../../http/messages/client-errors.js";
import { Budget, type BudgetLimits } from "../../kernel/budget.js";
import { type CancelSignal, onAbort } from "../../kernel/cancellation.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { linkedSignal } from "../../kernel/linked-signal.js";
import type { Turns } from "../../kernel/turns/turns.js";
import { unlessAborted } from "../../kernel/unless-aborted.js";
import type { Credential } from "../../upstream/credentials/credential.js";
import type { Upstream } from "../../upstream/upstream.js";
import {
  CursorExpiredError,
  type EventSource,
  type ReadEvent,
  StreamLaggedError,
  type WebhookEvent,
} from "../event-source.js";
import { type SourceEvent, withFreshObject } from "./fresh-object.js";
import { type SubscribedFeed, subscribedFeed } from "./subscribed-feed.js";

/** Options for `Subscriptions`. */
export interface SubscriptionsOptions {
  readonly schema: GraphQLSchema;
  readonly gate: DocumentGate;
  readonly execute: Execute;
  readonly upstream: Upstream;
  readonly services: Services;
  /** The gateway's own account. */
  readonly credential: Credential;
  readonly turns: Turns;
  /** Limits of each event. */
  readonly budget: BudgetLimits;
  /** Time limit of each event. */
  readonly timeoutMs: number;
  readonly logger: Logger;
}

/** Codes that say that CloudTower does not respond: nothing can be said about the selection. */
const TRANSIENT: readonly unknown[] = [ErrorCode.UpstreamUnavailable, ErrorCode.UpstreamTimeout, ErrorCode.RateLimited];

const BOOKMARK = "BOOKMARK";

/** Runs the documents of webhooks as subscriptions of the gateway's own account. Lives as long as the process. */
export class Subscriptions {
  constructor(private readonly options: SubscriptionsOptions) {}

  /** Checks a document. @throws Error whose message says what is wrong with it. */
  prepare({ name, subscription }: { readonly name: string; readonly subscription: string }): EventSource {
    const subscribed = subscribedFeed(this.options.gate, subscription);
    return { feed: subscribed.feed, open: (after, signal) => this.open(name, subscribed, { after, signal }) };
  }

  private async *open(
    name: string,
    subscribed: SubscribedFeed,
    { after, signal }: { readonly after: string | undefined; readonly signal: CancelSignal },
  ): AsyncGenerator<WebhookEvent> {
    const { schema } = this.options;
    const { document, operationName } = subscribed;
    const contextValue = this.context(name, signal);
    contextValue.lastEventId = after;
    const source = await createSourceEventStream({ schema, document, operationName, contextValue });
    if (!(Symbol.asyncIterator in source)) throw await this.failureOf(source.errors?.[0]?.originalError, name, signal);
    const events = (source as AsyncIterable<SourceEvent | Error>)[Symbol.asyncIterator]();
    const stopListening = onAbort(signal, () => void events.return?.());
    try {
      for (;;) {
        const { done, value: event } = await events.next();
        if (done || signal.aborted) return;
        if (event instanceof Error) throw await this.failureOf(event, name, signal);
        yield this.webhookEvent(name, subscribed, event);
      }
    } finally {
      stopListening();
      await events.return?.();
    }
  }

  private webhookEvent(name: string, subscribed: SubscribedFeed, event: SourceEvent): WebhookEvent {
    const { cursor, id, kind, at } = event;
    return {
      ...{ cursor, id, isBookmark: kind === BOOKMARK, at: at === null ? null : Date.parse(at) },
      read: (signal) => this.read(name, subscribed, { event, signal }),
    };
  }

  private async read(
    name: string,
    { document, operationName }: SubscribedFeed,
    { event, signal: given }: { readonly event: SourceEvent; readonly signal: CancelSignal },
  ): Promise<ReadEvent> {
    const { schema, execute, timeoutMs, logger } = this.options;
    const timeout = new TowerError(ErrorCode.UpstreamTimeout, `The event was not read within ${timeoutMs / 1000} s.`);
    const { signal, dispose } = linkedSignal([given], timeoutMs, timeout);
    const contextValue = this.context(name, signal);
    const { session } = contextValue;
    try {
      const args = { schema, document, operationName, rootValue: withFreshObject(event, session), contextValue };
      const result: FormattedExecutionResult = clientResult(await unlessAborted(execute(args), signal), {
        requestId: session.requestId,
        logger,
      });
      const { data, errors } = result;
      if (errors === undefined) {
        return { complete: true, body: JSON.stringify({ data, extensions: { cursor: event.cursor } }) };
      }
      const [first] = errors;
      const isTransient = errors.every(({ extensions }) => {
        const code = extensions?.code;
        // If no call has succeeded, CloudTower refuses the account, or all of it is broken.
        return TRANSIENT.includes(code) || (code === ErrorCode.UpstreamError && !session.credentialAccepted);
      });
      return { complete: false, message: `${first?.extensions?.code}: ${first?.message}`, isTransient };
    } catch (error) {
      if (error instanceof TowerError) {
        return {
          complete: false,
          message: `${error.code}: ${error.message}`,
          isTransient: TRANSIENT.includes(error.code),
        };
      }
      logger.error({ webhook: name, err: error }, "an event could not be read");
      return { complete: false, message: ErrorCode.InternalServerError, isTransient: false };
    } finally {
      dispose();
    }
  }

  private context(name: string, signal: CancelSignal): Context {
    const { upstream, services, credential, turns, budget } = this.options;
    const client = `webhook ${name}`;
    const session = upstream.open({
      ...{ credential, client, signal, language: "en-US", requestId: randomUUID(), owner: client },
      budget: new Budget(budget),
      turns: turns.of(() => ({ share: client, client })),
    });
    return new Context(session, services);
  }

  /** The error of a feed in the words of webhooks. */
  private async failureOf(error: unknown, name: string, signal: CancelSignal): Promise<unknown> {
    if (!(error instanceof TowerError)) return error ?? new Error("The feed has no events.");
    if (error.code === ErrorCode.EventsLagged) return new StreamLaggedError(error.message);
    if (error.code !== ErrorCode.CursorExpired) return error;
    const oldest = String(error.details?.oldest);
    const { session, services } = this.context(name, signal);
    return new CursorExpiredError(error.message, oldest, await services.events.cursorBefore(session, oldest));
  }
}
