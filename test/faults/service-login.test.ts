import { expect, test } from "vitest";
import { captureLog } from "../support/captured-log.js";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { oneCall } from "./support/failures.js";

const account = { CLOUDTOWER_USERNAME: "admin", CLOUDTOWER_PASSWORD: "admin-pass" };
const service = { AUTH_MODE: "service", API_KEYS: "key-of-a-backup-product,another-key" };
const key = { authorization: "Bearer key-of-a-backup-product" };

function manyQueries(gateway: TestGateway, count: number) {
  const queries = Array.from({ length: count }, (_, n) => `{ vms(first: ${n + 1}) { nodes { id } } }`);
  return Promise.all(queries.map((query) => gateway.query(query, {}, key)));
}

test("concurrent queries share one login, and one more when the token is revoked", async () => {
  const gateway = await startGateway({ env: { ...service, ...account } });

  for (const { errors } of await manyQueries(gateway, 20)) expect(errors).toBeUndefined();
  expect(gateway.simulator.calls.count("login")).toBe(1);

  gateway.simulator.control.revokeTokens();
  for (const { errors } of await manyQueries(gateway, 20)) expect(errors).toBeUndefined();
  expect(gateway.simulator.calls.count("login")).toBe(2);
});

test("without a valid API key CloudTower is not called", async () => {
  const gateway = await startGateway({ env: { ...service, ...account } });

  for (const headers of [{ authorization: "" }, { authorization: "wrong" }, { authorization: "Bearer " }]) {
    const { errors } = await gateway.query(oneCall, {}, headers);
    expect(errors?.[0]?.extensions?.code).toBe("UNAUTHENTICATED");
  }

  expect(gateway.simulator.calls.count()).toBe(0);
});

test("a refused login is UPSTREAM_ERROR, and is not repeated immediately", async () => {
  const gateway = await startGateway({ env: { ...service, ...account, CLOUDTOWER_PASSWORD: "wrong-password" } });

  for (let round = 0; round < 3; round += 1) {
    const { errors } = await gateway.query(oneCall, {}, key);
    expect(errors?.[0]?.extensions?.code).toBe("UPSTREAM_ERROR");
    expect(JSON.stringify(errors)).not.toContain("wrong-password");
  }

  expect(gateway.simulator.calls.count("login")).toBe(1);
});

test("a revoked token is replaced by a login if there is an account", async () => {
  const gateway = await startGateway({ env: { ...service, ...account, CLOUDTOWER_TOKEN: "revoked-long-ago" } });

  expect((await gateway.query(oneCall, {}, key)).errors).toBeUndefined();

  expect(gateway.simulator.calls.count("login")).toBe(1);
});

test("a login that failed on a fault is repeated by the next query", async () => {
  const gateway = await startGateway({ env: { ...service, ...account, UPSTREAM_READ_ATTEMPTS: "1" } });
  gateway.simulator.faults.add({ operation: "login", times: 1, effect: { kind: "reset" } });

  expect((await gateway.query(oneCall, {}, key)).errors?.[0]?.extensions?.code).toBe("UPSTREAM_UNAVAILABLE");
  expect((await gateway.query(oneCall, {}, key)).errors).toBeUndefined();
});

test("an account of a directory logs in with the directory's id", async () => {
  const env = { ...service, CLOUDTOWER_USERNAME: "auditor", CLOUDTOWER_PASSWORD: "auditor-pass" };
  const directory = { CLOUDTOWER_SOURCE: "AUTHN", CLOUDTOWER_AUTH_CONFIG_ID: "clrdirectory00000822simulat" };
  const gateway = await startGateway({ env: { ...env, ...directory } });

  expect((await gateway.query(oneCall, {}, key)).errors).toBeUndefined();
});

async function readyz({ url }: TestGateway): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test("a proxy's 404 while CloudTower restarts is a warning and a reason of /readyz until the next login, not a reason to restart", async () => {
  const log = captureLog("info");
  const gateway = await startGateway({ env: { ...service, ...account }, logger: log.logger, spoilsAnswers: true });
  gateway.simulator.faults.add({ operation: "login", times: 1, effect: { kind: "status", status: 404, body: "html" } });

  for (let round = 0; round < 2; round += 1) {
    for (const { errors } of await manyQueries(gateway, 3)) {
      expect(errors?.[0]?.extensions?.code).toBe("UPSTREAM_UNAVAILABLE");
      expect(JSON.stringify(errors)).not.toMatch(/html|127\.0\.0\.1/);
    }
  }
  expect(gateway.simulator.calls.count("login")).toBe(1);
  expect(await readyz(gateway)).toEqual({
    status: 503,
    body: {
      status: "not ready",
      reason: expect.stringMatching(/^CloudTower refuses the gateway's login \(HTTP 404\): .*check CloudTower/),
    },
  });

  // Without traffic: the check itself logs in, after the pause.
  await expect.poll(() => readyz(gateway), { timeout: 15_000 }).toEqual({ status: 200, body: { status: "ready" } });
  expect((await gateway.query(oneCall, {}, key)).errors).toBeUndefined();
  expect(gateway.simulator.calls.count("login")).toBe(2);
  const changes = log.lines.filter(({ msg }) => msg !== "operation" && msg !== "refused");
  expect(changes).toMatchObject([
    { level: 40, msg: expect.stringContaining("login (HTTP 404): "), cause: expect.stringContaining("404") },
    { level: 30, msg: "CloudTower accepts the gateway's credential again" },
  ]);
});

test("/readyz fails before the first query if the password is wrong, and reveals neither it nor the user", async () => {
  const gateway = await startGateway({ env: { ...service, ...account, CLOUDTOWER_PASSWORD: "wrong-password" } });

  const { status, body } = await readyz(gateway);

  expect([status, body]).toEqual([
    503,
    {
      status: "not ready",
      reason: expect.stringMatching(/^CloudTower refuses the gateway's login \(HTTP 400\): check CLOUDTOWER_USERNAME/),
    },
  ]);
});

test("a configured token that is revoked while operations run is a service problem, over every transport and for writes", async () => {
  const env = { ...service, CLOUDTOWER_TOKEN: "revoked-long-ago" };
  const log = captureLog("warn");
  const gateway = await startGateway({ env, logger: log.logger });
  const write = `mutation { createVmSnapshot(input: {vmId: "cl0000000000000000000000v", name: "s"}) { created errors { code } } }`;

  for (const operation of [oneCall, write]) {
    const result = await gateway.query(operation, {}, key);
    expect(JSON.stringify(result)).toContain("UPSTREAM_ERROR");
    expect(JSON.stringify(result)).not.toMatch(/UNAUTHENTICATED|revoked-long-ago/);
  }
  const socket = gateway.socket({ Authorization: "key-of-a-backup-product" });
  const results = socket.iterate({ query: oneCall });
  expect(await results.next()).toMatchObject({
    value: { errors: [{ extensions: { code: "UPSTREAM_ERROR" } }] },
  });
  expect((await readyz(gateway)).body.reason).toContain("CLOUDTOWER_TOKEN");
  expect(log.lines).toMatchObject([{ level: 40, msg: expect.stringContaining("CLOUDTOWER_TOKEN") }]);
});
