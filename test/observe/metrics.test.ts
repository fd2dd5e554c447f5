import { expect, test } from "vitest";
import { oneCall, until, untilOpen } from "../faults/support/failures.js";
import { clientsFile } from "../support/clients-file.js";
import { startGateway, type TestGateway } from "../support/gateway.js";

/** Value of a metric by its name and labels in the format of Prometheus; 0 if there is none. */
async function metric({ url }: TestGateway, name: string): Promise<number> {
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get("content-type")).toContain("text/plain");
  const line = (await response.text()).split("\n").find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? 0);
}

test("counts operations, errors and refusals", async () => {
  const gateway = await startGateway({ spoilsAnswers: true });
  gateway.simulator.faults.add({ operation: "get-hosts", effect: { kind: "status", status: 500 } });

  await gateway.query(oneCall);
  await gateway.query("{ hosts(first: 1) { nodes { id } } }");
  await gateway.query("{ nothing }");

  const operations = (outcome: string) =>
    metric(gateway, `towerql_operations_total{transport="http",type="query",outcome="${outcome}"}`);
  expect(await operations("ok")).toBe(1);
  expect(await operations("errors")).toBe(1);
  expect(await metric(gateway, 'towerql_errors_total{code="UPSTREAM_ERROR"}')).toBe(1);
  expect(await metric(gateway, 'towerql_refused_total{code="GRAPHQL_VALIDATION_FAILED"}')).toBe(1);
  expect(await metric(gateway, 'towerql_operation_seconds_count{type="query"}')).toBe(2);
});

test("counts and times calls to CloudTower by endpoint", async () => {
  const gateway = await startGateway({ spoilsAnswers: true });
  gateway.simulator.faults.add({ operation: "get-vms", times: 1, effect: { kind: "status", status: 503 } });
  gateway.simulator.faults.add({ operation: "get-vms", times: 1, effect: { kind: "reset" } });

  expect((await gateway.query(oneCall)).errors).toBeUndefined();

  const calls = (outcome: string) =>
    metric(gateway, `towerql_upstream_calls_total{endpoint="get-vms",outcome="${outcome}"}`);
  expect([await calls("503"), await calls("unanswered"), await calls("200")]).toEqual([1, 1, 1]);
  expect(await metric(gateway, 'towerql_upstream_call_seconds_count{endpoint="get-vms"}')).toBe(3);
});

test("shows the current watchers, calls in flight and circuit state", async () => {
  const gateway = await startGateway({ env: { UPSTREAM_READ_ATTEMPTS: "1" }, spoilsAnswers: true });
  const { control, faults } = gateway.simulator;
  expect(await metric(gateway, "towerql_upstream_circuit_state")).toBe(0);
  const id = control.insert("Task", { status: "EXECUTING" });
  const sink = { next() {}, error() {}, complete() {} };
  const query = `subscription { taskProgress(taskId: "${id}") { status } }`;
  const stop = gateway.socket().subscribe({ query }, sink);
  await until(() => gateway.simulator.calls.count("get-tasks") > 0, "a poll");
  expect(await metric(gateway, "towerql_task_watchers")).toBe(1);
  stop();

  faults.add({ operation: "get-vms", effect: { kind: "reset" } });
  faults.add({ operation: "get-version", effect: { kind: "reset" } });
  await untilOpen(gateway);
  expect(await metric(gateway, "towerql_upstream_circuit_state")).toBe(2);
  expect(await metric(gateway, "towerql_upstream_calls_under_way")).toBe(0);
  expect(await metric(gateway, "nodejs_eventloop_lag_seconds")).toBeGreaterThanOrEqual(0);
});

test("nothing that a client chooses becomes a label", async () => {
  const gateway = await startGateway();

  await gateway.query("query ChosenByAClient { vms(first: 1) { nodes { id } } }");

  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(text).not.toMatch(/ChosenByAClient|admin/);
});

test("METRICS=false removes /metrics", async () => {
  const gateway = await startGateway({ env: { METRICS: "false" } });

  expect((await fetch(`${gateway.url}/metrics`)).status).toBe(404);
});

test("shows what clients have open against its limits, what each has spent, how late events are, and the version", async () => {
  const { env } = clientsFile([
    { name: "nightly", role: "backup" },
    { name: "portal", role: "read" },
  ]);
  const gateway = await startGateway({ env: { ...env, MAX_WEBSOCKETS: "7" }, spoilsAnswers: true });
  for (const [authorization, first] of [
    ["nightly", 3],
    ["portal", 1],
    ["unknown", 1],
  ] as const) {
    await gateway.query(`{ vms(first: ${first}) { nodes { id } } }`, {}, { authorization });
  }
  const socket = gateway.socket({ Authorization: "portal" });
  const sink = { next() {}, error() {}, complete() {} };
  const stops = [1, 2].map(() => socket.subscribe({ query: "subscription { taskEvents { taskId } }" }, sink));
  await expect.poll(() => metric(gateway, "towerql_subscriptions")).toBe(2);

  expect(await metric(gateway, `towerql_build_info{version="0.1.0",node="${process.version.slice(1)}"}`)).toBe(1);
  expect(await metric(gateway, 'towerql_open{what="websockets"}')).toBe(1);
  expect(await metric(gateway, 'towerql_open{what="connections"}')).toBeGreaterThanOrEqual(2);
  expect(await metric(gateway, 'towerql_open{what="subscriptions_of_one_client"}')).toBe(2);
  expect(await metric(gateway, 'towerql_open_limit{what="websockets"}')).toBe(7);
  expect(await metric(gateway, 'towerql_client_operations_total{client="nightly"}')).toBe(1);
  expect(await metric(gateway, 'towerql_client_spent_total{client="nightly",what="calls"}')).toBe(1);
  // With the row that tells whether there is a next page.
  expect(await metric(gateway, 'towerql_client_spent_total{client="nightly",what="rows"}')).toBe(4);
  expect(await metric(gateway, 'towerql_client_operations_total{client="portal"}')).toBe(1);
  expect(await (await fetch(`${gateway.url}/metrics`)).text()).not.toContain('unknown"');

  gateway.simulator.faults.add({ operation: "get-tasks", effect: { kind: "status", status: 500 } });
  await expect.poll(() => metric(gateway, "towerql_event_lag_seconds"), { timeout: 10_000 }).toBeGreaterThan(1);
  gateway.simulator.faults.clear();
  await expect.poll(() => metric(gateway, "towerql_event_lag_seconds"), { timeout: 10_000 }).toBeLessThan(1);
  for (const stop of stops) stop();
  await expect.poll(() => metric(gateway, 'towerql_client_operations_total{client="portal"}')).toBe(3);
  expect(await metric(gateway, "towerql_event_lag_seconds")).toBe(0);
});
