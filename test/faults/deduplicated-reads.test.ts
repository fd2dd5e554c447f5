import { expect, test } from "vitest";
import type { Language } from "../../src/upstream/client/upstream-client.js";
import { ColumnGuard, Columns } from "../../src/upstream/columns.js";
import { forwardedCredential } from "../../src/upstream/credentials/credential.js";
import { readPage } from "../../src/upstream/reads.js";
import type { UpstreamSession } from "../../src/upstream/session.js";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { holdCalls, until } from "./support/failures.js";

/** A session as the transports open it; `leave` aborts its signal. */
function caller(gateway: TestGateway, username = "admin", language: Language = "en-US") {
  const leaving = new AbortController();
  const token = gateway.simulator.users.find((user) => user.username === username)?.token;
  const session = gateway.app.upstream.open({
    credential: forwardedCredential(token),
    language,
    signal: leaving.signal,
    requestId: "test-request",
  });
  return { session, leave: () => leaving.abort(new Error("left")) };
}

function vms(session: UpstreamSession) {
  return readPage(session, "Vm", { orderBy: "id_ASC", first: 5 });
}

test("identical concurrent reads of one caller are one call", async () => {
  const gateway = await startGateway();
  const release = holdCalls(gateway, "get-vms");

  const reads = Array.from({ length: 20 }, () => vms(caller(gateway).session));
  await until(() => gateway.simulator.calls.count("get-vms") > 0, "a call");
  release();

  for (const rows of await Promise.all(reads)) expect(rows).toHaveLength(5);
  expect(gateway.simulator.calls.count("get-vms")).toBe(1);
});

test("concurrent readers of different columns share one call and each get their columns", async () => {
  const gateway = await startGateway();
  const { session } = caller(gateway);
  const guard = new ColumnGuard();
  const withColumns = (...names: string[]) => session.withColumns(new Columns("Vm", new Set(["id", ...names]), guard));

  for (const readers of [
    [withColumns("name"), withColumns("memory")],
    [withColumns("name"), session],
  ] as const) {
    const release = holdCalls(gateway, "get-vms");
    const reads = readers.map(vms);
    await until(() => gateway.simulator.calls.inFlight === 1, "a call");
    release();
    const [named, sized] = await Promise.all(reads);
    for (const { name } of named ?? []) expect(name).toBeTypeOf("string");
    for (const { memory } of sized ?? []) expect(memory).toBeTypeOf("number");
    gateway.simulator.faults.clear();
  }
  expect(gateway.simulator.calls.count("get-vms")).toBe(2);
  expect([...guard.misses]).toEqual([]);
});

test("nothing is shared between callers or languages", async () => {
  const gateway = await startGateway();
  const release = holdCalls(gateway, "get-vms");

  const reads = [
    vms(caller(gateway).session),
    vms(caller(gateway, "viewer").session),
    vms(caller(gateway, "admin", "zh-CN").session),
  ];
  await until(() => gateway.simulator.calls.count("get-vms") === 3, "three calls");
  release();

  await Promise.all(reads);
  const sent = gateway.simulator.calls.of("get-vms");
  expect(new Set(sent.map(({ token, headers }) => `${token} ${headers["content-language"]}`)).size).toBe(3);
});

test("a finished read is not reused", async () => {
  const gateway = await startGateway();
  const { session } = caller(gateway);

  await vms(session);
  await vms(session);

  expect(gateway.simulator.calls.count("get-vms")).toBe(2);
});

test("a read after a write does not join one that began before it", async () => {
  const gateway = await startGateway();
  const { session } = caller(gateway);
  const vmId = gateway.simulator.control.rows("Vm", { name: "web-prod-01" })[0]?.id;
  const release = holdCalls(gateway, "get-vms");

  const before = vms(session);
  await until(() => gateway.simulator.calls.count("get-vms") === 1, "the read before");
  const data = [{ vm_id: vmId, name: "s", consistent_type: "CRASH_CONSISTENT" }];
  const written = session.write("create-vm-snapshot", { data });
  const during = vms(session);
  await written;
  const after = vms(session);
  await until(() => gateway.simulator.calls.count("get-vms") === 3, "three reads");
  release();

  await Promise.all([before, during, after]);
});

test("cancelling one reader does not affect the others, and the call is cancelled with the last", async () => {
  const gateway = await startGateway();
  const release = holdCalls(gateway, "get-vms");
  const callers = [caller(gateway), caller(gateway), caller(gateway)] as const;
  const reads = callers.map(({ session }) => vms(session));
  await until(() => gateway.simulator.calls.inFlight === 1, "a call");

  callers[0].leave();
  await expect(reads[0]).rejects.toThrow("left");
  callers[1].leave();
  await expect(reads[1]).rejects.toThrow("left");
  release();
  expect(await reads[2]).toHaveLength(5);

  gateway.simulator.faults.clear();
  holdCalls(gateway, "get-vms");
  const last = [caller(gateway), caller(gateway)] as const;
  const cancelled = last.map(({ session }) => vms(session));
  await until(() => gateway.simulator.calls.inFlight === 1, "another call");
  for (const { leave } of last) leave();
  for (const read of cancelled) await expect(read).rejects.toThrow("left");
  await until(() => gateway.simulator.calls.inFlight === 0, "no call in flight");
});

test("a read after the last reader has left is a new call", async () => {
  const gateway = await startGateway();
  const release = holdCalls(gateway, "get-vms");
  const first = caller(gateway);
  const left = vms(first.session);
  await until(() => gateway.simulator.calls.count("get-vms") === 1, "a call");

  first.leave();
  const next = vms(caller(gateway).session);
  await expect(left).rejects.toThrow("left");
  await until(() => gateway.simulator.calls.count("get-vms") === 2, "a second call");
  release();

  expect(await next).toHaveLength(5);
});
