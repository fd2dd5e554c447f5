import { describe, expect, test } from "vitest";
import type { Exchange } from "../../src/simulator/http/exchange.js";
import { entities } from "../../src/upstream/wire/contract.js";
import type { Entity } from "../../src/upstream/wire/types.js";
import { type CallOptions, checkedSimulator } from "./support/checked-simulator.js";
import { contractOrSkip } from "./support/document.js";
import { type AnyRow, filterBodies, orderBodies, pageBodies, wrongBodies } from "./support/list-requests.js";

const contract = contractOrSkip();
const names = Object.keys(entities) as Entity[];

describe("every list of the simulator", () => {
  const { call } = checkedSimulator(contract, { vms: 30 });

  test.each(names)("%s: every filter, order and page of the contract conforms to it", async (name) => {
    const list = `get-${entities[name].path}`;
    const rows = await call<AnyRow[]>(list, {});
    expect(rows.length, `rows of ${name} to check`).toBeGreaterThan(0);
    for (const body of [...pageBodies(rows), ...filterBodies(name, rows)]) {
      await call(list, body);
      await call(`${list}-connection`, body);
    }
    for (const body of orderBodies(name)) await call(list, body);
  });

  test.each(names)("%s: filters that are not in the contract are refused", async (name) => {
    const list = `get-${entities[name].path}`;
    for (const body of wrongBodies(name)) {
      expect(contract.check(unsent(list, body), { requestOnly: true })).toHaveLength(1);
      await call(list, body, { answerOnly: true, status: 400 });
    }
  });
});

describe.each([
  { vms: 0, seed: 3 },
  { vms: 1, seed: 4 },
  { vms: 300, seed: 7 },
])("the inventory %j", (options) => {
  const checked = checkedSimulator(contract, options);

  test("conforms to the contract in every row, for every user and in both languages", async () => {
    for (const { token } of checked.simulator.users) {
      for (const language of ["en-US", "zh-CN"]) {
        const headers = { authorization: token, "content-language": language };
        for (const name of names) await checked.call(`get-${entities[name].path}`, {}, { headers });
      }
    }
  });
});

describe("other responses of the simulator conform to the contract", () => {
  const checked = checkedSimulator(contract, { vms: 5 });

  test("login gives a valid token", async () => {
    const body = { username: "admin", password: "admin-pass", source: "LOCAL" };
    const { data } = await checked.call<{ data: { token: string } }>("login", body);
    await checked.call("get-vms", { first: 1 }, { headers: { authorization: data.token } });
  });

  test("get-version returns the version of the contract", async () => {
    const version = await checked.call("get-version", undefined, { method: "GET" });
    expect(version).toBe(contract.document.info.version);
  });

  test.each<[string, number, string, unknown, CallOptions?]>([
    ["an unknown key", 400, "get-vms", { where: { foo: 1 } }],
    ["a wrong type", 400, "get-vms", { where: { name: 1 } }],
    ["an unknown order", 400, "get-vms", { orderBy: "foo_ASC" }],
    ["no body", 400, "get-vms", undefined],
    ["a body of another type", 400, "get-vms", []],
    ["a count with an unknown key", 400, "get-vms-connection", { where: { foo: 1 } }],
    ["a wrong token", 401, "get-vms", {}, { headers: { authorization: "wrong" } }],
    ["a wrong password", 400, "login", { username: "admin", password: "wrong", source: "LOCAL" }],
    ["an unknown user source", 400, "login", { username: "admin", password: "admin-pass", source: "X" }],
    ["a VM that does not exist", 404, "create-vm-snapshot", { data: [{ vm_id: "none", name: "a" }] }],
    ["an unknown endpoint", 404, "get-nothing", {}],
  ])("%s is a %i", async (_, status, endpoint, body, options) => {
    await checked.call(endpoint, body, { ...options, answerOnly: true, status });
  });

  test("a write by a read-only user is a 403", async () => {
    const viewer = checked.simulator.users.find(({ username }) => username === "viewer");
    const [vm] = await checked.call<AnyRow[]>("get-vms", { first: 1 });
    const body = { data: [{ vm_id: vm?.id, name: "forbidden" }] };
    await checked.call("create-vm-snapshot", body, { headers: { authorization: viewer?.token ?? "" }, status: 403 });
  });

  test.each([401, 403, 404, 429, 500, 502, 503, 504])(
    "an injected status %i conforms to the contract",
    async (status) => {
      checked.simulator.faults.add({ times: 1, effect: { kind: "status", status, retryAfter: 1 } });
      await checked.call("get-vms", {}, { status });
    },
  );
});

/** A request that was not sent. */
function unsent(endpoint: string, requestBody: unknown): Exchange {
  const headers = { authorization: "token", "content-type": "application/json" };
  const response = { status: 200, responseBody: [], responseHeaders: {} };
  return { endpoint, method: "POST", path: `/${endpoint}`, headers, requestBody, ...response };
}
