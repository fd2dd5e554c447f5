import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { failureOf, oneCall, untilHealthy, untilOpen } from "./support/failures.js";

const env = { UPSTREAM_TIMEOUT_SECONDS: "1", OPERATION_TIMEOUT_SECONDS: "3", UPSTREAM_READ_ATTEMPTS: "1" };

/** Runs concurrent queries with one upstream call each. @returns the codes that they failed with. */
async function codesOf(gateway: TestGateway, count: number): Promise<unknown[]> {
  const responses = await Promise.all(Array.from({ length: count }, (_, n) => gateway.query(query(n))));
  return responses.map(({ errors }) => errors?.[0]?.extensions?.code);
}

/** A query for each number; identical reads in flight would be one call. */
function query(n: number): string {
  return `{ vms(first: ${n + 1}) { nodes { id } } }`;
}

test.each([
  ["no response", { kind: "hang" }, "CloudTower does not respond: "],
  ["lost connections", { kind: "reset" }, "CloudTower closes the connection without a response: "],
  ["a proxy's 503", { kind: "status", status: 503, body: "html" }, "A proxy responds for CloudTower with HTTP 503: "],
] as const)(
  "without a sign of life (%s) calls fail fast and /readyz gives the reason, and both succeed again after the recovery",
  async (_, effect, reason) => {
    const gateway = await startGateway({ env, spoilsAnswers: true });
    const { faults, calls } = gateway.simulator;
    faults.add({ effect });
    await untilOpen(gateway);
    const readyz = await fetch(`${gateway.url}/readyz`);
    expect([readyz.status, await readyz.json()]).toEqual([
      503,
      { status: "not ready", reason: expect.stringContaining(reason) },
    ]);
    const before = calls.count("get-vms");

    const codes = await codesOf(gateway, 100);

    expect(new Set(codes)).toEqual(new Set(["UPSTREAM_UNAVAILABLE"]));
    // Waiting for responses would be calls, and UPSTREAM_TIMEOUT. One call may be a probe.
    expect(calls.count("get-vms")).toBeLessThanOrEqual(before + 1);
    faults.clear();
    // How long that takes is a matter of the circuit's clock: see circuit-breaker.test.ts.
    await untilHealthy(gateway);
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
  },
);

test("rounds of simultaneous timeouts do not open the circuit while CloudTower responds to pings", async () => {
  const gateway = await startGateway({ env });
  const { faults, calls } = gateway.simulator;
  faults.add({ operation: "get-vms", effect: { kind: "hang" } });

  for (let round = 0; round < 5; round += 1) {
    expect(await codesOf(gateway, 25)).toEqual(Array(25).fill("UPSTREAM_TIMEOUT"));
  }

  expect(calls.count("get-version")).toBeGreaterThan(0);
  expect(gateway.app.upstream.client.state.circuit).toBe("closed");
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
  expect((await gateway.query("{ hosts(first: 1) { nodes { id } } }")).errors).toBeUndefined();
});

test("neither clients' mistakes nor CloudTower's refusals open the circuit", async () => {
  const gateway = await startGateway({ env });
  const { faults } = gateway.simulator;

  for (const status of [400, 401, 403, 404, 429, 500]) {
    faults.add({ operation: "get-vms", times: 25, effect: { kind: "status", status } });
    await codesOf(gateway, 25);
  }
  const wrongToken = { authorization: "no-such-token" };
  await Promise.all(Array.from({ length: 25 }, (_, n) => gateway.query(query(n), {}, wrongToken)));

  expect((await gateway.query(oneCall)).errors).toBeUndefined();
});

test("clients that abort slow calls do not open the circuit", async () => {
  const gateway = await startGateway({ env });
  const { faults, calls } = gateway.simulator;
  const remove = faults.add({ operation: "get-vms", effect: { kind: "hang" } });
  for (let round = 0; round < 25; round += 1) {
    const arrived = calls.next("get-vms");
    // Distinct queries: an identical read would join the previous one until its client's abort is noticed.
    const { response, abort } = gateway.abortable(query(round));
    await arrived;
    abort();
    await expect(response).rejects.toThrow();
  }
  remove();

  expect((await gateway.query(oneCall)).errors).toBeUndefined();
});

test("a write is not sent while the circuit is open", async () => {
  const gateway = await startGateway({ env, spoilsAnswers: true });
  const { faults, calls, control } = gateway.simulator;
  const vmId = control.rows("Vm", { name: "web-prod-01" })[0]?.id;
  faults.add({ effect: { kind: "reset" } });
  await untilOpen(gateway);

  const failure = await failureOf(
    gateway,
    `mutation { createVmSnapshot(input: {vmId: "${vmId}", name: "s"}) { created } }`,
  );

  expect(failure.code).toBe("UPSTREAM_UNAVAILABLE");
  expect(calls.count("create-vm-snapshot")).toBe(0);
});

test("the circuit closes again even if CloudTower has no get-version", async () => {
  const gateway = await startGateway({ env, spoilsAnswers: true });
  const { faults } = gateway.simulator;
  faults.add({ operation: "get-version", effect: { kind: "reset" } });
  const remove = faults.add({ operation: "get-vms", effect: { kind: "reset" } });
  await untilOpen(gateway);
  expect(await failureOf(gateway)).toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
  remove();

  await untilHealthy(gateway);
  expect(gateway.app.upstream.client.state.circuit).toBe("closed");
});
