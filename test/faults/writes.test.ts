import { expect, onTestFinished, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.js";
import { forwardedCredential } from "../../src/upstream/credentials/credential.js";
import { captureLog } from "../support/captured-log.js";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { holdCalls, until } from "./support/failures.js";
import { startProxy } from "./support/proxy.js";

/** A session that writes a snapshot; `leaving` aborts its signal. */
function writer(gateway: TestGateway, name: string, username = "admin") {
  const leaving = new AbortController();
  const token = gateway.simulator.users.find((user) => user.username === username)?.token;
  const credential = forwardedCredential(token);
  const requestId = `request-${name}`;
  const session = gateway.app.upstream.open({ credential, language: "en-US", signal: leaving.signal, requestId });
  const vmId = gateway.simulator.control.rows("Vm", { name: "web-prod-01" })[0]?.id as string;
  const data = [{ vm_id: vmId, name, consistent_type: "CRASH_CONSISTENT" }];
  return { vmId, credential, write: () => session.write("create-vm-snapshot", { data }), leaving };
}

test("a write goes on after its client has left, and its audit line has the outcome", async () => {
  const log = captureLog();
  const gateway = await startGateway({ logger: log.logger });
  const { vmId, credential, write, leaving } = writer(gateway, "s");
  const release = holdCalls(gateway, "create-vm-snapshot", 1);

  const written = write();
  await until(() => gateway.simulator.calls.count("create-vm-snapshot") === 1, "the write");
  leaving.abort(new Error("left"));
  await expect(written).rejects.toMatchObject({ code: "UPSTREAM_TIMEOUT", failure: { effect: "unknown" } });
  expect(gateway.simulator.calls.inFlight).toBe(1);
  release();

  await until(() => endedWrites(log).length > 0, "an audit line");
  const [snapshot] = gateway.simulator.control.rows("VmSnapshot", { name: "s" });
  const [task] = gateway.simulator.control.rows("Task", { resource_id: snapshot?.id });
  expect(endedWrites(log)).toMatchObject([
    {
      endpoint: "create-vm-snapshot",
      caller: credential.key,
      requestId: "request-s",
      ids: [vmId],
      names: ["s"],
      resourceIds: [snapshot?.id],
      taskIds: [task?.id],
      outcome: "accepted",
    },
  ]);
});

test("a write whose client leaves before it is sent is not sent", async () => {
  const log = captureLog();
  const gateway = await startGateway({ logger: log.logger, env: { UPSTREAM_CONNECTIONS: "1" } });
  const release = holdCalls(gateway, "create-vm-snapshot", 1);
  const first = writer(gateway, "first");
  const second = writer(gateway, "second");

  const sent = first.write();
  await until(() => gateway.simulator.calls.count("create-vm-snapshot") === 1, "the first write");
  const queued = second.write();
  second.leaving.abort(new Error("left"));
  await expect(queued).rejects.toThrow("left");
  release();
  await sent;

  expect(gateway.simulator.calls.count("create-vm-snapshot")).toBe(1);
  expect(gateway.simulator.control.rows("VmSnapshot", { name: "second" })).toEqual([]);
  expect(endedWrites(log)).toHaveLength(1);
});

test.each([
  ["reset", { kind: "reset", when: "after-body" }],
  ["lost-answer", { kind: "lost-answer" }],
  ["503", { kind: "status", status: 503 }],
  ["429", { kind: "status", status: 429 }],
  ["500", { kind: "status", status: 500 }],
  ["a response above the size limit", { kind: "huge", bytes: 2_000_000 }],
] as const)("a write that fails on a fault (%s) is sent once", async (_, effect) => {
  const gateway = await startGateway({ env: { UPSTREAM_MAX_ANSWER_MIB: "1" }, spoilsAnswers: true });
  gateway.simulator.faults.add({ operation: "create-vm-snapshot", effect });

  await expect(writer(gateway, "s").write()).rejects.toThrow();

  expect(gateway.simulator.calls.count("create-vm-snapshot")).toBe(1);
});

test("a write without a response is abandoned after the limit, as unknown", async () => {
  const log = captureLog();
  const gateway = await startGateway({ logger: log.logger, env: { UPSTREAM_WRITE_TIMEOUT_SECONDS: "1" } });
  gateway.simulator.faults.add({ operation: "create-vm-snapshot", effect: { kind: "drip", bytes: 1, everyMs: 20 } });

  await expect(writer(gateway, "s").write()).rejects.toMatchObject({ failure: { effect: "unknown" } });

  await until(() => gateway.simulator.calls.inFlight === 0, "no call in flight");
  expect(endedWrites(log)).toMatchObject([{ outcome: "unknown", level: 40 }]);
});

test("the audit line of a refused write names the caller", async () => {
  const log = captureLog();
  const gateway = await startGateway({ logger: log.logger });
  const { credential, write } = writer(gateway, "s", "viewer");

  await expect(write()).rejects.toMatchObject({ code: "FORBIDDEN" });

  const audit = endedWrites(log);
  expect(audit).toMatchObject([{ caller: credential.key, outcome: "refused", status: 403 }]);
  for (const { token } of gateway.simulator.users) expect(log.text()).not.toContain(token);
});

test("the shutdown waits for a write whose client has left", async () => {
  const gateway = await startGateway();
  const { write, leaving } = writer(gateway, "s");
  gateway.simulator.faults.add({ operation: "create-vm-snapshot", latencyMs: 300 });

  const written = write();
  await until(() => gateway.simulator.calls.count("create-vm-snapshot") === 1, "the write");
  leaving.abort(new Error("left"));
  await expect(written).rejects.toThrow();
  await gateway.app.stop();

  expect(gateway.simulator.calls.of("create-vm-snapshot")[0]?.status).toBe(200);
});

test("a write that cannot leave is sent once there is a connection, and has its audit lines only then", async () => {
  const log = captureLog();
  const simulator = await startSimulator();
  onTestFinished(() => simulator.stop());
  const proxy = await startProxy(simulator.port);
  const gateway = await startGateway({
    logger: log.logger,
    env: { CLOUDTOWER_URL: proxy.url, UPSTREAM_READ_ATTEMPTS: "10" },
  });
  const vmId = simulator.control.rows("Vm", { name: "web-prod-01" })[0]?.id;
  const session = gateway.app.upstream.open({
    credential: forwardedCredential(simulator.users[0]?.token),
    language: "en-US",
    signal: new AbortController().signal,
    requestId: "request",
  });
  const comeBack = await proxy.goAway();
  const written = session.write("create-vm-snapshot", { data: [{ vm_id: vmId, name: "s" }] });
  const attempts = async () => (await (await fetch(`${gateway.url}/metrics`)).text()).match(/"unanswered"} (\d+)/)?.[1];
  await expect.poll(attempts, { timeout: 10_000 }).toBeDefined();
  expect(log.lines.filter((line) => line.audit)).toEqual([]);
  await comeBack();

  await written;
  expect(simulator.calls.count("create-vm-snapshot")).toBe(1);
  expect(log.lines.filter((line) => line.audit)).toMatchObject(
    ["sent", "accepted"].map((outcome) => ({ outcome, names: ["s"] })),
  );
});

test("a write that is still unanswered when the gateway has stopped has an audit line: unknown", async () => {
  const log = captureLog();
  const gateway = await startGateway({ logger: log.logger });
  const { vmId, write } = writer(gateway, "s");
  gateway.simulator.faults.add({ operation: "create-vm-snapshot", effect: { kind: "hang" } });
  const written = write();
  written.catch(() => {});
  await until(() => gateway.simulator.calls.count("create-vm-snapshot") === 1, "the write");

  await gateway.app.stop();

  expect(endedWrites(log)).toMatchObject([{ ids: [vmId], names: ["s"], outcome: "unknown" }]);
  await expect(written).rejects.toThrow();
  expect(endedWrites(log)).toHaveLength(1);
});

/** The audit lines of writes that have ended. */
function endedWrites({ lines }: ReturnType<typeof captureLog>) {
  return lines.filter(({ audit, outcome }) => audit && outcome !== "sent");
}
