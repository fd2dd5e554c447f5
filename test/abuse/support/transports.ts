import type { FormattedExecutionResult } from "graphql";
import { createClient as createSseClient, type Client as SseClient } from "graphql-sse";
import { onTestFinished } from "vitest";
import type { TestGateway } from "../../support/gateway.js";

/** An answer's parts that the abuse tests look at. */
export type Answer = FormattedExecutionResult<Record<string, unknown>>;

/** Sends an operation with graphql-ws's own client and gives the first answer, an error message included. */
export async function overWebSocket(gateway: TestGateway, query: string): Promise<Answer> {
  const client = gateway.socket();
  return new Promise((resolve, reject) => {
    client.subscribe<Record<string, unknown>>(
      { query },
      {
        next: (answer) => resolve(answer as Answer),
        error: (error) => (Array.isArray(error) ? resolve({ errors: error }) : reject(error)),
        complete: () => {},
      },
    );
  });
}

/** graphql-sse's own client. */
export function sseClient(gateway: TestGateway, token = gateway.token): SseClient {
  const client = createSseClient({
    url: `${gateway.url}/graphql`,
    headers: { authorization: token },
    retryAttempts: 0,
  });
  onTestFinished(() => client.dispose());
  return client;
}

/** Sends an operation with graphql-sse's own client and gives the first answer. */
export async function overSse(gateway: TestGateway, query: string): Promise<Answer> {
  const client = sseClient(gateway);
  return new Promise((resolve, reject) => {
    client.subscribe({ query }, { next: (answer) => resolve(answer as Answer), error: reject, complete: () => {} });
  });
}

/** How each transport answers the same operation. */
export async function everywhere(gateway: TestGateway, query: string): Promise<Record<"http" | "sse" | "ws", Answer>> {
  const [http, sse, ws] = await Promise.all([
    gateway.query(query) as Promise<Answer>,
    overSse(gateway, query),
    overWebSocket(gateway, query),
  ]);
  return { http, sse, ws };
}

/** The code of an answer's first error. */
export function codeOf(answer: Answer): unknown {
  return answer.errors?.[0]?.extensions?.code;
}
