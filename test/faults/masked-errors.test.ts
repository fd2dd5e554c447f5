import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import type { Effect } from "../../src/simulator/http/faults.js";
import { startGateway } from "../support/gateway.js";
import { failureOf, oneCall } from "./support/failures.js";

const env = { UPSTREAM_TIMEOUT_SECONDS: "1", OPERATION_TIMEOUT_SECONDS: "2", UPSTREAM_MAX_ANSWER_MIB: "1" };

/** The fault, the error code for the client, and the number of calls to CloudTower. */
const faults: readonly [name: string, effect: Effect, code: string, calls: number][] = [
  ["a reset before the body", { kind: "reset", when: "before-body" }, "UPSTREAM_UNAVAILABLE", 3],
  ["a reset after the body", { kind: "reset", when: "after-body" }, "UPSTREAM_UNAVAILABLE", 3],
  ["a lost response", { kind: "lost-answer" }, "UPSTREAM_UNAVAILABLE", 3],
  ["a truncated response", { kind: "truncated" }, "UPSTREAM_UNAVAILABLE", 3],
  ["no response", { kind: "hang" }, "UPSTREAM_TIMEOUT", 1],
  ["a response that drips", { kind: "drip", bytes: 1, everyMs: 50 }, "UPSTREAM_TIMEOUT", 1],
  ["a response above the size limit", { kind: "huge", bytes: 2_000_000 }, "UPSTREAM_ERROR", 1],
  ["a list of texts", { kind: "huge", bytes: 10 }, "UPSTREAM_ERROR", 1],
  ["malformed JSON", { kind: "malformed" }, "UPSTREAM_ERROR", 1],
  ["a page of HTML with 200", { kind: "status", status: 200, body: "html" }, "UPSTREAM_ERROR", 1],
  ["an empty 200", { kind: "status", status: 200, body: "empty" }, "UPSTREAM_ERROR", 1],
  ["a 400", { kind: "status", status: 400 }, "UPSTREAM_ERROR", 1],
  ["a 401", { kind: "status", status: 401 }, "UNAUTHENTICATED", 1],
  ["a 403", { kind: "status", status: 403 }, "FORBIDDEN", 1],
  ["a 404 of HTML", { kind: "status", status: 404, body: "html" }, "UPSTREAM_ERROR", 1],
  ["a 429", { kind: "status", status: 429 }, "RATE_LIMITED", 3],
  ["a 500", { kind: "status", status: 500, message: "NullPointerException at /srv/tower" }, "UPSTREAM_ERROR", 1],
  ["a 502 of a proxy", { kind: "status", status: 502, body: "html" }, "UPSTREAM_UNAVAILABLE", 3],
  ["a 503", { kind: "status", status: 503, body: "empty" }, "UPSTREAM_UNAVAILABLE", 3],
  ["a 504", { kind: "status", status: 504 }, "UPSTREAM_UNAVAILABLE", 3],
];

test.each(faults)("%s is a coded, masked error", async (_name, effect, code, calls) => {
  const gateway = await startGateway({ env, spoilsAnswers: true });
  gateway.simulator.faults.add({ operation: "get-vms", effect });

  const failure = await failureOf(gateway);

  expect(failure.code).toBe(code);
  expect(failure.message).not.toContain("NullPointer");
  expect(gateway.simulator.calls.count("get-vms")).toBe(calls);
  gateway.simulator.faults.clear();
  expect((await gateway.query(oneCall)).errors).toBeUndefined();
});

test("a list whose rows are no objects is an error wherever it is read, not an object without a name", async () => {
  const gateway = await startGateway({ env, spoilsAnswers: true });
  const query =
    "{ vms(first: 2) { nodes { disks { volume { name } } snapshots { nodes { name } } host { name status } labels { value } } } }";
  for (const operation of ["get-vm-disks", "get-vm-snapshots", "get-hosts"]) {
    gateway.simulator.faults.add({ operation, effect: { kind: "huge", bytes: 10 } });
    const { data, errors } = await gateway.query(query);
    expect(errors?.[0], operation).toMatchObject({ extensions: { code: "UPSTREAM_ERROR" } });
    expect(JSON.stringify(data), operation).not.toContain('""');
    gateway.simulator.faults.clear();
  }
});

test("a redirect is not followed", async () => {
  let visits = 0;
  const elsewhere = createServer(() => {
    visits += 1;
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  const gateway = await startGateway({ env, spoilsAnswers: true });
  const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/v2/api/get-vms`;
  gateway.simulator.faults.add({ effect: { kind: "redirect", location } });

  expect(await failureOf(gateway)).toMatchObject({ code: "UPSTREAM_ERROR" });

  expect(visits).toBe(0);
  expect(gateway.simulator.calls.count()).toBe(1);
  elsewhere.close();
});

test("a refused connection is UPSTREAM_UNAVAILABLE, and the process is alive but not ready", async () => {
  const gateway = await startGateway({ env: { ...env, CLOUDTOWER_URL: `http://127.0.0.1:${await freePort()}` } });

  expect(await failureOf(gateway)).toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });

  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  const ready = await fetch(`${gateway.url}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.text()).not.toContain("127.0.0.1");
});

test("a failed relation nulls its fields, and the rest of the response has data", async () => {
  const gateway = await startGateway({ env, spoilsAnswers: true });
  gateway.simulator.faults.add({ operation: "get-vm-volumes", effect: { kind: "status", status: 500 } });

  const { data, errors } = await gateway.query<{ vms: { nodes: { name: string; disks: { volume: null }[] }[] } }>(
    "{ vms(first: 2) { nodes { name disks(type: DISK) { volume { sizeBytes } } } } }",
  );

  expect(data?.vms.nodes).toHaveLength(2);
  expect(data?.vms.nodes[0]?.disks[0]).toEqual({ volume: null });
  expect(new Set(errors?.map((error) => error.extensions?.code))).toEqual(new Set(["UPSTREAM_ERROR"]));
});

test("a read is retried after a short Retry-After", async () => {
  const gateway = await startGateway({ env: { ...env, OPERATION_TIMEOUT_SECONDS: "10" } });
  gateway.simulator.faults.add({ times: 1, effect: { kind: "status", status: 429, retryAfter: 1 } });
  const startedAt = performance.now();

  expect((await gateway.query(oneCall)).errors).toBeUndefined();

  expect(performance.now() - startedAt).toBeGreaterThan(950);
  expect(gateway.simulator.calls.count("get-vms")).toBe(2);
});

test.each([3, 86_400])(
  "a Retry-After of %i s that does not fit into the deadline fails immediately",
  async (retryAfter) => {
    const gateway = await startGateway({ env });
    gateway.simulator.faults.add({ effect: { kind: "status", status: 429, retryAfter } });

    // Waiting would end in UPSTREAM_TIMEOUT.
    expect((await failureOf(gateway)).code).toBe("RATE_LIMITED");
    expect(gateway.simulator.calls.count("get-vms")).toBe(1);
  },
);

test("a token that CloudTower echoes is not returned", async () => {
  const gateway = await startGateway({ env, spoilsAnswers: true });
  const message = `bad header Authorization: ${gateway.token}`;
  gateway.simulator.faults.add({ operation: "get-vms", effect: { kind: "status", status: 400, message } });

  expect(JSON.stringify(await gateway.query(oneCall))).not.toContain(gateway.token);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
