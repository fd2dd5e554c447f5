import "reflect-metadata";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { type FormattedExecutionResult, print } from "graphql";
import { type Client, createClient } from "graphql-ws";
import { type Logger, pino } from "pino";
import { onTestFinished } from "vitest";
import WebSocket from "ws";
import { type App, startApp } from "../../src/app.js";
import { loadConfig } from "../../src/config.js";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator/simulator.js";
import { watchContract } from "../contract/support/watch.js";

/** An operation as text, or one that codegen typed. */
type Operation<D, V> = string | TypedDocumentNode<D, V>;
type Result<D> = FormattedExecutionResult<D>;

/** A real gateway over a real simulator, both on free ports of loopback. */
export interface TestGateway {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly url: string;
  readonly app: App;
  readonly simulator: Simulator;
  /** Sends an operation over HTTP, as the simulator's administrator unless told otherwise. */
  query<D = Record<string, never>, V = Record<string, unknown>>(
    operation: Operation<D, V>,
    variables?: V,
    headers?: Record<string, string>,
  ): Promise<Result<D>>;
  /** The same, but fails with the errors' text where there are any. */
  data<D = Record<string, never>, V = Record<string, unknown>>(
    operation: Operation<D, V>,
    variables?: V,
    headers?: Record<string, string>,
  ): Promise<D>;
  /** graphql-ws's own client. */
  socket(connectionParams?: Record<string, unknown>): Client;
}

/**
 * Starts both for one test; everything ends by itself.
 *
 * Every exchange with the simulator is checked against the contract, where the document is at hand.
 */
export async function startGateway(
  options: {
    readonly simulator?: SimulatorOptions;
    /** Settings, as environment variables. */
    readonly env?: Record<string, string>;
    /** The test spoils the simulator's answers on purpose: only requests are checked. */
    readonly spoilsAnswers?: boolean;
    /** Where the gateway's log goes; nowhere by default. */
    readonly logger?: Logger;
    /** Is called with columns that were read without having been requested; the operation fails by default. */
    readonly onColumnMisses?: (columns: readonly string[]) => void;
  } = {},
): Promise<TestGateway> {
  const watch = watchContract();
  if (options.spoilsAnswers) watch.ignoreAnswers();
  const simulator = await startSimulator({ onExchange: watch.onExchange, ...options.simulator });
  const env = { PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "silent", CLOUDTOWER_URL: simulator.url, ...options.env };
  const app = await startApp(loadConfig(env), options.logger ?? pino({ level: env.LOG_LEVEL }), {
    onColumnMisses: options.onColumnMisses ?? failOnMisses,
  });
  onTestFinished(async () => {
    await app.stop();
    await simulator.stop();
    watch.verify();
  });

  const url = `http://127.0.0.1:${app.port}`;
  const token = simulator.users[0]?.token ?? "";

  const query: TestGateway["query"] = async (operation, variables, headers) => {
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: token, ...headers },
      body: JSON.stringify({ query: typeof operation === "string" ? operation : print(operation), variables }),
    });
    return (await response.json()) as never;
  };

  return {
    url,
    app,
    simulator,
    query,
    async data(operation, variables, headers) {
      const { data, errors } = await query(operation, variables, headers);
      if (errors !== undefined) throw new Error(errors.map((error) => JSON.stringify(error)).join("\n"));
      return data as never;
    },
    socket(connectionParams = { Authorization: token }) {
      const client = createClient({
        url: `${url.replace("http", "ws")}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams,
        retryAttempts: 0,
      });
      onTestFinished(() => void client.dispose());
      return client;
    },
  };
}

function failOnMisses(columns: readonly string[]): void {
  throw new Error(`read without having been requested: ${columns.join(", ")}`);
}
