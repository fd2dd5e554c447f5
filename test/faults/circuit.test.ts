import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { oneCall, told, untilHealthy } from "./support/ask.js";

const env = { UPSTREAM_TIMEOUT_SECONDS: "1", OPERATION_TIMEOUT_SECONDS: "3", UPSTREAM_READ_ATTEMPTS: "1" };

/** As many queries at once, each of which calls CloudTower once; gives the codes they failed with. */
async function manyCodes(gateway: TestGateway, count: number): Promise<unknown[]> {
  const answers = await Promise.all(Array.from({ length: count }, (_, n) => gateway.query(distinct(n))));
  return answers.map(({ errors }) => errors?.[0]?.extensions?.code);
}

/** The same reads in flight would be one call. */
function distinct(n: number): string {
  return `{ vms(first: ${n + 1}) { nodes { id } } }`;
}

test.each([
  ["no answers", { kind: "hang" }],
  ["dying connections", { kind: "reset" }],
  ["the 503 of a proxy", { kind: "status", status: 503, body: "html" }],
] as const)(
  "after many faults (%s) calls fail fast, and within 10 s of the recovery they succeed",
  async (_, effect) => {
    const gateway = await startGateway({ env, spoilsAnswers: true });
    const { faults, calls } = gateway.simulator;
    faults.add({ effect });
    await manyCodes(gateway, 25);
    const before = calls.count("get-vms");

    const began = performance.now();
    const codes = await manyCodes(gateway, 100);

    expect(new Set(codes)).toEqual(new Set(["UPSTREAM_UNAVAILABLE"]));
    // Waiting for answers would take more than 3 s. A try whether CloudTower is back may fall into the time.
    expect(performance.now() - began).toBeLessThan(2_500);
    expect(calls.count("get-vms")).toBeLessThanOrEqual(before + 1);
    faults.clear();
    expect(await untilHealthy(gateway, 10)).toBeLessThan(6_000);
  },
);

test("what clients do wrong does not open it, nor do refusals of CloudTower", async () => {
  const gateway = await startGateway({ env });
  const { faults } = gateway.simulator;

  for (const status of [400, 401, 403, 404, 429, 500]) {
    faults.add({ operation: "get-vms", times: 25, effect: { kind: "status", status } });
    await manyCodes(gateway, 25);
  }
  const wrongToken = { authorization: "no-such-token" };
  await Promise.all(Array.from({ length: 25 }, (_, n) => gateway.query(distinct(n), {}, wrongToken)));

  expect((await gateway.query(oneCall)).errors).toBeUndefined();
});

test("clients that leave slow calls do not open it", async () => {
  const gateway = await startGateway({ env });
  const { faults, calls } = gateway.simulator;
  const remove = faults.add({ operation: "get-vms", effect: { kind: "hang" } });
  for (let round = 0; round < 25; round += 1) {
    const leave = new AbortController();
    const arrived = calls.next("get-vms");
    // Each asks for something else: the same read would join the one before until its leaving is noticed.
    const query = `{ vms(first: ${round + 1}) { nodes { name } } }`;
    const answer = fetch(`${gateway.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: gateway.simulator.users[0]?.token ?? "" },
      body: JSON.stringify({ query }),
      signal: leave.signal,
    });
    await arrived;
    leave.abort();
    await expect(answer).rejects.toThrow();
  }
  remove();

  expect((await gateway.query(oneCall)).errors).toBeUndefined();
});

test("a write is refused before it is sent while it is open", async () => {
  const gateway = await startGateway({ env, spoilsAnswers: true });
  const { faults, calls, control } = gateway.simulator;
  const vmId = control.rows("Vm", { name: "web-prod-01" })[0]?.id;
  faults.add({ effect: { kind: "reset" } });
  await manyCodes(gateway, 25);

  const took = await told(gateway, `mutation { createVmSnapshot(input: {vmId: "${vmId}", name: "s"}) { created } }`);

  expect(took.code).toBe("UPSTREAM_UNAVAILABLE");
  expect(calls.count("create-vm-snapshot")).toBe(0);
});

test("a CloudTower that knows no version is found again too", async () => {
  const gateway = await startGateway({ env, spoilsAnswers: true });
  const { faults } = gateway.simulator;
  faults.add({ operation: "get-version", effect: { kind: "reset" } });
  const remove = faults.add({ operation: "get-vms", effect: { kind: "reset" } });
  await manyCodes(gateway, 25);
  expect(await told(gateway)).toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
  remove();

  expect(await untilHealthy(gateway, 10)).toBeLessThan(8_000);
});
