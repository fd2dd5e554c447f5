import { Agent, request } from "undici";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { Exchange } from "../../../src/simulator/http/exchange.js";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../src/simulator/simulator.js";
import { contractVersion } from "../../../src/upstream/wire/contract.js";
import { endpointOf } from "../../../src/upstream/wire/endpoints.js";
import type { CheckOptions, Contract } from "../../support/openapi.js";
import { listedIn } from "./document.js";

/** Options for `CheckedSimulator.call`. */
export interface CallOptions extends CheckOptions {
  readonly method?: "GET" | "POST";
  /** Merged over the administrator's headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Expected status. @default 200 */
  readonly status?: number;
}

/** A simulator whose exchanges are all checked against the contract; violations fail the test when it ends. */
export interface CheckedSimulator {
  /** Available only inside tests. */
  readonly simulator: Simulator;
  /** Calls an endpoint, by default as the administrator, and returns the parsed response. Sends no body if it is undefined. */
  call<T>(endpoint: string, body: unknown, options?: CallOptions): Promise<T>;
  /** Reads a page of every list, so that every effect of a write is checked. */
  readAll(): Promise<void>;
}

/** One simulator for all tests of a file or a describe block. */
export function checkedSimulator(contract: Contract, options: SimulatorOptions): CheckedSimulator {
  const problems = new Set<string>();
  let simulator: Simulator;
  let agent: Agent;
  let part: CheckOptions = {};
  let exchanges = 0;

  beforeAll(async () => {
    agent = new Agent();
    simulator = await startSimulator({ ...options, onExchange });
  });
  afterAll(async () => {
    await agent?.close();
    await simulator?.stop();
  });
  afterEach(() => {
    const found = [...problems];
    problems.clear();
    expect(found).toEqual([]);
  });

  function onExchange(exchange: Exchange): void {
    exchanges += 1;
    for (const problem of contract.check(exchange, part)) problems.add(problem);
  }

  async function call<T>(endpoint: string, body: unknown, options: CallOptions = {}): Promise<T> {
    const { method = "POST", headers, status = 200 } = options;
    part = options;
    const before = exchanges;
    const response = await request(`${simulator.url}/${endpoint}`, {
      method,
      headers: { authorization: simulator.users[0]?.token ?? "", "content-type": "application/json", ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      dispatcher: agent,
    });
    const text = await response.body.text();
    const summary = `${endpoint} ${JSON.stringify(body)} returned ${text.slice(0, 500)}`;
    expect(response.statusCode, summary).toBe(status);
    expect(exchanges, `${endpoint} was checked`).toBe(before + 1);
    return (text === "" ? undefined : JSON.parse(text)) as never;
  }

  return {
    get simulator() {
      return simulator;
    },
    call,
    async readAll() {
      for (const name of listedIn(options.apiVersion ?? contractVersion)) {
        await call(endpointOf(name), { first: 500 });
      }
    },
  };
}
