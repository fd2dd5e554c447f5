import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { holdCalls, oneCall, until } from "./support/failures.js";

const vms = (n: number) => `{ vms(first: ${n}) { nodes { id } } }`;

/** Clients whose calls are on all four connections, while more of them wait. */
async function takeAllConnections(gateway: TestGateway): Promise<() => Promise<unknown>> {
  const release = holdCalls(gateway, "get-vms");
  const queries = gateway.simulator.users.slice(0, 3).flatMap(({ token }) => {
    return [1, 2, 3].map((n) => gateway.query(vms(n), {}, { authorization: token }));
  });
  await until(() => gateway.app.upstream.client.state.inFlight === 4, "calls on all connections");
  return () => {
    release();
    return Promise.all(queries);
  };
}

test("the gateway stays ready while clients' slow calls take all connections", async () => {
  const gateway = await startGateway({ env: { UPSTREAM_CONNECTIONS: "4" } });
  const release = await takeAllConnections(gateway);

  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);

  expect(gateway.app.upstream.client.state).toMatchObject({ inFlight: 4, circuit: "closed" });
  await release();
});

test("CloudTower's version can be read while clients' slow calls take all connections, with one call for all its readers", async () => {
  const gateway = await startGateway({ env: { UPSTREAM_CONNECTIONS: "4" } });
  const release = await takeAllConnections(gateway);

  const aliases = Array.from({ length: 50 }, (_, n) => `v${n}: upstreamVersion`).join(" ");
  const { data, errors } = await gateway.query<{ gateway: Record<string, string> }>(`{ gateway { ${aliases} } }`);

  expect(errors).toBeUndefined();
  expect(gateway.simulator.calls.count("get-version")).toBe(1);
  expect(Object.values(data?.gateway ?? {})).toEqual(Array(50).fill(await gateway.app.upstream.version()));
  await release();
});

test("the gateway can log in while clients' slow calls take all connections", async () => {
  const account = { CLOUDTOWER_TOKEN: "expired", CLOUDTOWER_USERNAME: "admin", CLOUDTOWER_PASSWORD: "admin-pass" };
  const env = { ...account, AUTH_MODE: "service", API_KEYS: "key-a,key-b,key-c", UPSTREAM_CONNECTIONS: "2" };
  const gateway = await startGateway({ env });
  const { calls } = gateway.simulator;
  const [release, releaseHosts] = [holdCalls(gateway, "get-vms"), holdCalls(gateway, "get-hosts")];

  const first = gateway.query(oneCall, {}, { authorization: "Bearer key-a" });
  const refused = gateway.query("{ hosts(first: 1) { nodes { id } } }", {}, { authorization: "Bearer key-b" });
  await until(() => calls.inFlight === 2, "calls on both connections");
  const waiting = gateway.query(vms(7), {}, { authorization: "Bearer key-c" });
  await until(() => gateway.app.upstream.client.state.queued === 1, "a waiting call");
  // CloudTower does not accept the token, and the waiting call takes the connection.
  releaseHosts();
  await until(() => calls.count("login") === 1, "the login");
  expect(calls.count("get-vms")).toBe(2);
  release();

  for (const { errors } of await Promise.all([first, refused, waiting])) expect(errors).toBeUndefined();
});
