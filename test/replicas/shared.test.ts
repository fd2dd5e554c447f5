import { createHash } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.js";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { hasRedis, startRedis, type TestRedis } from "../support/redis.js";
import { overWebSocket } from "../support/transports.js";

const QUERY = "{ vms(first: 1) { nodes { name } } }";

describe.skipIf(!hasRedis)("replicas share", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.stop());

  /** Gateways over one simulator, as soon as they use Redis. */
  async function startAll(env: Record<string, string> = {}): Promise<TestGateway[]> {
    const { url } = (await startGateway()).simulator;
    const settings = { CLOUDTOWER_URL: url, REDIS_URL: redis.url, ...env };
    const gateways: TestGateway[] = [];
    for (let count = 0; count < 3; count += 1) gateways.push(await startGateway({ env: settings }));
    const readiness = () => Promise.all(gateways.map(async (one) => (await fetch(`${one.url}/readyz`)).json()));
    await expect.poll(readiness).toEqual(gateways.map(() => ({ status: "ready", coordination: "available" })));
    return gateways;
  }

  /** Sends a number of queries, to one gateway after the other. @returns how many were executed. */
  async function executed(gateways: readonly TestGateway[], count: number, authorization: string): Promise<number> {
    let done = 0;
    for (let request = 0; request < count; request += 1) {
      const gateway = gateways[request % gateways.length] as TestGateway;
      const response = await gateway.post({ query: QUERY }, { authorization });
      await response.text();
      if (response.status === 200) done += 1;
      else expect([response.status, response.headers.has("retry-after")]).toEqual([429, true]);
    }
    return done;
  }

  test("one rate limit, in at most one command for each operation, and without a limit in none", async () => {
    const gateways = await startAll({ RATE_LIMIT_PER_SECOND: "1", RATE_LIMIT_BURST: "40" });
    const [first] = gateways as [TestGateway];
    const commands = async () => {
      const text = await (await fetch(`${first.url}/metrics`)).text();
      const counts = [
        ...text.matchAll(/^towerql_redis_commands_total\{command="(?!renew)\w+",outcome="ok"\} (\d+)$/gm),
      ];
      return counts.reduce((sum, [, count]) => sum + Number(count), 0);
    };
    const start = performance.now();
    const count = await executed(gateways, 60, first.token);
    const refilled = (performance.now() - start) / 1000;
    expect(await commands()).toBeLessThanOrEqual(20);
    expect(count).toBeGreaterThanOrEqual(40 * 0.9);
    expect(count).toBeLessThanOrEqual((40 + refilled) * 1.1);

    const unlimited = await startGateway({ env: { REDIS_URL: redis.url, RATE_LIMIT_PER_SECOND: "0" } });
    await executed([unlimited], 5, unlimited.token);
    expect(await (await fetch(`${unlimited.url}/metrics`)).text()).not.toContain('command="spend"');
  });

  test("a debt: a subscription over a WebSocket of a replica that the client never used is refused", async () => {
    const { simulator } = await startGateway();
    const env = {
      ...{ CLOUDTOWER_URL: simulator.url, REDIS_URL: redis.url, REDIS_PREFIX: "debt:" },
      ...{ RATE_LIMIT_PER_SECOND: "1", RATE_LIMIT_BURST: "5" },
    };
    const [one, other] = [await startGateway({ env }), await startGateway({ env })];
    const isReady = async ({ url }: TestGateway) =>
      (await (await fetch(`${url}/readyz`)).text()).includes('"available"');
    await expect.poll(() => Promise.all([one, other].map(isReady))).toEqual([true, true]);
    await one.data(QUERY);
    const client = new Redis(redis.port);
    const [bucket = ""] = await client.keys("debt:*:rate:*");
    await client.hset(bucket, "tokens", "-1000");
    client.disconnect();

    const task = simulator.control.rows("Task", {})[0]?.id;
    const result = await overWebSocket(other, `subscription { taskProgress(taskId: "${task}") { status } }`);
    expect(result).toMatchObject({ errors: [{ extensions: { code: "RATE_LIMITED" } }] });
    expect(result.data).toBeUndefined();
  });

  test("operations that clients register by their hash, over HTTP and WebSocket", async () => {
    const [one, two, three] = (await startAll()) as [TestGateway, TestGateway, TestGateway];
    const sha256Hash = createHash("sha256").update(QUERY).digest("hex");
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const byHash = async (gateway: TestGateway) => (await gateway.post({ extensions })).json();
    expect(await byHash(two)).toMatchObject({ errors: [{ message: "PersistedQueryNotFound" }] });
    const registered = await (await one.post({ query: QUERY, extensions })).json();

    await expect.poll(() => byHash(two)).toEqual(registered);
    const overSocket = async () => {
      const events = three.socket().iterate({ query: "", extensions });
      return (await events.next()).value;
    };
    // The first request only makes it known there.
    await expect.poll(() => overSocket().catch(() => undefined)).toEqual(registered);
  });

  test("no text that is not the one of its hash", async () => {
    const [one, two] = (await startAll()) as [TestGateway, TestGateway];
    const query = "{ gateway { version } }";
    const sha256Hash = createHash("sha256").update(query).digest("hex");
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    await one.post({ query, extensions });
    const client = new Redis(redis.port);
    const hashes = await client.keys("*:texts");
    for (const key of hashes)
      if (await client.hexists(key, sha256Hash)) await client.hset(key, sha256Hash, "{ vms { totalCount } }");
    client.disconnect();

    expect(await (await two.post({ extensions })).json()).toMatchObject({
      errors: [{ message: "PersistedQueryNotFound" }],
    });
  });
});

test("without Redis the gateway starts, and says nothing of it", async () => {
  const gateway = await startGateway();
  expect(await (await fetch(`${gateway.url}/readyz`)).json()).toEqual({ status: "ready" });
});

test.skipIf(!hasRedis)("Redis may have a user, a password and a database of its own", async () => {
  const simulator = await startSimulator({ vms: 1 });
  const redis = await startRedis("--user default off --user towerql on >p@ss ~towerql:* +@all".split(" "));
  try {
    const env = { REDIS_URL: redis.url.replace("//", "//towerql:p%40ss@").concat("/3"), CLOUDTOWER_URL: simulator.url };
    const gateway = await startGateway({ env });
    await expect
      .poll(async () => (await fetch(`${gateway.url}/readyz`)).json())
      .toEqual({ status: "ready", coordination: "available" });
  } finally {
    await redis.stop();
    await simulator.stop();
  }
});
