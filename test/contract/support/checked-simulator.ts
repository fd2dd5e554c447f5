import { Agent, request } from "undici";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { Exchange } from "../../../src/simulator/http/exchange.js";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../src/simulator/simulator.js";
import { entities } from "../../../src/upstream/wire/contract.js";
import type { CheckOptions, Contract } from "../../support/openapi.js";

/** What a call may differ in. */
export interface CallOptions extends CheckOptions {
  readonly method?: "GET" | "POST";
  /** In place of or beside the administrator's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The status to demand; default 200. */
  readonly status?: number;
}

/** A simulator whose every exchange is checked; a test with violations fails when it ends. */
export interface CheckedSimulator {
  /** Only inside tests. */
  readonly simulator: Simulator;
  /** Calls an operation as the administrator and gives the parsed answer. An undefined body is none at all. */
  call<T>(operation: string, body: unknown, options?: CallOptions): Promise<T>;
  /** Reads a page of everything that can be listed: what a write has changed shows somewhere. */
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

  async function call<T>(operation: string, body: unknown, options: CallOptions = {}): Promise<T> {
    const { method = "POST", headers, status = 200 } = options;
    part = options;
    const before = exchanges;
    const answer = await request(`${simulator.url}/${operation}`, {
      method,
      headers: { authorization: simulator.users[0]?.token ?? "", "content-type": "application/json", ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      dispatcher: agent,
    });
    const text = await answer.body.text();
    const told = `${operation} ${JSON.stringify(body)} answered ${text.slice(0, 500)}`;
    expect(answer.statusCode, told).toBe(status);
    expect(exchanges, `${operation} was checked`).toBe(before + 1);
    return JSON.parse(text);
  }

  return {
    get simulator() {
      return simulator;
    },
    call,
    async readAll() {
      for (const { path } of Object.values(entities)) await call(`get-${path}`, { first: 500 });
    },
  };
}
