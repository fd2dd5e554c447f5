import { afterAll, describe, expect, test } from "vitest";
import type { Exchange } from "../../src/simulator/http/exchange.js";
import { entities } from "../../src/upstream/wire/contract.js";
import { leanEndpoints } from "../../src/upstream/wire/endpoints.js";
import type { Entity } from "../../src/upstream/wire/types.js";
import type { Contract } from "../support/openapi.js";
import { type CallOptions, checkedSimulator } from "./support/checked-simulator.js";
import { contractOrSkip, listedIn, versions } from "./support/document.js";
import { documentedFields } from "./support/filters.js";
import {
  type AnyRow,
  filterBodies,
  filterKeys,
  orderBodies,
  orders,
  pageBodies,
  wrongBodies,
  wrongOrderBodies,
} from "./support/list-requests.js";

const names = Object.keys(entities) as Entity[];

describe.each(versions)("the simulator as CloudTower %s", (apiVersion) => {
  const contract = contractOrSkip(apiVersion);
  const { call } = checkedSimulator(contract, { vms: 13, apiVersion });
  const counts = { lists: 0, filterKeys: 0, orders: 0, rows: 0, refusedKeys: 0, refusedOrders: 0 };

  afterAll(() => {
    if (counts.lists > 0) console.log(`asked as CloudTower ${apiVersion}: ${JSON.stringify(counts)}`);
  });

  test.each(listedIn(apiVersion))("%s: every filter, order, page and row conforms to the document", async (name) => {
    const list = `get-${entities[name].path}`;
    const rows = await call<AnyRow[]>(list, {});
    expect(rows.length, `rows of ${name} to check`).toBeGreaterThan(0);
    for (const row of rows) expect(missingFields(contract, name, row)).toEqual([]);
    for (const body of [...pageBodies(rows), ...filterBodies(contract, name, rows)]) {
      await call(list, body);
      await call(`${list}-connection`, body);
    }
    for (const body of orderBodies(contract, name)) await call(list, body);
    const lean = leanEndpoints[list];
    if (lean !== undefined) {
      const exists = Object.hasOwn(contract.document.paths, `/${lean}`);
      for (const body of pageBodies(rows)) await call(lean, body, exists ? {} : { answerOnly: true, status: 404 });
    }
    counts.lists += 1;
    counts.rows += rows.length;
    counts.filterKeys += filterKeys(contract, name).length;
    counts.orders += orders(contract, name).length;
  });

  test.each(listedIn(apiVersion))("%s: filters and orders that are not in the document are refused", async (name) => {
    const list = `get-${entities[name].path}`;
    const wrong = wrongBodies(contract, name);
    const wrongOrders = wrongOrderBodies(contract, name);
    for (const body of [...wrong, ...wrongOrders]) {
      expect(contract.check(unsent(list, body), { requestOnly: true })).toHaveLength(1);
      await call(list, body, { answerOnly: true, status: 400 });
    }
    counts.refusedKeys += wrong.length;
    counts.refusedOrders += wrongOrders.length;
  });

  test("get-version returns this version", async () => {
    expect(await call("get-version", undefined, { method: "GET" })).toBe(apiVersion);
  });

  test("login gives a valid token", async () => {
    const body = { username: "admin", password: "admin-pass", source: "LOCAL" };
    const { data } = await call<{ data: { token: string } }>("login", body);
    await call("get-vms", { first: 1 }, { headers: { authorization: data.token } });
  });
});

describe.each([
  { vms: 0, seed: 3 },
  { vms: 1, seed: 4 },
  { vms: 300, seed: 7 },
])("the inventory %j", (options) => {
  const checked = checkedSimulator(contractOrSkip(), options);

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
  const checked = checkedSimulator(contractOrSkip(), { vms: 5 });

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

/** Fields of the document that a row or a stub in it lacks. Those that it has too many are found by the check of the exchange. */
function missingFields(contract: Contract, name: Entity, row: AnyRow): string[] {
  const { schemas } = contract.document.components;
  const missing = (schema: string, object: object) =>
    Object.keys(schemas[schema]?.properties ?? {})
      .filter((field) => !Object.hasOwn(object, field))
      .map((field) => `${schema}.${field}`);
  const ofStubs = documentedFields(contract, name).flatMap(({ name: field, kind, of }) => {
    if (kind !== "one" && kind !== "many") return [];
    return [row[field] ?? []].flat().flatMap((stub) => missing(`Nested${of}`, stub as object));
  });
  return [...missing(name, row), ...ofStubs];
}
