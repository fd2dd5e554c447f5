import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { oneCall, until } from "./support/failures.js";

const chain = "{ vms(first: 3) { nodes { disks { volume { lun { name } } } } } }";

test("when an HTTP client leaves, its reads are cancelled and no further ones are sent", async () => {
  const gateway = await startGateway({ spoilsAnswers: true });
  const { faults, calls } = gateway.simulator;
  faults.add({ operation: "get-vm-disks", effect: { kind: "hang" } });

  const { response, abort } = gateway.abortable(chain);
  await until(() => calls.count("get-vm-disks") === 1, "a read of the disks");
  abort();
  await expect(response).rejects.toThrow();

  await until(() => calls.inFlight === 0, "no call in flight");
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
  await until(() => calls.count("get-vms") === 1, "a read of the VMs");
  leave();

  await until(() => calls.inFlight === 0, "no call in flight");
});

test("an operation that is retrying its reads stops when its client leaves", async () => {
  const gateway = await startGateway({ env: { UPSTREAM_READ_ATTEMPTS: "10" } });
  const { faults, calls } = gateway.simulator;
  faults.add({ operation: "get-vms", effect: { kind: "status", status: 429, retryAfter: 1 } });

  const { response, abort } = gateway.abortable(oneCall);
  await until(() => calls.count("get-vms") === 1, "the first attempt");
  abort();
  await expect(response).rejects.toThrow();

  faults.clear();
  calls.clear();
  expect((await gateway.query("{ hosts(first: 1) { nodes { id } } }")).errors).toBeUndefined();
  expect(calls.count("get-vms")).toBe(0);
});
