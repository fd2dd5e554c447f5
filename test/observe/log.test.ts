import { expect, test } from "vitest";
import { until } from "../faults/support/failures.js";
import { captureLog } from "../support/captured-log.js";
import { startGateway } from "../support/gateway.js";

const namedQuery = "query Names($first: Int) { vms(first: $first) { nodes { name disks { volume { sizeBytes } } } } }";

test("logs one line per operation with its name, client, duration, calls and cost", async () => {
  const log = captureLog();
  const gateway = await startGateway({ logger: log.logger });

  await gateway.query(namedQuery, { first: 3 }, { "x-request-id": "chosen-by-the-client" });

  expect(log.lines).toHaveLength(1);
  expect(log.lines[0]).toMatchObject({
    msg: "operation",
    requestId: "chosen-by-the-client",
    operation: "Names",
    type: "query",
    transport: "http",
    client: expect.stringMatching(/\S{8,}/),
    outcome: "ok",
    milliseconds: expect.any(Number),
    upstreamCalls: 3,
    cost: { calls: expect.any(Number), objects: expect.any(Number) },
  });
});

test("logs the codes of a failed operation, and the request id that the client got", async () => {
  const log = captureLog();
  const gateway = await startGateway({ logger: log.logger, spoilsAnswers: true });
  gateway.simulator.faults.add({ operation: "get-vm-disks", effect: { kind: "status", status: 500 } });

  const { errors } = await gateway.query(namedQuery, { first: 3 });

  const [line, ...others] = log.lines.filter(({ msg }) => msg === "operation");
  expect(others).toEqual([]);
  expect(line).toMatchObject({ outcome: "errors", codes: ["UPSTREAM_ERROR"] });
  expect(line?.requestId).toBe(errors?.[0]?.extensions?.requestId);
});

test("logs one warning for a failed call, no matter how many fields it nulls", async () => {
  const log = captureLog("warn");
  const gateway = await startGateway({ logger: log.logger, spoilsAnswers: true });
  const effect = { kind: "status", status: 500, message: "out of memory" } as const;
  gateway.simulator.faults.add({ operation: "get-vm-disks", effect });

  const { errors } = await gateway.query(namedQuery, { first: 20 });

  expect(errors?.length).toBe(20);
  expect(log.lines).toMatchObject([{ endpoint: "get-vm-disks", status: 500, upstreamMessage: "out of memory" }]);
});

test("logs one line for a refused document", async () => {
  const log = captureLog();
  const gateway = await startGateway({ logger: log.logger });

  const { errors } = await gateway.query("{ noSuchField }");

  expect(log.lines).toMatchObject([{ outcome: "refused", requestId: errors?.[0]?.extensions?.requestId }]);
});

test("logs operations over WebSocket, a subscription when it ends", async () => {
  const log = captureLog();
  const gateway = await startGateway({ logger: log.logger });
  const taskId = gateway.simulator.control.rows("Task", { status: "SUCCESSED" })[0]?.id as string;
  const events: unknown[] = [];
  const query = "subscription Watch($taskId: ID!) { taskProgress(taskId: $taskId) { status } }";

  const stream = gateway.socket().iterate({ query, variables: { taskId } });
  for await (const event of stream) events.push(event);
  await until(() => log.lines.some(({ msg }) => msg === "operation"), "a line");

  expect(events).toHaveLength(1);
  expect(log.lines.filter(({ msg }) => msg === "operation")).toMatchObject([
    { operation: "Watch", type: "subscription", transport: "websocket", outcome: "ok" },
  ]);
});

test("logs an audit line before and one after each write, with the caller, endpoint, ids and task", async () => {
  const log = captureLog();
  const gateway = await startGateway({ logger: log.logger });
  const vmId = gateway.simulator.control.rows("Vm", { name: "web-prod-01" })[0]?.id as string;
  const mutation = `mutation Take { createVmSnapshot(input: {vmId: "${vmId}", name: "s"}) { task { cloudTowerId } snapshot { cloudTowerId } } }`;

  const { createVmSnapshot } = await gateway.data<{
    createVmSnapshot: { task: { cloudTowerId: string }; snapshot: { cloudTowerId: string } };
  }>(mutation);

  const [operation] = log.lines.filter(({ msg }) => msg === "operation");
  const sent = { endpoint: "create-vm-snapshot", requestId: operation?.requestId, ids: [vmId], names: ["s"] };
  expect(log.lines.filter(({ audit }) => audit)).toMatchObject([
    { ...sent, caller: operation?.client, outcome: "sent" },
    {
      endpoint: "create-vm-snapshot",
      caller: operation?.client,
      requestId: operation?.requestId,
      ids: [vmId],
      taskIds: [createVmSnapshot.task.cloudTowerId],
      resourceIds: [createVmSnapshot.snapshot.cloudTowerId],
      outcome: "accepted",
    },
  ]);
});

test("the audit line of a rollback and of a deletion of group snapshots names what was written", async () => {
  const log = captureLog();
  const gateway = await startGateway({ logger: log.logger, simulator: { taskSeconds: 0 } });
  const { control } = gateway.simulator;
  const groupId = control.rows("ConsistencyGroup")[0]?.id;
  const [snapshotId] = control
    .rows("ConsistencyGroupSnapshot", { consistency_group: { id: groupId } })
    .map(({ id }) => id);

  await gateway.data(`mutation { rollbackConsistencyGroup(input: { consistencyGroupId: "${groupId}", snapshotId: "${snapshotId}" }) {
    errors { code } } }`);
  await gateway.data(`mutation { deleteConsistencyGroupSnapshots(input: { ids: ["${snapshotId}"], keepMemberSnapshots: false }) {
    errors { code } } }`);

  expect(log.lines.filter(({ audit, outcome }) => audit && outcome !== "sent")).toMatchObject(
    ["rollback", "delete"].map((verb) => ({
      ...{ endpoint: `${verb}-consistency-snapshot-group`, ids: [snapshotId], resourceIds: [snapshotId] },
      ...{ taskIds: [expect.any(String)], outcome: "accepted" },
    })),
  );
});

test("never logs a token, an API key or a password", async () => {
  const log = captureLog("trace");
  const env = { AUTH_MODE: "service", API_KEYS: "key-of-a-client", CLOUDTOWER_USERNAME: "admin" };
  const gateway = await startGateway({
    logger: log.logger,
    env: { ...env, CLOUDTOWER_PASSWORD: "admin-pass" },
    spoilsAnswers: true,
  });
  const headers = { authorization: "key-of-a-client" };
  const [admin] = gateway.simulator.users;
  const echoedToken = `you sent ${admin?.token}0001`;
  const echoedPassword = { kind: "status", status: 500, message: "you sent admin-pass" } as const;
  const { faults, control } = gateway.simulator;
  faults.add({ operation: "get-vms", times: 1, effect: { kind: "status", status: 500, message: echoedToken } });
  for (let round = 0; round < 2; round += 1) await gateway.query(namedQuery, { first: 1 }, headers);
  faults.add({ operation: "login", times: 1, effect: echoedPassword });
  control.revokeTokens();
  await gateway.query(namedQuery, { first: 1 }, headers);
  await gateway.query("{ nonsense ", {}, headers);
  await gateway.query(namedQuery, { first: 1 }, { authorization: "wrong-key-of-a-client" });

  expect(log.lines.length).toBeGreaterThan(4);
  expect(log.text().match(/you sent \*\*\*/g)?.length).toBeGreaterThanOrEqual(2);
  expect(log.text()).not.toMatch(/key-of-a-client|admin-pass/);
  expect(log.text()).not.toContain(admin?.token);
});
