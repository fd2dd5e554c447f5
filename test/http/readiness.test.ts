import { expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.js";
import { startGateway, type TestGateway } from "../support/gateway.js";

const readyz = async ({ url }: TestGateway) => (await fetch(`${url}/readyz`)).status;

test("is ready without a credential: an answer of CloudTower is enough, also one that refuses", async () => {
  const gateway = await startGateway();
  gateway.simulator.control.revokeTokens();

  expect(await readyz(gateway)).toBe(200);
});

test("is not ready while CloudTower is down, and ready again when it is back at the same address", async () => {
  const gateway = await startGateway({ simulator: { vms: 2 } });
  const { port } = gateway.simulator;
  await gateway.simulator.stop();
  expect(await readyz(gateway)).toBe(503);

  const again = await startSimulator({ port, vms: 2 });
  try {
    await expect.poll(() => readyz(gateway), { timeout: 15_000 }).toBe(200);
  } finally {
    await again.stop();
  }
});

test("is alive whether or not CloudTower is", async () => {
  const gateway = await startGateway();
  await gateway.simulator.stop();

  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
});

test("answers UPSTREAM_UNAVAILABLE within seconds while CloudTower is down, and what needs none as always", async () => {
  const gateway = await startGateway();
  await gateway.simulator.stop();
  const begin = performance.now();

  const { data, errors } = await gateway.query("{ gateway { simulated } __typename vms { nodes { id } } }");

  expect(performance.now() - begin).toBeLessThan(5_000);
  expect(data).toEqual({ gateway: { simulated: false }, __typename: "Query", vms: null });
  expect(errors).toMatchObject([{ path: ["vms"], extensions: { code: "UPSTREAM_UNAVAILABLE" } }]);
  expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|ECONN|stack/);
});

test("answers UPSTREAM_TIMEOUT when the operation's time is over, while CloudTower hangs", async () => {
  const gateway = await startGateway({ env: { OPERATION_TIMEOUT_SECONDS: "1" } });
  gateway.simulator.faults.add({ operation: "get-vms", effect: { kind: "hang" } });
  const begin = performance.now();

  const { errors } = await gateway.query("{ vms { nodes { id } } }");

  expect(performance.now() - begin).toBeLessThan(3_000);
  expect(errors).toMatchObject([{ path: ["vms"], extensions: { code: "UPSTREAM_TIMEOUT" } }]);
});
