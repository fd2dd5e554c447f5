import "reflect-metadata";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { type FormattedExecutionResult, print } from "graphql";
import { type Client, createClient } from "graphql-ws";
import { type Logger, pino } from "pino";
import { onTestFinished } from "vitest";
import WebSocket from "ws";
import { type App, type AppHooks, startApp } from "../../src/app.js";
import { loadConfig } from "../../src/config.js";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator/simulator.js";
import { contractVersion } from "../../src/upstream/wire/contract.js";
import { contractOf, watchContract } from "../contract/support/watch.js";

/** An operation as text, or one typed by codegen. */
type Operation<D, V> = string | TypedDocumentNode<D, V>;
type Result<D> = FormattedExecutionResult<D>;

/** A real gateway over a real simulator, both on free ports of loopback. */
export interface TestGateway {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly url: string;
  readonly app: App;
  readonly simulator: Simulator;
  /** Token of the simulator's administrator, which all requests send by default. */
  readonly token: string;
  /**
   * POSTs a body to `/graphql`. An object is sent as JSON, anything else as it is. `headers` add to the defaults or replace them.
   *
   * @example await gateway.post({ query: "{ __typename }" }, { accept: "text/event-stream" })
   */
  post(body: object | string, headers?: Record<string, string>): Promise<Response>;
  /** Like `post` with a query, for a client that leaves: `abort` closes its connection, and `response` rejects if still pending. */
  abortable(query: string, headers?: Record<string, string>): { readonly response: Promise<Response>; abort(): void };
  /** Sends an operation over HTTP and reads its result. */
  query<D = Record<string, never>, V = Record<string, unknown>>(
    operation: Operation<D, V>,
    variables?: V,
    headers?: Record<string, string>,
  ): Promise<Result<D>>;
  /** Like `query`, but throws if the result has errors. */
  data<D = Record<string, never>, V = Record<string, unknown>>(
    operation: Operation<D, V>,
    variables?: V,
    headers?: Record<string, string>,
  ): Promise<D>;
  /** A client of graphql-ws. */
  socket(connectionParams?: Record<string, unknown>): Client;
}

/**
 * Starts both for one test, and stops them when it is finished.
 *
 * Every exchange with the simulator is checked against the contract, if its document is available.
 */
export async function startGateway(
  options: {
    readonly simulator?: SimulatorOptions;
    /** Settings as environment variables. @default {} */
    readonly env?: Record<string, string>;
    /** The test spoils the simulator's responses on purpose, so only requests are checked. @default false */
    readonly spoilsAnswers?: boolean;
    /** Receives the gateway's log. @default a silent one */
    readonly logger?: Logger;
    /** Is called with columns that were read without having been requested; the operation fails by default. */
    readonly onColumnMisses?: (columns: readonly string[]) => void;
    /** @default the process' */
    readonly leaseClock?: AppHooks["leaseClock"];
  } = {},
): Promise<TestGateway> {
  const watch = watchContract(contractOf(options.simulator?.apiVersion ?? contractVersion));
  if (options.spoilsAnswers) watch.ignoreAnswers();
  const simulator = await startSimulator({ onExchange: watch.onExchange, ...options.simulator });
  const env = { PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "silent", CLOUDTOWER_URL: simulator.url, ...options.env };
  let app: App | undefined;
  onTestFinished(async () => {
    await app?.stop();
    await simulator.stop();
    watch.verify();
  });
  app = await startApp(loadConfig(env), options.logger ?? pino({ level: env.LOG_LEVEL }), {
    onColumnMisses: options.onColumnMisses ?? failOnMisses,
    leaseClock: options.leaseClock,
  });

  const url = `http://127.0.0.1:${app.port}`;
  const token = simulator.users[0]?.token ?? "";

  const send = (body: object | string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
    fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: token, ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
      signal,
    });

  const query: TestGateway["query"] = async (operation, variables, headers) => {
    const text = typeof operation === "string" ? operation : print(operation);
    return (await (await send({ query: text, variables }, headers)).json()) as never;
  };

  return {
    url,
    app,
    simulator,
    token,
    post: (body, headers) => send(body, headers),
    abortable(text, headers) {
      const controller = new AbortController();
      return { response: send({ query: text }, headers, controller.signal), abort: () => controller.abort() };
    },
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
