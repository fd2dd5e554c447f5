import { expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.js";
import { startGateway, type TestGateway } from "../support/gateway.js";

const readyz = async ({ url }: TestGateway) => (await fetch(`${url}/readyz`)).status;

test("is ready without a credential: any response of CloudTower is enough, even a refusal", async () => {
  const gateway = await startGateway();
  gateway.simulator.control.revokeTokens();

  expect(await readyz(gateway)).toBe(200);
});

test("is not ready while CloudTower is down, and ready again when it is back at the same address", async () => {
  const gateway = await startGateway({ simulator: { vms: 2 } });
  const { port } = gateway.simulator;
  await gateway.simulator.stop();
  expect(await readyz(gateway)).toBe(503);

  const restarted = await startSimulator({ port, vms: 2 });
  try {
    await expect.poll(() => readyz(gateway), { timeout: 15_000 }).toBe(200);
  } finally {
    await restarted.stop();
  }
});

test("is alive whether or not CloudTower is", async () => {
  const gateway = await startGateway();
  await gateway.simulator.stop();

  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
});

test("UPSTREAM_UNAVAILABLE does not wait for the deadline while CloudTower is down, and fields without a call still have values", async () => {
  const gateway = await startGateway();
  await gateway.simulator.stop();

  const { data, errors } = await gateway.query("{ gateway { simulated } __typename vms { nodes { id } } }");

  expect(data).toEqual({ gateway: { simulated: false }, __typename: "Query", vms: null });
  expect(errors).toMatchObject([{ path: ["vms"], extensions: { code: "UPSTREAM_UNAVAILABLE" } }]);
  expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|ECONN|stack/);
});

test("UPSTREAM_TIMEOUT comes at the deadline of the operation while CloudTower hangs", async () => {
  const gateway = await startGateway({ env: { OPERATION_TIMEOUT_SECONDS: "1" } });
  gateway.simulator.faults.add({ operation: "get-vms", effect: { kind: "hang" } });

  const { errors } = await gateway.query("{ vms { nodes { id } } }");

  // The deadline of a call would be 30 s.
  const message = expect.stringMatching(/\b1 s\b/);
  expect(errors).toMatchObject([{ message, path: ["vms"], extensions: { code: "UPSTREAM_TIMEOUT" } }]);
});
