import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";
import { missingStep } from "./missing-step.js";

/** What came of the newest operation, for the advice above the editors. */
export interface Outcome {
  readonly operationName: string | undefined;
  readonly variables: unknown;
  /** The response; undefined if none came. */
  readonly response: Response | undefined;
}

interface Response {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message?: string; readonly extensions?: { readonly code?: string } }[];
}

/** Options for `createFetcher`. */
export interface FetcherOptions {
  /** Address of the API. */
  readonly url: URL;
  /** Sent as Authorization, unless the operation's own headers have one. */
  readonly token: string | undefined;
  readonly onOutcome: (outcome: Outcome) => void;
}

/** Sends operations with the credential of the page: over HTTP, and subscriptions over a WebSocket each. */
export function createFetcher({ url, token, onOutcome }: FetcherOptions): Fetcher {
  const subscriptionUrl = new URL(url);
  subscriptionUrl.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const send = createGraphiQLFetcher({
    url: url.href,
    // A URL instead of a client: each subscription opens its own connection and sends the headers as `connection_init` payload, so
    // that a changed Authorization never uses an old connection.
    subscriptionUrl: subscriptionUrl.href,
    enableIncrementalDelivery: false,
  });
  return async (params, options) => {
    const { operationName, variables } = params;
    const tell = (response: unknown) => {
      if (operationName !== "IntrospectionQuery") {
        onOutcome({ operationName: operationName ?? undefined, variables, response: response as Response | undefined });
      }
    };
    const missing = missingStep(variables);
    if (missing !== undefined) return { errors: [{ message: missing }] } as never;
    try {
      const result = await send(params, { ...options, headers: withToken(token, options?.headers) });
      if (!isIterable(result)) {
        tell(result);
        return result;
      }
      return told(result, tell) as never;
    } catch (error) {
      tell(undefined);
      throw error;
    }
  };
}

function withToken(token: string | undefined, headers: Record<string, string> = {}): Record<string, string> {
  const hasOwn = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
  return token === undefined || hasOwn ? headers : { ...headers, Authorization: token };
}

function isIterable(result: unknown): result is AsyncIterable<unknown> {
  return typeof result === "object" && result !== null && Symbol.asyncIterator in result;
}

/** The events of a subscription. Leaving it must end the subscription at once, not with its next event. */
function told(events: AsyncIterable<unknown>, tell: (event: unknown) => void): AsyncIterableIterator<unknown> {
  const iterator = events[Symbol.asyncIterator]();
  return {
    async next() {
      const step = await iterator.next();
      if (!step.done) tell(step.value);
      return step;
    },
    async return(value) {
      await iterator.return?.();
      return { done: true, value };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
