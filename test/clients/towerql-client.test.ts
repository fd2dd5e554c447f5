import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { pino } from "pino";
import { Webhook } from "standardwebhooks";
import { describe, expect, onTestFinished, test } from "vitest";
import { type ClientOptions, createClient, verifyWebhook } from "../../clients/typescript/src/index.js";
import { startApp } from "../../src/app.js";
import { loadConfig } from "../../src/config.js";
import { startGateway } from "../support/gateway.js";
import { startNetwork } from "./support/unreliable-network.js";

const VM = "web-prod-01";
const QUICK = { TASK_POLL_QUICK_MS: "10", TASK_APPEAR_SECONDS: "1", HEARTBEAT_SECONDS: "1" };
const VMS = "query ($name: String!) { vms(filter: { name: { eq: $name } }) { nodes { id name } } }";

/** A gateway behind an unreliable network, a client of it, and a way to replace the gateway by a new process' worth of one. */
async function start(options: Partial<ClientOptions> = {}, env: Record<string, string> = {}) {
  const gateway = await startGateway({ env: { ...QUICK, ...env }, simulator: { taskSeconds: 0 } });
  const network = await startNetwork(gateway.app.port);
  const client = createClient({ url: network.url, token: gateway.token, ...options });
  const { simulator } = gateway;
  return {
    gateway,
    network,
    client,
    simulator,
    vmId: (await client.findVm(VM)).id,
    async replaceGateway() {
      const settings = { PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "silent", CLOUDTOWER_URL: simulator.url, ...QUICK };
      await network.fail("down");
      const next = await startApp(loadConfig(settings), pino({ level: "silent" }));
      onTestFinished(() => next.stop());
      network.target = next.port;
      await network.fail("none");
    },
    async snapshotsNamed(name: string): Promise<number> {
      const count = "query ($name: String!) { vmSnapshots(filter: { name: { eq: $name } }) { totalCount } }";
      return (await gateway.data<{ vmSnapshots: { totalCount: number } }>(count, { name })).vmSnapshots.totalCount;
    },
  };
}

describe("a lease", () => {
  test("is put on the snapshot, and the call repeated until it is there, or cannot be", async () => {
    const { client, vmId, simulator } = await start({ patienceSeconds: 20 }, { WRITE_VERIFY_SECONDS: "1" });
    simulator.faults.add({ operation: "get-labels", times: 1, effect: { kind: "status", status: 500 } });
    const lease = { owner: "nightly", seconds: 3600 };
    const { id, created } = await client.takeSnapshot(vmId, { name: "leased" }, { lease });
    expect(created).toBe(true);
    const query = "query ($id: ID!) { vmSnapshot(id: $id) { lease { owner expired } } }";
    expect(await client.query(query, { id })).toEqual({ vmSnapshot: { lease: { owner: "nightly", expired: false } } });

    const other = client.takeSnapshot(vmId, { name: "leased" }, { lease: { ...lease, owner: "weekly" } });
    await expect(other).rejects.toMatchObject({ kind: "REFUSED", code: "LEASE_NOT_SET" });
  });
});

describe("a query", () => {
  test("is repeated until the gateway is back", async () => {
    const { client, network } = await start();
    await network.fail("down");
    const pending = client.query(VMS, { name: VM });
    await network.fail("none");

    expect(await pending).toMatchObject({ vms: { nodes: [{ name: VM }] } });
  });

  test.each(["silent", "cut"] as const)("is repeated after a connection that is %s", async (fault) => {
    const { client, network } = await start({ requestTimeoutSeconds: 0.3 });
    await network.fail(fault);
    const pending = client.query(VMS, { name: VM });
    await expect.poll(() => network.broken).toBeGreaterThan(0);
    await network.fail("none");

    expect(await pending).toMatchObject({ vms: { nodes: [{ name: VM }] } });
  });

  test("waits as long as a gateway asks that refuses for its rate", async () => {
    const { client, gateway } = await start({}, { RATE_LIMIT_PER_SECOND: "2", RATE_LIMIT_BURST: "40" });
    const refused = async () => (await gateway.post({ query: VMS, variables: { name: VM } })).status === 429;
    while (!(await refused()));

    expect(await client.query(VMS, { name: VM })).toMatchObject({ vms: { nodes: [{ name: VM }] } });
  });

  test("ends with UNREACHABLE when the patience is over, and with the reason of an aborted signal", async () => {
    const { client, network } = await start({ patienceSeconds: 0.3 });
    await network.fail("down");

    await expect(client.query(VMS, { name: VM })).rejects.toMatchObject({ kind: "UNREACHABLE" });
    await expect(client.query(VMS, { name: VM }, { signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
  });

  test("that is wrong is not repeated, and says what is wrong", async () => {
    const { client, gateway } = await start();
    const before = gateway.simulator.calls.count();

    await expect(client.query("{ vmz { nodes { id } } }")).rejects.toMatchObject({
      kind: "GRAPHQL",
      code: "GRAPHQL_VALIDATION_FAILED",
      requestId: expect.any(String),
    });
    expect(gateway.simulator.calls.count()).toBe(before);
    await expect(client.query('# "\nmutation M { a }')).rejects.toBeInstanceOf(TypeError);
    await expect(
      client.query('query M { vms(filter: { name: { eq: "} mutation {" } }) { totalCount } }'),
    ).resolves.toEqual({
      vms: { totalCount: 0 },
    });
  });

  test("to something that is no TowerQL ends with HTTP", async () => {
    const server = createServer((_, response) => response.writeHead(404).end("<html>")).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };

    await expect(createClient({ url: `http://127.0.0.1:${port}` }).query("{ __typename }")).rejects.toMatchObject({
      kind: "HTTP",
      status: 404,
    });
  });
});

describe("taking a snapshot", () => {
  test("finds it again under the same name", async () => {
    const { client, vmId } = await start();
    const first = await client.takeSnapshot(vmId, { name: "nightly" });
    const second = await client.takeSnapshot(vmId, { name: "nightly" });

    expect(first).toMatchObject({ created: true, duplicates: [], consistency: "CRASH_CONSISTENT" });
    expect(second).toEqual({ ...first, created: false });
  });

  test.each(["silent", "cut"] as const)(
    "takes one, whatever the response was, on a connection that is %s",
    async (fault) => {
      const { client, network, vmId, snapshotsNamed } = await start({ requestTimeoutSeconds: 0.5 });
      await network.fail(fault);
      const pending = client.takeSnapshot(vmId, { name: "nightly" }, { maxWaitSeconds: 0 });
      await expect.poll(() => network.broken).toBeGreaterThan(0);
      await network.fail("none");

      expect(await pending).toMatchObject({ id: expect.stringMatching(/^VmSnapshot:/), created: null });
      expect(await snapshotsNamed("nightly")).toBe(1);
    },
  );

  test("takes one although the gateway is replaced before it can respond", async () => {
    const { client, network, vmId, snapshotsNamed, replaceGateway } = await start();
    await network.fail("silent");
    const pending = client.takeSnapshot(vmId, { name: "nightly" });
    await expect.poll(() => network.broken).toBeGreaterThan(0);
    await replaceGateway();

    expect(await pending).toMatchObject({ created: null });
    expect(await snapshotsNamed("nightly")).toBe(1);
  });

  test("is refused once and for all where a repetition does not help", async () => {
    const { client } = await start();

    await expect(client.takeSnapshot("Vm:gone", { name: "n" })).rejects.toMatchObject({
      kind: "REFUSED",
      code: "VM_NOT_FOUND",
    });
    await expect(client.findVm("nobody")).rejects.toMatchObject({ kind: "REFUSED", code: "VM_NOT_FOUND" });
  });

  test("says what is known when the patience is over", async () => {
    const { client, network, vmId } = await start({ requestTimeoutSeconds: 0.2, patienceSeconds: 0.2 });
    await network.fail("silent");
    await expect(client.takeSnapshot(vmId, { name: "n" }, { maxWaitSeconds: 0 })).rejects.toMatchObject({
      kind: "OUTCOME_UNKNOWN",
    });
    await network.fail("down");
    await expect(client.takeSnapshot(vmId, { name: "n" })).rejects.toMatchObject({ kind: "UNREACHABLE" });
  });

  test("is repeated after each failure that docs/errors.md says to retry", async () => {
    const rows = readFileSync("docs/errors.md", "utf8").matchAll(/^\| `\w+Error` \| `(\w+)` \|.*\| (.*) \|$/gm);
    // LEASE_NOT_SET is as its reason.
    const codes = [...rows].flatMap(([, code = "", advice = ""]) =>
      code !== "LEASE_NOT_SET" && /^(Retry|Repeat the same call)\b|\bthen retry\b/.test(advice) ? [code] : [],
    );
    expect(codes).toEqual(expect.arrayContaining(["COORDINATION_UNAVAILABLE", "LEASE_UNCHANGED"]));
    const { client: direct, vmId, gateway, network } = await start();
    const { id } = await direct.takeSnapshot(vmId, { name: "n" });
    const taken = codes.map((code) => {
      let refused = false;
      /** The first response is this error item, the others are the gateway's. */
      const spoiled: typeof fetch = async (...request) => {
        if (refused) return fetch(...request);
        refused = true;
        const problem = { code, message: code };
        const errors = code.startsWith("LEASE") ? [{ ...problem, code: "LEASE_NOT_SET", reason: problem }] : [problem];
        const results = [{ created: false, snapshot: null, task: null, duplicates: [], errors }];
        return Response.json({ data: { createVmSnapshots: { errors: [], results } } });
      };
      return createClient({ url: network.url, token: gateway.token, fetch: spoiled }).takeSnapshot(vmId, { name: "n" });
    });
    expect((await Promise.all(taken)).map((one) => one.id)).toEqual(codes.map(() => id));
  });

  test("stays unknown if an attempt ended in doubt and the next one was refused, however that is said", async () => {
    const { gateway, vmId, network } = await start();
    const item = (code: string) => ({ code, message: `${code}.` });
    const payload = (code: string) => ({
      data: {
        createVmSnapshots: {
          errors: [],
          results: [{ created: false, snapshot: null, task: null, duplicates: [], errors: [item(code)] }],
        },
      },
    });
    const doubts = ["WRITE_OUTCOME_UNKNOWN", "SNAPSHOT_UNMATCHED"].map((code) => () => Response.json(payload(code)));
    const lost = () => Promise.reject(new TypeError("fetch failed"));
    const refusals = [
      () => Response.json(payload("VM_NOT_FOUND")),
      () => Response.json({ data: { createVmSnapshots: { errors: [item("INVALID_INPUT")], results: [] } } }),
      () => Response.json({ errors: [{ message: "no.", extensions: { code: "UNAUTHENTICATED" } }] }),
      () => new Response("no.", { status: 404 }),
    ];
    for (const refusal of refusals) {
      for (const first of [...doubts, lost]) {
        const responses = [first, refusal];
        const spoiled = (async () => responses.shift()?.()) as typeof fetch;
        const client = createClient({ url: network.url, token: gateway.token, fetch: spoiled });
        await expect(client.takeSnapshot(vmId, { name: "n" })).rejects.toMatchObject({
          kind: "OUTCOME_UNKNOWN",
          message: expect.stringContaining(`the snapshot "n" of ${vmId}`),
          mayExist: { vmId, name: "n" },
          cause: expect.objectContaining({ kind: expect.stringMatching(/^(REFUSED|GRAPHQL|HTTP)$/) }),
        });
      }
      const spoiled = (async () => refusal()) as typeof fetch;
      const client = createClient({ url: network.url, token: gateway.token, fetch: spoiled });
      await expect(client.takeSnapshot(vmId, { name: "n" })).rejects.not.toMatchObject({ kind: "OUTCOME_UNKNOWN" });
    }
  });

  test("of a VM that stays locked is refused as that, when the patience is over", async () => {
    const { client, vmId, simulator } = await start({ patienceSeconds: 0.1 });
    simulator.control.patch("Vm", vmId.replace("Vm:", ""), { entityAsyncStatus: "UPDATING" });
    await expect(client.takeSnapshot(vmId, { name: "n" }, { maxWaitSeconds: 0 })).rejects.toMatchObject({
      kind: "REFUSED",
      code: "RESOURCE_LOCKED",
    });
  });

  test("of a VM that is named twice is taken once for each name", async () => {
    const { client, vmId, simulator } = await start();
    const requests = [vmId, vmId.replace("Vm:", "")].flatMap((id) => ["a", "b"].map((name) => ({ vmId: id, name })));
    const taken = await client.takeSnapshots(requests);
    const ids = taken.map((one) => (one.status === "fulfilled" ? one.value.id : one.reason));
    expect(ids).toEqual([ids[0], ids[1], ids[0], ids[1]]);
    expect(ids[0]).not.toBe(ids[1]);
    expect(simulator.calls.count("create-vm-snapshot")).toBe(2);
  });

  test("of several VMs, few at a time, fails for each alone", async () => {
    const { client, vmId, gateway } = await start();
    const { vms } = await gateway.data<{ vms: { nodes: { id: string }[] } }>(
      "{ vms(first: 4, filter: { inRecycleBin: { eq: false } }) { nodes { id } } }",
    );
    const ids = [...new Set([vmId, ...vms.nodes.map(({ id }) => id)])];
    const requests = [...ids, "Vm:gone"].map((id) => ({ vmId: id, name: "nightly" }));

    const settled = await client.takeSnapshots(requests, { maxAtOnce: 2 });
    expect(settled.map(({ status }) => status)).toEqual([...ids.map(() => "fulfilled"), "rejected"]);
    expect(settled.at(-1)).toMatchObject({ reason: { kind: "REFUSED", code: "VM_NOT_FOUND" } });
  });
});

describe("waiting until it is usable", () => {
  test("names the ZBS volumes", async () => {
    const { client, vmId, simulator } = await start();
    const taken = await client.takeSnapshot(vmId, { name: "nightly" });
    const { id } = taken;
    const progress: unknown[] = [];
    const pending = client.waitUntilReady(taken, { onProgress: (one) => progress.push(one) });
    await expect.poll(() => progress.length).toBeGreaterThan(0);
    simulator.advance(60_000);

    const { disks, ...ready } = await pending;
    expect(progress[0]).toMatchObject({ snapshotId: id, progress: expect.any(Number) });
    expect(ready).toMatchObject({ id, name: "nightly", vmId, createdAt: expect.any(String) });
    expect(disks).toHaveLength(2);
    for (const { zbsId } of disks) expect(zbsId).toMatch(/./);
  });

  test("goes on after a connection that fell silent, and after another gateway took over", async () => {
    const { client, vmId, simulator, network, replaceGateway } = await start({ silenceSeconds: 1.5 });
    const { id } = await client.takeSnapshot(vmId, { name: "nightly" });
    const pending = client.waitUntilReady([id, "VmSnapshot:gone", "Vm:wrong", id]);
    await network.fail("silent");
    await expect.poll(() => network.broken).toBeGreaterThan(0);
    await replaceGateway();
    simulator.advance(60_000);

    const [ready, gone, wrong, again] = await pending;
    expect(again).toEqual(ready);
    expect(wrong).toMatchObject({
      status: "rejected",
      reason: { kind: "NOT_READY", snapshotId: "Vm:wrong", problems: [{ code: "INVALID_ID" }] },
    });
    expect(ready).toMatchObject({ status: "fulfilled", value: { id } });
    expect(gone).toMatchObject({ status: "rejected" });
  });
});

describe("a webhook", () => {
  const [old, current] = ["whsec_b2xkIHNlY3JldCBvZiAyNCBieXRlcyE=", "whsec_bmV3IHNlY3JldCBvZiAyNCBieXRlcyE="];
  const body = JSON.stringify({ data: { vmSnapshotEvents: { kind: "READY" } } });
  const signed = (secret: string, id = "e1", at = new Date()) => ({
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, at, body),
  });

  test("is accepted from either secret while it is changed, with headers of any kind", () => {
    for (const secret of [old, current]) {
      for (const headers of [signed(secret), new Headers(signed(secret))]) {
        expect(verifyWebhook({ headers, body: Buffer.from(body) }, [current, old])).toEqual({
          id: "e1",
          payload: JSON.parse(body),
        });
      }
    }
  });

  test("is refused if it was changed, is too old, is not signed, or with another secret", () => {
    const refused = [
      { headers: signed(old), body: body.replace("READY", "FAILED") },
      { headers: signed(old, "e1", new Date(Date.now() - 600_000)), body },
      { headers: { ...signed(old), "webhook-id": "e2" }, body },
      { headers: {}, body },
    ];
    for (const request of refused) expect(() => verifyWebhook(request, old)).toThrow();
    expect(() => verifyWebhook({ headers: signed(current), body }, old)).toThrow();
    expect(() => verifyWebhook({ headers: signed(current), body }, [])).toThrow();
  });
});
