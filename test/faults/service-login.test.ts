import { expect, test } from "vitest";
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
