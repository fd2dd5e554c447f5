import type { FormattedExecutionResult } from "graphql";
import { createClient as createSseClient, type Client as SseClient } from "graphql-sse";
import { onTestFinished } from "vitest";
import type { TestGateway } from "./gateway.js";

/** Result of an operation, over any transport. */
export type Result = FormattedExecutionResult<Record<string, unknown>>;

type Variables = Record<string, unknown>;

/** Sends an operation with the client of graphql-ws and returns the first result, or the errors of an error message. */
export async function overWebSocket(gateway: TestGateway, query: string, variables?: Variables): Promise<Result> {
  const client = gateway.socket();
  return new Promise((resolve, reject) => {
    client.subscribe<Record<string, unknown>>(
      { query, variables },
      {
        next: (result) => resolve(result as Result),
        error: (error) => (Array.isArray(error) ? resolve({ errors: error }) : reject(error)),
        complete: () => {},
      },
    );
  });
}

/** A client of graphql-sse, which is disposed of when the test is finished. */
export function sseClient(gateway: TestGateway, token = gateway.token): SseClient {
  const client = createSseClient({
    url: `${gateway.url}/graphql`,
    headers: { authorization: token },
    retryAttempts: 0,
  });
  onTestFinished(() => client.dispose());
  return client;
}

/** Sends an operation with the client of graphql-sse and returns the first result. */
export async function overSse(gateway: TestGateway, query: string, variables?: Variables): Promise<Result> {
  const client = sseClient(gateway);
  return new Promise((resolve, reject) => {
    client.subscribe(
      { query, variables },
      { next: (result) => resolve(result as Result), error: reject, complete: () => {} },
    );
  });
}

/** Results of the same operation over each transport. */
export async function everywhere(
  gateway: TestGateway,
  query: string,
  variables?: Variables,
): Promise<Record<"http" | "sse" | "ws", Result>> {
  const [http, sse, ws] = await Promise.all([
    gateway.query(query, variables) as Promise<Result>,
    overSse(gateway, query, variables),
    overWebSocket(gateway, query, variables),
  ]);
  return { http, sse, ws };
}

/** Code of a result's first error. */
export function codeOf(result: Result): unknown {
  return result.errors?.[0]?.extensions?.code;
}
