import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";
import { type RedisAddress, redisUrl } from "../../src/config/redis-url.js";
import { RedisCoordination } from "../../src/coordination/redis/redis-coordination.js";
import { hasRedis, startRedis } from "../support/redis.js";

/** What the gateway's user may do, as docs/scaling.md says. */
const page = readFileSync("docs/scaling.md", "utf8");
const [, rules = ""] = /ACL SETUSER towerql (on .*?)`/.exec(page) ?? [];
const USER = `--user towerql ${rules.replace(">...", ">p@ss")}`.split(" ");

/** Uses everything that is shared. */
async function useAll(address: RedisAddress, ca?: string): Promise<void> {
  const problems: unknown[] = [];
  const observer = { coordinationChanged: (problem: unknown) => problems.push(problem), coordinated() {} };
  const rate = { perSecond: 1, burst: 10 };
  const options = { address, ca, prefix: "towerql:", fingerprint: "tower", rate, leaseMs: 1_000 };
  const coordination = new RedisCoordination(options, observer);
  onTestFinished(() => coordination.stop());
  await expect.poll(() => coordination.shared.isAvailable || problems).toBe(true);
  await expect.poll(() => coordination.leases.take("vm").catch(() => undefined)).toBeDefined();
  expect((await coordination.intents.declare(new Map([["write", "note"]]), 60_000, "call")).size).toBe(0);
  expect((await coordination.intents.known(["write"])).get("write")).toMatchObject({ note: "note" });
  expect(await coordination.rates.share("client", 11)).toBe(0);
  expect(await coordination.rates.share("client", 1)).toBeGreaterThan(0);
  coordination.texts.set("hash", "text");
  expect(await coordination.leases.isHeld("vm")).toBe(true);
}

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "towerql-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function started(options: readonly string[]) {
  const redis = await startRedis(options);
  onTestFinished(() => redis.stop());
  return redis;
}

describe.skipIf(!hasRedis)("Redis may be", () => {
  test("a server with TLS and an authority of its own, and a user with few rights", async () => {
    const directory = temporaryDirectory();
    const [key, certificate] = [join(directory, "key.pem"), join(directory, "certificate.pem")];
    const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const files = ["-keyout", key, "-out", certificate];
    spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...name, ...files]);
    const tls = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate];
    const plain = await started([]);
    await plain.kill();
    const options = ["--tls-port", String(plain.port), ...tls, "--tls-auth-clients", "no"];
    const redis = await started([...options, ...USER, "--user", "default", "off"]);
    expect(redis.port).not.toBe(plain.port);
    const address = redisUrl(`rediss://towerql:p%40ss@localhost:${plain.port}/2`);

    await useAll(address, readFileSync(certificate, "utf8"));
  });

  test("a Cluster", async () => {
    const redis = await started([
      "--cluster-enabled",
      "yes",
      "--cluster-announce-ip",
      "127.0.0.1",
      "--cluster-config-file",
      "nodes.conf",
      ...USER,
      "+cluster",
    ]);
    const client = new Redis(redis.port);
    await client.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    await expect.poll(() => client.call("CLUSTER", "INFO")).toContain("cluster_state:ok");
    client.disconnect();

    await useAll(redisUrl(`redis+cluster://towerql:p%40ss@127.0.0.1:${redis.port},127.0.0.1:1`));
  });

  test("a server that Sentinels know", async () => {
    const redis = await started([]);
    const file = join(temporaryDirectory(), "sentinel.conf");
    writeFileSync(file, `sentinel monitor tower 127.0.0.1 ${redis.port} 1\n`);
    const sentinel = await startRedis([], file);
    onTestFinished(() => sentinel.stop());

    await useAll(redisUrl(`redis+sentinel://127.0.0.1:1,127.0.0.1:${sentinel.port}/tower`));
  });
});

test("its URL has one form each for a server, Sentinels and a Cluster", () => {
  expect(redisUrl("redis://redis.example")).toMatchObject({ kind: "server", tls: false, database: 0 });
  expect(redisUrl("rediss://u:p%40%2F@[::1]:7000/3")).toMatchObject({
    ...{ tls: true, username: "u", password: "p@/", database: 3, nodes: [{ host: "::1", port: 7000 }] },
  });
  expect(redisUrl("redis+sentinel://a,b:1/main/2?sentinel_password=x")).toMatchObject({
    nodes: [
      { host: "a", port: 26_379 },
      { host: "b", port: 1 },
    ],
    ...{ kind: "sentinel", masterName: "main", database: 2, sentinelPassword: "x" },
  });
  const invalid = [
    "redis.example",
    "http://redis",
    "redis://a,b",
    "redis://a/x",
    "redis+sentinel://a",
    "redis+cluster://a/1",
  ];
  for (const url of [...invalid, "redis://a:0", "redis://a?x=1", "redis://u:%@a", "redis://"]) {
    expect(() => redisUrl(url), url).toThrow();
  }
});
