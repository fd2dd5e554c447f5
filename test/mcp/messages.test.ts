import { expect, test } from "vitest";
import { captureLog } from "../support/captured-log.js";
import { startGateway } from "../support/gateway.js";
import { postMessage } from "./support/agent.js";

const QUERY = "{ vms(first: 1) { totalCount } }";

async function logged() {
  const log = captureLog();
  const env = { MCP: "true", MCP_WRITES: "true", RATE_LIMIT_PER_SECOND: "1000", RATE_LIMIT_BURST: "1000" };
  return { gateway: await startGateway({ env, logger: log.logger }), log };
}

const rpc = (method: unknown, params?: unknown, rest: object = {}) => ({
  ...{ jsonrpc: "2.0", id: 7, method, params },
  ...rest,
});
const hello = (more: object) =>
  rpc("initialize", {
    ...{ protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "a", version: "1" } },
    ...more,
  });
const callOf = (name: unknown, args?: unknown) => rpc("tools/call", { name, arguments: args });
const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, {}]));
const items = Array(50_000).fill({});
let nested: unknown = {};
for (let depth = 0; depth < 3_000; depth += 1) nested = [nested];
const [notJson, invalid, unknownMethod, wrongParams] = [-32700, -32600, -32601, -32602];

const REFUSED: readonly [what: string, message: unknown, code: number | undefined, text: RegExp][] = [
  ["icons of a client", hello({ clientInfo: { name: "a", version: "1", icons: items } }), invalid, /at most 2000/],
  ["capabilities", hello({ capabilities: { experimental: keys(10_000) } }), invalid, /at most 2000/],
  ["arguments", callOf("run_query", { query: QUERY, ...keys(20_000) }), invalid, /at most 2000/],
  ["variables", callOf("run_query", { query: QUERY, variables: keys(20_000) }), invalid, /at most 2000/],
  [
    "within variables",
    callOf("run_query", { query: QUERY, variables: { filter: { or: [keys(9_000), keys(9_000)] } } }),
    invalid,
    /Variables too large: at most 10000/,
  ],
  ["keys of the message", rpc("ping", {}, keys(20_000)), invalid, /at most 2000/],
  ["metadata", rpc("ping", { _meta: { list: items } }), invalid, /at most 2000/],
  ["levels", rpc("tools/list", { nested }), invalid, /at most 2000/],
  ["another version", rpc("ping", {}, { jsonrpc: "1.0" }), invalid, /jsonrpc must be "2\.0"/],
  ["a response", { jsonrpc: "2.0", id: 7, result: {} }, invalid, /method must be a string/],
  ["no client", hello({ clientInfo: 1 }), wrongParams, /clientInfo must be an object/],
  ["no protocol version", hello({ protocolVersion: {} }), wrongParams, /protocolVersion must be a string/],
  ["no capabilities", hello({ capabilities: [] }), wrongParams, /capabilities must be an object/],
  ["params as a list", rpc("tools/list", []), wrongParams, /params must be an object/],
  ["arguments as a list", callOf("run_query", []), wrongParams, /arguments must be an object/],
  ["no tool", callOf(7), wrongParams, /name must be a string/],
  ["an inherited name", callOf("toString"), wrongParams, /Unknown tool "toString"/],
  ["the prototype", callOf("__proto__"), wrongParams, /Unknown tool "__proto__"/],
  ["a long name", callOf("x".repeat(90_000)), wrongParams, /Unknown tool "x{77}\.\.\."/],
  ["another method", rpc("resources/list"), unknownMethod, /Unknown method "resources\/list"/],
  ["a long method", rpc("y".repeat(90_000)), unknownMethod, /Unknown method "y{77}\.\.\."/],
  ["no id", rpc("ping", {}, { id: undefined }), invalid, /id must be an integer or a string/],
  ["a null id", rpc("ping", {}, { id: null }), invalid, /id must be an integer or a string/],
  ["a long id", rpc("ping", {}, { id: "i".repeat(90_000) }), invalid, /at most 200 characters/],
  ["a fraction as id", rpc("ping", {}, { id: 1.5 }), invalid, /id must be an integer/],
  ["null", null, invalid, /must be a JSON object/],
  ["a batch", [rpc("ping")], invalid, /one message per request/],
  ["no JSON", "{", notJson, /not valid JSON/],
];

test("a message that cannot be handled gets a short error with code and request id, which is logged", async () => {
  const { gateway, log } = await logged();
  for (const [what, message, code, text] of REFUSED) {
    const response = await postMessage(gateway, message, { authorization: "invented" });
    const body = await response.text();
    const { jsonrpc, id, error } = JSON.parse(body);
    const requestId = response.headers.get("x-request-id");

    expect([jsonrpc, error?.code, error?.message], what).toEqual(["2.0", code, expect.stringMatching(text)]);
    const expectedId = (message as { id?: unknown } | null)?.id === 7 ? 7 : null;
    expect([id, response.status], what).toEqual([expectedId, expectedId === null ? 400 : 200]);
    expect(error.data, what).toEqual({
      code: expect.stringMatching(/^(BAD_REQUEST|QUERY_TOO_EXPENSIVE)$/),
      requestId,
    });
    expect(body.length, what).toBeLessThan(500);
    expect(log.lines.at(-1), what).toMatchObject({ outcome: "refused", requestId, message: error.message });
  }
  expect(gateway.simulator.calls.all).toEqual([]);
});

test("arguments that do not fit are a short error of the tool with code and request id, which is logged", async () => {
  const { gateway, log } = await logged();
  for (const [tool, args, text] of [
    ["run_query", {}, /query: /],
    ["run_query", { query: QUERY, variables: [] }, /variables: /],
    ["delete_vm_snapshots", { snapshots: Array(20).fill({}) }, /vmId: .*; and 39 more\.$/],
  ] as const) {
    const response = await postMessage(gateway, callOf(tool, args));
    const body = await response.text();
    const { result } = JSON.parse(body);
    const { errors } = JSON.parse(result.content[0].text);
    const requestId = response.headers.get("x-request-id");
    expect([result.isError, errors]).toEqual([
      true,
      [{ code: "BAD_USER_INPUT", requestId, message: expect.stringMatching(text) }],
    ]);
    expect(body.length).toBeLessThan(1_000);
    expect(log.lines.at(-1)).toMatchObject({ outcome: "refused", requestId });
  }
});

test("notifications are accepted, and what nobody uses of a message is passed over", async () => {
  const { gateway } = await logged();
  for (const method of ["initialized", "cancelled", "progress", "of/no/kind"]) {
    const noticed = await postMessage(gateway, { jsonrpc: "2.0", method: `notifications/${method}`, params: { a: 1 } });
    expect([noticed.status, await noticed.text()]).toEqual([202, ""]);
  }
  for (const message of [
    hello({ clientInfo: { name: "a", version: "1", icons: [{}] }, capabilities: { roots: 7 }, _meta: 7 }),
    rpc("ping", { _meta: { progressToken: {} } }, { unknown: true }),
    rpc("tools/call", { name: "run_query", arguments: { query: QUERY }, task: { ttl: 1 }, _meta: [] }, { id: "a" }),
  ]) {
    const { id, result, error } = JSON.parse(await (await postMessage(gateway, message)).text());
    expect([id, error, result?.isError ?? false]).toEqual([message.id, undefined, false]);
  }
  const large = callOf("run_query", {
    query: "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
    variables: { ids: items.slice(0, 5_000) },
  });
  expect(await (await postMessage(gateway, large)).text()).toMatch(/List too long|QUERY_TOO_EXPENSIVE/);
});
