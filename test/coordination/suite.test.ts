import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { redisUrl } from "../../src/config/redis-url.js";
import type { Coordination, Lease } from "../../src/coordination/coordination.js";
import { LocalCoordination } from "../../src/coordination/local/local-coordination.js";
import { RedisCoordination } from "../../src/coordination/redis/redis-coordination.js";
import { hasRedis, startRedis, type TestRedis } from "../support/redis.js";

const RATE = { perSecond: 10, burst: 100 };
const SECOND = 1_000;
/** Long, so that no test meets the end of a lease. */
const LEASE_MS = 60_000;
const TEXT = "{ vms { totalCount } }";
const HASH = createHash("sha256").update(TEXT).digest("hex");

let redis: TestRedis | undefined;
let fingerprints = 0;

beforeAll(async () => {
  redis = hasRedis ? await startRedis() : undefined;
  // A Redis that has just been started settles for one lease time, which the tests do not wait for.
});
afterAll(() => redis?.stop());

/** As many replicas as are asked for; a single one is its own only replica. */
type Replicas = (count: number) => Promise<Coordination[]>;

const implementations: [name: string, replicas: Replicas, isPossible: boolean][] = [
  [
    "in the process",
    async (count) => {
      const only = new LocalCoordination(RATE);
      return Array.from({ length: count }, () => only);
    },
    true,
  ],
  [
    "in Redis",
    async (count) => {
      fingerprints += 1;
      const fingerprint = `tower-${fingerprints}`;
      const address = redisUrl(redis?.url ?? "");
      await settled(address, fingerprint);
      const observer = { coordinationChanged() {}, coordinated() {} };
      const options = { address, prefix: "test:", fingerprint, rate: RATE, leaseMs: LEASE_MS };
      const replicas = Array.from({ length: count }, () => new RedisCoordination(options, observer));
      onTestFinished(async () => {
        for (const replica of replicas) await replica.stop();
      });
      await expect.poll(() => replicas.every(({ shared }) => shared.isAvailable)).toBe(true);
      return replicas;
    },
    hasRedis,
  ],
];

/** Has Redis remember for longer than a lease, as one that was started long ago does. */
async function settled(address: ReturnType<typeof redisUrl>, fingerprint: string): Promise<void> {
  const { Redis } = await import("ioredis");
  const client = new Redis(address.nodes[0]?.port ?? 0);
  await client.set(`test:{${fingerprint}}:epoch`, String(Date.now() - 2 * LEASE_MS));
  client.disconnect();
}

describe.each(implementations)("coordination %s", (_, replicas, isPossible) => {
  test.skipIf(!isPossible)("keeps a lease that a replica has requested from the others", async () => {
    const [one, other, third] = (await replicas(3)) as [Coordination, Coordination, Coordination];
    const held = await one.leases.take("vm");
    expect(await one.leases.isRequested("vm")).toBe(false);

    await other.leases.request("vm");
    const isShared = one.shared !== undefined;
    expect(await Promise.all([one, other, third].map(({ leases }) => leases.isRequested("vm")))).toEqual([
      isShared,
      false,
      isShared,
    ]);
    held?.release();
    await expect.poll(() => other.leases.isHeld("vm")).toBe(false);
    expect(await other.leases.take("vm")).toBeDefined();
  });

  test.skipIf(!isPossible)("lets only the latest claim of a log append to it", async () => {
    const [one, other] = (await replicas(2)) as [Coordination, Coordination];
    // A single gateway has other places for what it keeps.
    if (one.logs === undefined || other.logs === undefined) return expect(one.shared).toBeUndefined();
    expect(await one.logs.read("log")).toEqual([]);
    expect(await one.logs.claim("log", "first")).toEqual([]);
    expect(await one.logs.append("log", "first", "a")).toBe(1);
    expect(await one.logs.append("log", "first", "b")).toBe(2);

    expect(await other.logs.claim("log", "second")).toEqual(["a", "b"]);
    expect(await one.logs.append("log", "first", "c")).toBeUndefined();
    expect(await one.logs.replace("log", "first", "c")).toBe(false);
    expect(await other.logs.replace("log", "second", "ab")).toBe(true);
    expect(await other.logs.append("log", "second", "c")).toBe(2);
    expect(await one.logs.read("log")).toEqual(["ab", "c"]);
    expect(await one.logs.read("another")).toEqual([]);
  });

  test.skipIf(!isPossible)("gives a lease to one call at a time, of all replicas", async () => {
    const all = await replicas(3);
    const takes = await Promise.all(all.flatMap(({ leases }) => [leases.take("vm"), leases.take("vm")]));
    const taken = takes.filter((lease): lease is Lease => lease !== undefined);
    expect(taken).toHaveLength(1);
    expect(taken[0]?.isSafe).toBe(true);
    expect(await all[1]?.leases.isHeld("vm")).toBe(true);
    expect(await all[1]?.leases.isHeld("another")).toBe(false);
    expect(await all[2]?.leases.take("another")).toBeDefined();

    taken[0]?.release();
    taken[0]?.release();
    await expect.poll(() => all[1]?.leases.isHeld("vm")).toBe(false);
    expect(await all[2]?.leases.take("vm")).toBeDefined();
  });

  test.skipIf(!isPossible)("a released lease that another call has taken since stays with it", async () => {
    const [one, two] = (await replicas(2)) as [Coordination, Coordination];
    const first = await one.leases.take("vm");
    first?.release();
    await expect.poll(() => two.leases.isHeld("vm")).toBe(false);
    await two.leases.take("vm");
    first?.release();
    expect(await one.leases.isHeld("vm")).toBe(true);
  });

  test.skipIf(!isPossible)("declares each write once, and says who declared it before", async () => {
    const [one, two] = (await replicas(2)) as [Coordination, Coordination];
    const notes = new Map([
      ["a", "first\nnote"],
      ["b", ""],
    ]);
    expect((await one.intents.declare(notes, 90 * SECOND, "call 1")).size).toBe(0);
    const before = await two.intents.declare(new Map([...notes, ["c", "other"]]), 90 * SECOND, "call 2");
    expect([...before.keys()].sort()).toEqual(["a", "b"]);
    expect(before.get("a")).toMatchObject({ note: "first\nnote", holder: "call 1" });

    const known = await one.intents.known(["a", "b", "c", "d"]);
    expect([...known].map(([key, { note, holder }]) => [key, note, holder]).sort()).toEqual([
      ["a", "first\nnote", "call 1"],
      ["b", "", "call 1"],
      ["c", "other", "call 2"],
    ]);
    expect(known.get("c")?.leftMs).toBeGreaterThan(80 * SECOND);
  });

  test.skipIf(!isPossible)("keeps and forgets only the holder's own intents", async () => {
    const [one, two] = (await replicas(2)) as [Coordination, Coordination];
    await one.intents.declare(new Map([["a", "sent"]]), 90 * SECOND, "call 1");
    await one.intents.keep(new Map([["a", "accepted"]]), 80 * SECOND, "call 1");
    await two.intents.keep(new Map([["a", "stolen"]]), 90 * SECOND, "call 2");
    await two.intents.forget(["a"], "call 2");
    const known = await two.intents.known(["a"]);
    expect(known.get("a")).toMatchObject({ note: "accepted", holder: "call 1" });
    expect(known.get("a")?.leftMs).toBeLessThanOrEqual(80 * SECOND);

    // Another replica may forget it in the name of its holder: its effect was found.
    await two.intents.forget(["a"], "call 1");
    expect((await two.intents.known(["a"])).size).toBe(0);
    expect((await two.intents.declare(new Map([["a", ""]]), SECOND, "call 2")).size).toBe(0);
  });

  test.skipIf(!isPossible)(
    "remembers a write that is in doubt no longer, and lets another call declare it",
    async () => {
      const [one, two] = (await replicas(2)) as [Coordination, Coordination];
      await one.intents.declare(new Map([["a", "sent"]]), 90 * SECOND, "call 1");
      await one.intents.keep(new Map([["a", "told"]]), 0, "call 1");
      const known = (await two.intents.known(["a"])).get("a");
      expect(known).toMatchObject({ note: "told", holder: "call 1" });
      expect(known?.leftMs).toBeLessThanOrEqual(0);

      expect((await two.intents.declare(new Map([["a", "again"]]), 90 * SECOND, "call 2")).size).toBe(0);
      // The first call learns something late: it must not take the place of the second.
      await one.intents.keep(new Map([["a", "late"]]), 90 * SECOND, "call 1");
      await one.intents.forget(["a"], "call 1");
      expect((await two.intents.known(["a"])).get("a")).toMatchObject({ note: "again", holder: "call 2" });
    },
  );

  test.skipIf(!isPossible)(
    "limits a client's rate over all replicas, and lets no other client pay for it",
    async () => {
      const all = await replicas(3);
      const spend = async (client: string, units: number, replica: Coordination) =>
        replica.rates.take(client, units) || (await replica.rates.share(client, units)) || 0;
      let allowed = 0;
      for (let request = 0; request < 60; request += 1) {
        const replica = all[request % all.length] as Coordination;
        if ((await spend("client", 3, replica)) === 0) allowed += 3;
      }
      // The bucket holds 100 units, and gains 10 per second in the meantime.
      expect(allowed).toBeGreaterThanOrEqual(99);
      expect(allowed).toBeLessThan(2 * RATE.burst);
      expect(await spend("other", 3, all[0] as Coordination)).toBe(0);
    },
  );

  test.skipIf(!isPossible)("knows a registered text with each replica", async () => {
    const [one, two] = (await replicas(2)) as [Coordination, Coordination];
    expect(await two.texts.get(HASH)).toBeUndefined();
    one.texts.set(HASH, TEXT);
    await expect.poll(() => two.texts.get(HASH)).toBe(TEXT);
    expect(two.texts.get(HASH)).toBe(TEXT);
  });
});
