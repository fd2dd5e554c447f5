import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { oneCall, until } from "./support/ask.js";

const chain = "{ vms(first: 3) { nodes { disks { volume { lun { name } } } } } }";

/** Sends a query over HTTP; the function makes its client leave. */
function asked(gateway: TestGateway, query: string) {
  const leaving = new AbortController();
  const answer = fetch(`${gateway.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: gateway.simulator.users[0]?.token ?? "" },
    body: JSON.stringify({ query }),
    signal: leaving.signal,
  });
  return { answer, leave: () => leaving.abort() };
}

test("when an HTTP client leaves, its reads are cancelled and no further ones are sent", async () => {
  const gateway = await startGateway({ spoilsAnswers: true });
  const { faults, calls } = gateway.simulator;
  faults.add({ operation: "get-vm-disks", effect: { kind: "hang" } });

  const { answer, leave } = asked(gateway, chain);
  await until(() => calls.count("get-vm-disks") === 1, "the disks being asked for");
  leave();
  await expect(answer).rejects.toThrow();

  await until(() => calls.inFlight === 0, "no call under way");
  faults.clear();
  expect((await gateway.query(oneCall)).errors).toBeUndefined();
  expect(calls.count("get-iscsi-luns")).toBe(0);
});

test("when a WebSocket client ends its query, its reads are cancelled", async () => {
  const gateway = await startGateway({ spoilsAnswers: true });
  const { faults, calls } = gateway.simulator;
  faults.add({ operation: "get-vms", effect: { kind: "hang" } });
  const sink = { next() {}, error() {}, complete() {} };

  const leave = gateway.socket().subscribe({ query: oneCall }, sink);
  await until(() => calls.count("get-vms") === 1, "the VMs being asked for");
  leave();

  await until(() => calls.inFlight === 0, "no call under way");
});

test("an operation that is repeating its reads stops when its client leaves", async () => {
  const gateway = await startGateway({ env: { UPSTREAM_READ_ATTEMPTS: "10" } });
  const { faults, calls } = gateway.simulator;
  faults.add({ operation: "get-vms", effect: { kind: "status", status: 429, retryAfter: 1 } });

  const { answer, leave } = asked(gateway, oneCall);
  await until(() => calls.count("get-vms") === 1, "the first try");
  leave();
  await expect(answer).rejects.toThrow();

  faults.clear();
  calls.clear();
  expect((await gateway.query("{ hosts(first: 1) { nodes { id } } }")).errors).toBeUndefined();
  expect(calls.count("get-vms")).toBe(0);
});
