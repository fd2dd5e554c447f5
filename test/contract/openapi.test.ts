import { describe, expect, test } from "vitest";
import type { Exchange } from "../../src/simulator/http/exchange.js";
import { contractOrSkip } from "./support/document.js";
import { watchContract } from "./support/watch.js";

const contract = contractOrSkip();

describe("the contract checker", () => {
  test("accepts a valid exchange", () => {
    expect(contract.check(snapshotList())).toEqual([]);
  });

  test("accepts every form of filter", () => {
    const where = {
      name_in: ["a", "b"],
      name_not_starts_with: "c",
      unique_size_gte: 2 ** 40,
      local_created_at_lt: "2026-01-01T00:00:00.000Z",
      entityAsyncStatus: null,
      iscsi_lun: null,
      iscsi_target: { cluster: { id: "c1", hosts_some: { vms_none: { ha_not: true } } } },
      labels_every: { key: "tier" },
      OR: [{ id: "1" }, { NOT: [{ entityAsyncStatus_in: ["CREATING"] }] }],
    };
    const requestBody = { where, orderBy: "unique_size_DESC", first: 10, skip: null, after: "x" };
    expect(contract.check(snapshotList({ requestBody }))).toEqual([]);
  });

  test.each<[string, object, string]>([
    ["an unknown key", { where: { foo: 1 } }, "/where/foo: is not in the contract"],
    [
      "a nested unknown key",
      { where: { OR: [{ iscsi_lun: { name_is: "x" } }] } },
      "/where/OR/0/iscsi_lun/name_is: is not in the contract",
    ],
    [
      "an operator that the field does not have",
      { where: { unique_size_contains: 1 } },
      "/where/unique_size_contains: is not in the contract",
    ],
    ["a wrong type", { where: { name: 3 } }, "/where/name: expected string or null, got 3"],
    ["a fraction for an int64", { where: { unique_size_gt: 1.5 } }, "expected integer or null, got 1.5"],
    ["a number too large for int32", { first: 2 ** 31 }, "/first: must match format"],
    ["a value instead of a list", { where: { name_in: "a" } }, "/where/name_in: expected array or null"],
    ["a null in a list", { where: { name_in: ["a", null] } }, "/where/name_in/1: expected string, got null"],
    [
      "an unknown enum value",
      { where: { entityAsyncStatus: "BUSY" } },
      '/where/entityAsyncStatus: expected ["CREATING"',
    ],
    ["an unknown ordering", { orderBy: "name" }, "/orderBy: expected ["],
    ["an unknown argument", { limit: 5 }, "/limit: is not in the contract"],
  ])("refuses %s in a request", (_, requestBody, problem) => {
    const [found, ...others] = contract.check(snapshotList({ requestBody }));
    expect(found).toContain(`POST /get-iscsi-lun-snapshots request /`);
    expect(found).toContain(problem);
    expect(others).toEqual([]);
  });

  test.each<[string, Partial<Exchange>, string]>([
    ["no body", { requestBody: "" }, "request: expected a body, got none"],
    ["null as body", { requestBody: null }, "request /: expected object, got null"],
    ["text as body", { requestBody: "{" }, 'request /: expected object, got "{"'],
    ["an unknown endpoint", { endpoint: "get-iscsi-lun" }, "no such operation in the contract"],
    ["the wrong method", { method: "GET" }, "no such operation in the contract"],
  ])("refuses %s", (_, part, problem) => {
    expect(contract.check(snapshotList(part))).toEqual([expect.stringContaining(problem)]);
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    ["no credential", { authorization: undefined }, "header authorization: is required, but missing"],
    ["a Bearer token", { authorization: "Bearer t" }, "header authorization: expected a token alone"],
    ["an unknown language", { "content-language": "de" }, 'header content-language /: expected ["zh-CN"'],
    ["another content type", { "content-type": "text/plain" }, "header content-type: expected application/json"],
  ])("refuses %s in the headers", (_, headers, problem) => {
    const valid = snapshotList();
    const exchange = { ...valid, headers: { ...valid.headers, ...headers } };
    expect(contract.check(exchange)).toEqual([expect.stringContaining(problem)]);
  });

  test("does not reveal the credential that it refuses", () => {
    const exchange = snapshotList({ headers: { "content-type": "application/json", authorization: "Bearer s3cret" } });
    expect(contract.check(exchange).join()).not.toContain("s3cret");
  });

  test("refuses an unknown key in a write although the document allows additional ones", () => {
    const requestBody = { data: [{ vm_id: "1", name: "a", consistentType: "CRASH_CONSISTENT" }] };
    const exchange = { ...snapshotList({ endpoint: "create-vm-snapshot", requestBody }), responseBody: [] };
    expect(contract.check(exchange)).toEqual([
      "POST /create-vm-snapshot request /data/0/consistentType: is not in the contract",
    ]);
  });

  test.each<[string, object, string]>([
    ["an unknown field", { extra: 1 }, "/0/extra: is not in the contract"],
    ["a missing field", { iscsi_target: undefined }, "/0/iscsi_target: is required, but missing"],
    ["null for a required field", { name: null }, "/0/name: expected string, got null"],
    ["an unknown enum value", { entityAsyncStatus: "BUSY" }, "/0/entityAsyncStatus: expected ["],
    [
      "a stub with an unknown field",
      { iscsi_lun: { id: "1", name: "a", size: 1 } },
      "/0/iscsi_lun/size: is not in the contract",
    ],
    ["a stub without a required field", { labels: [{ id: "1" }] }, "/0/labels/0/key: is required, but missing"],
  ])("refuses %s in a response", (_, part, problem) => {
    const row = JSON.parse(JSON.stringify({ ...ROW, ...part }));
    const [found, ...others] = contract.check(snapshotList({ responseBody: [row] }));
    expect(found).toContain(`POST /get-iscsi-lun-snapshots answer 200 ${problem}`);
    expect(others).toEqual([]);
  });

  test("reports a problem of many rows once", () => {
    const responseBody = Array.from({ length: 1000 }, () => ({ ...ROW, extra: 1 }));
    expect(contract.check(snapshotList({ responseBody }))).toEqual([
      "POST /get-iscsi-lun-snapshots answer 200 /0/extra: is not in the contract (and 999 more like it)",
    ]);
  });

  test("requires a request id in a response", () => {
    const exchange = snapshotList({ responseHeaders: { "content-type": "application/json" } });
    expect(contract.check(exchange)).toEqual([expect.stringContaining("x-tower-request-id: is required, but missing")]);
  });

  test.each([400, 404, 500, 401, 403, 429, 502, 503])("requires an ErrorBody for status %i", (status) => {
    const valid = { path: "/get-iscsi-lun-snapshots", status, message: "no" };
    expect(contract.check(snapshotList({ status, responseBody: valid }))).toEqual([]);
    expect(contract.check(snapshotList({ status, responseBody: { error: "no" } }))).toEqual([
      expect.stringContaining("/message: is required, but missing"),
      expect.stringContaining("/status: is required, but missing"),
      expect.stringContaining("/path: is required, but missing"),
      expect.stringContaining("/error: is not in the contract"),
    ]);
  });

  test("accepts HTML from a proxy but not from CloudTower", () => {
    const html = {
      responseBody: "<html>",
      responseHeaders: { "content-type": "text/html", "x-tower-request-id": "r" },
    };
    expect(contract.check(snapshotList({ status: 502, ...html }))).toEqual([]);
    expect(contract.check(snapshotList({ status: 500, ...html }))).not.toEqual([]);
  });

  test("accepts a request without a credential if the response is a 401", () => {
    const responseBody = { path: "/", status: 401, message: "log in" };
    const exchange = snapshotList({ status: 401, responseBody, headers: { "content-type": "application/json" } });
    expect(contract.check(exchange)).toEqual([]);
  });

  test("checks only the request or only the response if told to", () => {
    const wrong = snapshotList({ requestBody: { where: { foo: 1 } }, responseBody: "<ht" });
    expect(contract.check(wrong, { requestOnly: true })).toEqual([expect.stringContaining("/where/foo")]);
    expect(contract.check(wrong, { answerOnly: true })).toEqual([expect.stringContaining("expected array")]);
  });
});

describe("the contract watch", () => {
  test("verify throws once with all problems", () => {
    const watch = watchContract();
    watch.onExchange(snapshotList());
    watch.verify();
    watch.onExchange(snapshotList({ requestBody: { where: { foo: 1 } } }));
    watch.onExchange(snapshotList({ requestBody: { where: { foo: 2 } } }));
    expect(watch.problems).toHaveLength(1);
    expect(() => watch.verify()).toThrow("/where/foo: is not in the contract");
    watch.verify();
  });

  test.each([{}, { id: "" }, { id_in: [] }, { name: "a" }, { id: "1", name: "a" }, null])(
    "refuses a write with the filter %j, which can match everything",
    (where) => {
      const watch = watchContract();
      watch.onExchange(snapshotList({ endpoint: "delete-vm-snapshot", requestBody: { where }, responseBody: [] }));
      expect(() => watch.verify()).toThrow("a write must name its targets by id");
    },
  );

  test("checks only requests after ignoreAnswers, and if a fault spoiled the response", () => {
    const watch = watchContract();
    watch.onExchange({ ...snapshotList({ responseBody: '[{"id": "c' }), spoiled: true });
    watch.ignoreAnswers();
    watch.onExchange(snapshotList({ responseBody: [{ ...ROW, extra: 1 }] }));
    watch.verify();
    watch.onExchange({ ...snapshotList({ requestBody: { limit: 1 }, responseBody: "" }), spoiled: true });
    expect(watch.problems).toEqual([expect.stringContaining("/limit")]);
  });

  test("accepts a write with a filter by id", () => {
    const watch = watchContract();
    const requestBody = { where: { id_in: ["1"] } };
    watch.onExchange(snapshotList({ endpoint: "delete-vm-snapshot", requestBody, responseBody: [] }));
    watch.verify();
  });
});

const ROW = {
  id: "s1",
  name: "snap",
  local_id: "zbs-1",
  local_created_at: "2026-01-01T00:00:00.000Z",
  unique_size: 2 ** 41,
  entityAsyncStatus: null,
  iscsi_lun: { id: "l1", name: "lun" },
  iscsi_target: { id: "t1", name: "target" },
};

/** A valid exchange of get-iscsi-lun-snapshots with the given changes. */
function snapshotList(change: Partial<Exchange> = {}): Exchange {
  return {
    endpoint: "get-iscsi-lun-snapshots",
    method: "POST",
    path: "/get-iscsi-lun-snapshots",
    headers: { authorization: "token", "content-type": "application/json", "content-language": "en-US" },
    requestBody: {},
    status: 200,
    responseBody: [ROW],
    responseHeaders: { "content-type": "application/json; charset=utf-8", "x-tower-request-id": "r1" },
    ...change,
  };
}
