import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { onTestFinished } from "vitest";
import type { TestGateway } from "../../support/gateway.js";

/** An agent: a client of the SDK over real HTTP. */
export interface Agent {
  readonly client: Client;
  /** Calls a tool and reads its result. */
  call<T = Record<string, unknown>>(name: string, args?: Record<string, unknown>): Promise<ToolOutcome<T>>;
}

/** Result of a tool: its JSON, and the text itself. */
export interface ToolOutcome<T> {
  readonly isError: boolean;
  readonly value: T;
  readonly text: string;
}

/** Connects an agent for one test. @param headers added to those of the administrator */
export async function connectAgent(gateway: TestGateway, headers: Record<string, string> = {}): Promise<Agent> {
  const client = new Client({ name: "test", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), {
    requestInit: { headers: { authorization: gateway.token, ...headers } },
  });
  onTestFinished(() => client.close());
  // Its optional session id does not fit `exactOptionalPropertyTypes`.
  await client.connect(transport as never);
  return {
    client,
    async call(name, args = {}) {
      const { content, isError = false } = await client.callTool({ name, arguments: args });
      const [{ text = "" } = {}] = content as { text?: string }[];
      return { isError: isError === true, text, value: (/^[[{]/.test(text) ? JSON.parse(text) : {}) as never };
    },
  };
}

/** POSTs one message to `/mcp` by hand. */
export function postMessage(
  gateway: TestGateway,
  body: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${gateway.url}/mcp`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      authorization: gateway.token,
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
    signal,
  });
}
