import { expect, test } from "vitest";
import { hold } from "../support/hold.js";
import { Client } from "./support/client.js";

test("a status fault sends its status, body and headers for the next calls of one endpoint", async () => {
  const client = await Client.open({ vms: 1 });
  const effect = { kind: "status", status: 503, body: "html", retryAfter: 7 } as const;
  client.simulator.faults.add({ operation: "get-vms", times: 2, effect });
  const response = await client.send("get-vms");
  expect(response.status).toBe(503);
  expect(response.text).toMatch(/^<html>/);
  expect(response.headers.get("retry-after")).toBe("7");
  expect((await client.send("get-hosts")).status).toBe(200);
  expect((await client.send("get-vms")).status).toBe(503);
  expect((await client.send("get-vms")).status).toBe(200);
});

test("a fault skips calls, matches bodies, and is removed by the returned function", async () => {
  const client = await Client.open({ vms: 1 });
  const { faults } = client.simulator;
  const match = (body: unknown) => (body as { first?: number }).first === 5;
  const remove = faults.add({
    operation: /^get-/,
    skip: 1,
    match,
    effect: { kind: "status", status: 500, message: "boom" },
  });
  expect((await client.send("get-vms", { first: 4 })).status).toBe(200);
  expect((await client.send("get-vms", { first: 5 })).status).toBe(200);
  expect(await client.refused("get-hosts", { first: 5 })).toEqual({ status: 500, message: "boom" });
  remove();
  remove();
  expect((await client.send("get-hosts", { first: 5 })).status).toBe(200);
});

test.each([{ when: "before-body" }, { when: "after-body" }] as const)(
  "a reset %j closes the connection, and the endpoint is not run",
  async ({ when }) => {
    const client = await Client.open();
    const vm = await client.vm("web-prod-01");
    client.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: { kind: "reset", when } });
    const before = await client.post("get-vm-snapshots-connection");
    await expect(client.snapshot(vm, "s")).rejects.toThrow();
    expect(await client.post("get-vm-snapshots-connection")).toEqual(before);
    expect(client.simulator.calls.count("create-vm-snapshot")).toBe(1);
  },
);

test("a lost-answer fault runs the endpoint, then closes the connection", async () => {
  const client = await Client.open();
  const vm = await client.vm("web-prod-01");
  client.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: { kind: "lost-answer" } });
  await expect(client.snapshot(vm, "s")).rejects.toThrow();
  expect(await client.list("VmSnapshot", "vm-snapshots", { where: { vm: { id: vm.id }, name: "s" } })).toHaveLength(1);
});

test("a hanging call is open until the simulator stops", async () => {
  const client = await Client.open({ vms: 1 });
  client.simulator.faults.add({ operation: "get-vms", effect: { kind: "hang" } });
  const arrived = client.simulator.calls.next("get-vms");
  const hanging = client.send("get-vms");
  const failed = expect(hanging).rejects.toThrow();
  await arrived;
  expect(client.simulator.calls.inFlight).toBe(1);
  await client.simulator.stop();
  await failed;
});

test("a hold fault delays the response until its promise resolves", async () => {
  const client = await Client.open({ vms: 1 });
  const { released, release } = hold();
  client.simulator.faults.add({ times: 3, effect: { kind: "hold", until: released } });
  const arrived = client.simulator.calls.next("get-tasks");
  const calls = ["get-vms", "get-hosts", "get-tasks"].map((endpoint) => client.send(endpoint));
  await arrived;
  release();
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(client.simulator.calls.maxInFlight).toBe(3);
});

test("responses are truncated, slow, huge, redirects or malformed", async () => {
  const client = await Client.open({ vms: 3 });
  const { faults } = client.simulator;
  const whole = (await client.send("get-vms")).text;
  faults.add({ times: 1, effect: { kind: "truncated" } });
  await expect(client.send("get-vms")).rejects.toThrow();
  faults.add({ times: 1, effect: { kind: "drip", bytes: 2000, everyMs: 1 } });
  expect((await client.send("get-vms")).text).toBe(whole);
  faults.add({ times: 1, effect: { kind: "huge", bytes: 100_000 } });
  expect((await client.send("get-vms")).text).toHaveLength(100_004);
  faults.add({ times: 1, effect: { kind: "redirect", location: "http://127.0.0.1:1/" } });
  expect((await client.send("get-vms")).status).toBe(302);
  faults.add({ times: 1, effect: { kind: "malformed" } });
  expect(() => JSON.parse(whole)).not.toThrow();
  const { text } = await client.send("get-vms");
  expect(() => JSON.parse(text)).toThrow();
});

test("a fault without an effect only delays", async () => {
  const client = await Client.open({ vms: 1 });
  client.simulator.faults.add({ operation: "get-vms", latencyMs: 40 });
  const before = performance.now();
  expect((await client.send("get-vms")).status).toBe(200);
  expect(performance.now() - before).toBeGreaterThanOrEqual(39);
});

test("calls are counted by endpoint and logged with body, token and status", async () => {
  const client = await Client.open({ vms: 1 });
  await client.send("get-vms", { first: 1 });
  await client.refused("get-vms", { first: -1 });
  const { calls } = client.simulator;
  expect(calls.counts).toEqual({ "get-vms": 2 });
  expect(calls.of("get-vms").map(({ body, status }) => [body, status])).toEqual([
    [{ first: 1 }, 200],
    [{ first: -1 }, 400],
  ]);
  expect(calls.all[0]?.token).toBe(client.token());
  calls.clear();
  expect(calls.count()).toBe(0);
});

test("onExchange gets every request with its response", async () => {
  const seen: unknown[] = [];
  const client = await Client.open({ vms: 1, onExchange: (exchange) => seen.push(exchange) });
  await client.send("get-vms-connection", { where: { in_recycle_bin: false } });
  expect(seen).toEqual([
    {
      endpoint: "get-vms-connection",
      method: "POST",
      path: "/get-vms-connection",
      headers: expect.objectContaining({ authorization: client.token() }),
      requestBody: { where: { in_recycle_bin: false } },
      status: 200,
      responseBody: { aggregate: { count: 1 } },
      responseHeaders: expect.objectContaining({ "x-tower-request-id": expect.any(String) }),
    },
  ]);
});

test("a fault applies with its probability", async () => {
  const client = await Client.open({ vms: 1 });
  client.simulator.faults.add({ chance: 0, effect: { kind: "status", status: 500 } });
  expect((await client.send("get-vms")).status).toBe(200);
  client.simulator.faults.add({ chance: 1, effect: { kind: "status", status: 500 } });
  expect((await client.send("get-vms")).status).toBe(500);
});

test.each([{ times: 0 }, { skip: -1 }, { latencyMs: -5 }, { chance: 2 }])(
  "throws a RangeError for a fault with %j",
  async (fault) => {
    const client = await Client.open({ vms: 1 });
    expect(() => client.simulator.faults.add(fault)).toThrow(RangeError);
  },
);
