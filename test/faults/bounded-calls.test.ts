import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { holdCalls, until } from "./support/failures.js";

test("a client's calls beyond its share of the connections are queued, and those beyond the queue are refused immediately", async () => {
  const gateway = await startGateway({ env: { UPSTREAM_CONNECTIONS: "4", UPSTREAM_QUEUE: "6" } });
  const { calls } = gateway.simulator;
  const release = holdCalls(gateway, "get-vms");

  const codes: unknown[] = [];
  const queries = Array.from({ length: 15 }, async (_, n) => {
    const { errors } = await gateway.query(`{ vms(first: ${n + 1}) { nodes { id } } }`);
    codes.push(errors?.[0]?.extensions?.code);
  });
  await until(() => codes.length === 6, "six refusals");
  await until(() => calls.inFlight === 3, "three calls in flight");
  release();
  await Promise.all(queries);

  expect(codes.slice(0, 6)).toEqual(Array(6).fill("RATE_LIMITED"));
  expect(codes.slice(6)).toEqual(Array(9).fill(undefined));
  expect(calls.maxInFlight).toBe(3);
});

test("a newcomer finds a connection although all calls of another client hang, and a place although they fill the queue", async () => {
  const gateway = await startGateway({ env: { UPSTREAM_CONNECTIONS: "8", UPSTREAM_QUEUE: "10" } });
  const { calls, users } = gateway.simulator;
  const release = holdCalls(gateway, "get-vms");
  const hostile = Array.from({ length: 17 }, (_, n) => gateway.query(`{ vms(first: ${n + 1}) { nodes { id } } }`));
  await until(() => gateway.app.upstream.client.state.queued === 10, "a full queue");

  const viewer = { authorization: users.find(({ username }) => username === "viewer")?.token ?? "" };
  const single = await gateway.query("{ hosts(first: 1) { nodes { id } } }", {}, viewer);
  expect(single.errors).toBeUndefined();
  const both = [1, 2].map((n) => gateway.query(`{ vms(first: ${n}) { nodes { id } } }`, {}, viewer));
  await until(() => calls.inFlight === 8, "a call of the newcomer in flight");
  await until(() => gateway.app.upstream.client.state.queued === 10, "its second call in the queue");
  release();

  for (const { errors } of await Promise.all(both)) expect(errors).toBeUndefined();
  const refused = (await Promise.all(hostile)).flatMap(({ errors }) => errors ?? []);
  expect(refused).toMatchObject([
    { message: expect.stringContaining("at most 10 (UPSTREAM_QUEUE)"), extensions: { code: "RATE_LIMITED" } },
  ]);
});
