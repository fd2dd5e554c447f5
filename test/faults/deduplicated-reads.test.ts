import { expect, test } from "vitest";
import type { Language } from "../../src/upstream/client/upstream-client.js";
import { ColumnGuard, Columns } from "../../src/upstream/columns.js";
import { forwardedCredential } from "../../src/upstream/credentials/credential.js";
import { readPage } from "../../src/upstream/reads.js";
import type { UpstreamSession } from "../../src/upstream/session.js";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { until } from "./support/ask.js";

/** A caller as the gateway's transports open them, with a way to leave. */
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

/** Answers of `get-vms` wait until they are let go. */
function holdVms({ simulator }: TestGateway): () => void {
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  simulator.faults.add({ operation: "get-vms", effect: { kind: "hold", until } });
  return release;
}

test("identical reads in flight of one caller are one call", async () => {
  const gateway = await startGateway();
  const release = holdVms(gateway);

  const reads = Array.from({ length: 20 }, () => vms(caller(gateway).session));
  await until(() => gateway.simulator.calls.count("get-vms") > 0, "a call");
  release();

  for (const rows of await Promise.all(reads)) expect(rows).toHaveLength(5);
  expect(gateway.simulator.calls.count("get-vms")).toBe(1);
});

test("readers of one call get what each of them wants of the rows", async () => {
  const gateway = await startGateway();
  const { session } = caller(gateway);
  const guard = new ColumnGuard();
  const keeping = (...names: string[]) => session.withColumns(new Columns("Vm", new Set(["id", ...names]), guard));

  for (const readers of [
    [keeping("name"), keeping("memory")],
    [keeping("name"), session],
  ] as const) {
    const release = holdVms(gateway);
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
  const release = holdVms(gateway);

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

test("a read that is done is not remembered", async () => {
  const gateway = await startGateway();
  const { session } = caller(gateway);

  await vms(session);
  await vms(session);

  expect(gateway.simulator.calls.count("get-vms")).toBe(2);
});

test("nobody joins a read that began before a write", async () => {
  const gateway = await startGateway();
  const { session } = caller(gateway);
  const vmId = gateway.simulator.control.rows("Vm", { name: "web-prod-01" })[0]?.id;
  const release = holdVms(gateway);

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

test("a client that leaves does not cancel the others', and the last one does", async () => {
  const gateway = await startGateway();
  const release = holdVms(gateway);
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
  holdVms(gateway);
  const last = [caller(gateway), caller(gateway)] as const;
  const doomed = last.map(({ session }) => vms(session));
  await until(() => gateway.simulator.calls.inFlight === 1, "another call");
  for (const { leave } of last) leave();
  for (const read of doomed) await expect(read).rejects.toThrow("left");
  await until(() => gateway.simulator.calls.inFlight === 0, "no call under way");
});

test("whoever comes when the last reader has left gets a call of their own", async () => {
  const gateway = await startGateway();
  const release = holdVms(gateway);
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
