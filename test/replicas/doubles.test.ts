import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hold } from "../support/hold.js";
import { hasRedis } from "../support/redis.js";
import {
  isNotWritten,
  LEASE_MS,
  type Outcome,
  type Replica,
  type Replicas,
  startReplicas,
  untilDone,
  whenPossible,
} from "./support/replicas.js";

const UNKNOWN = { snapshot: null, created: false, codes: ["WRITE_OUTCOME_UNKNOWN"] };

describe.skipIf(!hasRedis)("three replicas never make two snapshots of one name", () => {
  let replicas: Replicas;
  beforeAll(async () => {
    replicas = await startReplicas(3);
  });
  afterAll(() => replicas?.stop());

  afterEach(() => replicas.simulator.faults.clear());

  /** Two of the replicas. */
  const two = () => replicas.all as unknown as [Replica, Replica];
  const writes = () => replicas.simulator.calls.count("create-vm-snapshot");

  test("50 calls for the same VM and name, spread over all of them, make one", async () => {
    const vmId = replicas.vmId();
    const before = writes();
    const calls = Array.from({ length: 50 }, () => untilDone(replicas, vmId, "s"));
    const outcomes = (await Promise.all(calls)).map((attempts) => attempts.at(-1) as Outcome);

    expect(replicas.snapshots(vmId, "s")).toBe(1);
    expect(writes() - before).toBe(1);
    expect(outcomes.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(outcomes.map(({ snapshot }) => snapshot?.cloudTowerId)).size).toBe(1);
  });

  test("the sender is killed before it sends: another one makes it", async () => {
    const vmId = replicas.vmId();
    const [sender, other] = two();
    const looked = hold();
    replicas.simulator.faults.add({
      operation: "get-vm-snapshots",
      times: 1,
      effect: { kind: "hold", until: looked.released },
    });
    const look = replicas.simulator.calls.next("get-vm-snapshots");
    const lost = sender.create(vmId, "s").catch(() => undefined);
    await look;
    await sender.kill();
    const successor = replicas.replace(sender);
    looked.release();
    await lost;

    expect(await other.create(vmId, "s")).toMatchObject({ created: true, codes: [] });
    expect(replicas.snapshots(vmId, "s")).toBe(1);
    await successor;
  });

  test("the sender is killed while a slow CloudTower has the call: others send nothing, and find it when it is there", async () => {
    const vmId = replicas.vmId();
    const [sender, other] = two();
    const before = writes();
    // Its client has left by the time that it does what it received.
    replicas.simulator.faults.add({
      operation: "create-vm-snapshot",
      times: 1,
      effect: { kind: "late-commit", afterMs: 60_000 },
    });
    const sent = replicas.simulator.calls.next("create-vm-snapshot");
    const lost = sender.create(vmId, "s").catch(() => undefined);
    await sent;
    await sender.kill();
    const successor = replicas.replace(sender);
    await lost;

    expect([await other.create(vmId, "s"), await replicas.all[2]?.create(vmId, "s")]).toEqual([UNKNOWN, UNKNOWN]);
    replicas.simulator.advance(60_000);
    expect(await other.create(vmId, "s")).toMatchObject({ created: false, codes: [] });
    expect(replicas.snapshots(vmId, "s")).toBe(1);
    expect(writes() - before).toBe(1);
    await successor;
  });

  test("the sender is killed after CloudTower has done it: others find it", async () => {
    const vmId = replicas.vmId();
    const [sender, other] = two();
    const answered = hold();
    const before = writes();
    replicas.simulator.faults.add({
      operation: "create-vm-snapshot",
      times: 1,
      effect: { kind: "hold", until: answered.released },
    });
    const sent = replicas.simulator.calls.next("create-vm-snapshot");
    const lost = sender.create(vmId, "s").catch(() => undefined);
    await sent;
    await sender.kill();
    const successor = replicas.replace(sender);
    answered.release();
    await lost;

    expect(await other.create(vmId, "s")).toMatchObject({ snapshot: { cloudTowerId: expect.any(String) }, codes: [] });
    expect(replicas.snapshots(vmId, "s")).toBe(1);
    expect(writes() - before).toBe(1);
    await successor;
  });

  test("a replica that is paused for longer than its lease, and then continued, sends nothing", async () => {
    const vmId = replicas.vmId();
    const [paused, other] = two();
    const looked = hold();
    const before = writes();
    replicas.simulator.faults.add({
      operation: "get-vm-snapshots",
      times: 1,
      effect: { kind: "hold", until: looked.released },
    });
    const look = replicas.simulator.calls.next("get-vm-snapshots");
    const late = paused.create(vmId, "s");
    await look;
    paused.process.kill("SIGSTOP");
    // It has seen that there is none.
    looked.release();
    const made = await other.create(vmId, "s");
    paused.process.kill("SIGCONT");

    expect(made).toMatchObject({ created: true, codes: [] });
    const lateOutcome = await late;
    expect(isNotWritten(lateOutcome)).toBe(true);
    expect(lateOutcome).toMatchObject({ snapshot: null, created: false });
    expect(replicas.snapshots(vmId, "s")).toBe(1);
    expect(writes() - before).toBe(1);
  });

  test("Redis is killed and comes back empty while a write is in doubt: nobody sends it again, also no new replica", async () => {
    const vmId = replicas.vmId();
    const [sender, other] = two();
    const before = writes();
    replicas.simulator.faults.add({
      operation: "create-vm-snapshot",
      times: 1,
      effect: { kind: "late-commit", afterMs: 60_000 },
    });
    expect(await whenPossible(sender, vmId, "s")).toEqual(UNKNOWN);
    await replicas.redis.kill();
    await replicas.redis.start();
    await other.kill();
    const young = await replicas.replace(other);

    const outcomes = await Promise.all(replicas.all.map((replica) => whenPossible(replica, vmId, "s")));
    expect(outcomes).toEqual([UNKNOWN, UNKNOWN, UNKNOWN]);
    replicas.simulator.advance(60_000);
    expect(await young.create(vmId, "s")).toMatchObject({ created: false, codes: [] });
    expect(replicas.snapshots(vmId, "s")).toBe(1);
    expect(writes() - before).toBe(1);
  });

  test("Redis is paused for longer than a lease while a write is under way: nobody else sends it", async () => {
    const vmId = replicas.vmId();
    const [sender, other] = two();
    const answered = hold();
    const before = writes();
    replicas.simulator.faults.add({
      operation: "create-vm-snapshot",
      times: 1,
      effect: { kind: "hold", until: answered.released },
    });
    const sent = replicas.simulator.calls.next("create-vm-snapshot");
    const first = whenPossible(sender, vmId, "s");
    await sent;
    replicas.redis.pause();
    await new Promise((resolve) => setTimeout(resolve, LEASE_MS * 1.2));
    expect((await other.create(vmId, "s")).codes).toEqual(["COORDINATION_UNAVAILABLE"]);
    replicas.redis.continue();
    const repeated = await untilDone(replicas, vmId, "s");
    answered.release();

    expect(await first).toMatchObject({ created: true, codes: [] });
    expect(repeated.at(-1)).toMatchObject({ created: false });
    expect(replicas.snapshots(vmId, "s")).toBe(1);
    expect(writes() - before).toBe(1);
  });

  test("under load, Redis is killed and comes back empty twice: each name exists once", async () => {
    const vms = Array.from({ length: 6 }, () => replicas.vmId());
    const names = ["a", "b", "c", "d"];
    const claims = new Map<string, number>();
    const load = Promise.all(
      vms.flatMap((vmId) =>
        names.map(async (name) => {
          for (const { created } of await untilDone(replicas, vmId, name)) {
            if (created) claims.set(`${vmId} ${name}`, (claims.get(`${vmId} ${name}`) ?? 0) + 1);
          }
        }),
      ),
    );
    for (let time = 0; time < 2; time += 1) {
      await replicas.simulator.calls.next("create-vm-snapshot");
      await replicas.redis.kill();
      await replicas.redis.start();
    }
    await load;

    const counts = vms.flatMap((vmId) => names.map((name) => replicas.snapshots(vmId, name)));
    expect(counts.filter((count) => count !== 1)).toEqual([]);
    expect([...claims.values()].filter((count) => count > 1)).toEqual([]);
  }, 60_000);

  test("while Redis is away writes are refused, reads go on, and readiness and metrics say so", async () => {
    const vmId = replicas.vmId();
    const [replica] = two();
    const before = writes();
    await replicas.redis.kill();

    const pages = () =>
      Promise.all(["readyz", "metrics"].map(async (page) => (await fetch(`${replica.url}/${page}`)).text()));
    await expect.poll(async () => (await pages())[0]).toContain("writes are refused");
    expect((await fetch(`${replica.url}/readyz`)).status).toBe(200);
    expect((await pages())[1]).toMatch(/^towerql_writes_possible 0$/m);
    expect(await replica.create(vmId, "s")).toEqual({
      snapshot: null,
      created: false,
      codes: ["COORDINATION_UNAVAILABLE"],
    });
    expect(await (await replica.query("{ vms { totalCount } }")).json()).toMatchObject({
      data: { vms: { totalCount: 37 } },
    });
    expect(writes() - before).toBe(0);

    await replicas.redis.start();
    expect((await untilDone(replicas, vmId, "s")).at(-1)).toMatchObject({ created: true });
    expect((await pages())[1]).toMatch(/^towerql_writes_possible 1$/m);
  });

  test("Redis has no token, no name and no key without an end", async () => {
    const [replica] = two();
    replicas.simulator.faults.add({
      operation: "create-vm-snapshot",
      times: 1,
      effect: { kind: "late-commit", afterMs: 60_000 },
    });
    expect(await whenPossible(replica, replicas.vmId(), "secret name")).toEqual(UNKNOWN);
    await replica.register("{ vms { totalCount } }");
    const client = new Redis(replicas.redis.port);
    const keys = await client.keys("*");
    const texts = await Promise.all(keys.map(async (key) => `${key} ${await client.dump(key)}`));
    const lives = await Promise.all(keys.map((key) => client.pttl(key)));
    client.disconnect();

    const kinds = keys.map((key) => /^towerql:\{[\w-]{16}\}:([\w-]+)/.exec(key)?.[1]);
    expect(new Set(kinds)).toEqual(new Set(["epoch", "intent", "rate", "texts", "text-order"]));
    expect(lives.filter((life) => life <= 0)).toEqual([]);
    const token = replicas.simulator.users[0]?.token as string;
    for (const secret of [token, "secret name", "127.0.0.1"]) expect(texts.join("\n")).not.toContain(secret);
  });
});
