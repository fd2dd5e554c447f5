import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "graphql-ws";
import { expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { startSimulator } from "../../src/simulator/simulator.js";
import { freePort, hasRedis, startRedis } from "../support/redis.js";

const hasProxy = ["nginx -v", "openssl version"].every((command) => {
  const [program = "", ...args] = command.split(" ");
  return spawnSync(program, args).status === 0;
});
if (!hasProxy) process.stdout.write("SKIPPED: nginx or openssl is not installed, so the proxy is not tested.\n");

/** The built gateway on a port; it serves when this resolves. */
async function startGateway(port: number, env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["dist/main.js"], {
    env: { PATH: process.env.PATH, HOST: "127.0.0.1", PORT: String(port), LOG_LEVEL: "fatal", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  child.stdout.resume();
  return child;
}

/** nginx with the configuration of deploy/, in front of these ports. @returns its port and its certificate. */
async function startProxy(ports: readonly [number, number]) {
  const directory = mkdtempSync(join(tmpdir(), "towerql-nginx-"));
  const port = await freePort();
  const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const files = ["-keyout", join(directory, "tls.key"), "-out", join(directory, "tls.crt")];
  spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...name, ...files]);
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${directory}/${kind};`,
  );
  const configuration = readFileSync("deploy/proxies/nginx.conf", "utf8")
    .replace("gateway-1:4000", `127.0.0.1:${ports[0]}`)
    .replace("gateway-2:4000", `127.0.0.1:${ports[1]}`)
    .replace("listen 443", `listen 127.0.0.1:${port}`)
    .replace("/run/nginx.pid", join(directory, "nginx.pid"))
    .replaceAll("certificates/tls", join(directory, "tls"))
    .replace("keepalive_timeout 4s", "keepalive_timeout 200ms")
    .replace("http {", `http {\naccess_log off;\n${paths.join("\n")}`);
  writeFileSync(join(directory, "nginx.conf"), configuration);
  const args = ["-p", directory, "-c", join(directory, "nginx.conf"), "-e", join(directory, "error.log")];
  const child = spawn("nginx", [...args, "-g", "daemon off;"], { stdio: "inherit" });
  onTestFinished(() => {
    child.kill("SIGTERM");
    rmSync(directory, { recursive: true, force: true });
  });
  return { port, ca: readFileSync(join(directory, "tls.crt"), "utf8") };
}

/** Error items after which nothing was written, so that a client sends the same call again. */
const AGAIN = new Set(["GATEWAY_STOPPING", "COORDINATION_UNAVAILABLE", "WRITE_QUEUED"]);
const EVENTS =
  "subscription ($after: EventCursor) { taskEvents(after: $after, filter: { kind: { eq: ENDED } }) { id kind cursor taskId } }";

/** Follows the ends of tasks, and goes on after the last cursor whenever the connection ends. */
function followTasks(connect: () => Client) {
  const ids: string[] = [];
  let after: string | undefined;
  let connections = 0;
  let running = true;
  let client: Client | undefined;
  const followed = (async () => {
    while (running) {
      client = connect();
      connections += 1;
      try {
        for await (const { data } of client.iterate<{ taskEvents: Record<string, string> | null }>({
          query: EVENTS,
          variables: { after },
        })) {
          const event = data?.taskEvents;
          if (event == null) continue;
          after = event.cursor;
          if (event.kind !== "BOOKMARK") ids.push(String(event.taskId));
        }
      } catch {
        // As after the end: subscribe again.
      }
      await client.dispose();
    }
  })();
  return {
    ids,
    get hasBegun() {
      return after !== undefined;
    },
    get connections() {
      return connections;
    },
    async stop() {
      running = false;
      await client?.dispose();
      await followed;
    },
  };
}

test.skipIf(!hasRedis || !hasProxy)(
  "a rolling restart behind the TLS proxy loses no request and no event, and WebSockets and event streams pass through it",
  async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const simulator = await startSimulator({ vms: 10, taskSeconds: 0 });
    onTestFinished(() => simulator.stop());
    const ports = [await freePort(), await freePort()] as const;
    const env = { CLOUDTOWER_URL: simulator.url, REDIS_URL: redis.url, SHUTDOWN_DELAY_SECONDS: "1" };
    const gateways = [await startGateway(ports[0], env), await startGateway(ports[1], env)];
    const { port, ca } = await startProxy(ports);
    const agent = new Agent({ ca, keepAlive: true });
    const token = simulator.users[0]?.token as string;
    const headers = { "content-type": "application/json", authorization: token };

    const send = (path: string, body?: object, more: object = {}) =>
      new Promise<{ status?: number; text: string }>((resolve, reject) => {
        const options = { port, path, agent, ca, method: body ? "POST" : "GET", headers: { ...headers, ...more } };
        const call = request({ host: "localhost", ...options }, async (response) => {
          let text = "";
          for await (const chunk of response) text += chunk;
          resolve({ status: response.statusCode, text });
        });
        call.once("error", reject);
        call.end(body && JSON.stringify(body));
      });

    await expect.poll(async () => (await send("/readyz").catch(() => undefined))?.status).toBe(200);
    expect((await send("/metrics")).status).toBe(404);
    const task = simulator.control.rows("Task", { status: "SUCCESSED" })[0]?.id;
    const subscription = `subscription { taskProgress(taskId: "${task}") { status } }`;
    const streamed = await send("/graphql", { query: subscription }, { accept: "text/event-stream" });
    expect(streamed.text).toMatch(/event: next[\s\S]*SUCCEEDED[\s\S]*event: complete/);
    class TrustingSocket extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { ca });
      }
    }
    const connect = () =>
      createClient({
        url: `wss://localhost:${port}/graphql`,
        webSocketImpl: TrustingSocket,
        connectionParams: { authorization: token },
        retryAttempts: 0,
      });
    const client = connect();
    const events = [];
    for await (const event of client.iterate({ query: subscription })) events.push(event);
    expect(events.at(-1)).toMatchObject({ data: { taskProgress: { status: "SUCCEEDED" } } });
    await client.dispose();

    const follower = followTasks(connect);
    await expect.poll(() => follower.hasBegun).toBe(true);
    let running = true;
    let served = 0;
    const failures: unknown[] = [];
    const load = Array.from({ length: 2 }, async () => {
      while (running) {
        const { status, text } = await send("/graphql", { query: "{ vms(first: 2) { nodes { name } } }" }).catch(
          (error: unknown) => ({ status: 0, text: String(error) }),
        );
        if (status === 200 && text.startsWith('{"data":{"vms"')) served += 1;
        else failures.push(`${status} ${text}`);
        // Now and then idle, so that connections of the proxy are too.
        await new Promise((resolve) => setTimeout(resolve, served % 10 === 0 ? 250 : 20));
      }
    });
    const vms = simulator.control.rows("Vm", { in_recycle_bin: false });
    const names: string[] = [];
    const writes = (async () => {
      while (running) {
        const name = `night-${names.length}`;
        const vmId = vms[names.length % vms.length]?.id;
        names.push(name);
        const query = `mutation { createVmSnapshot(input: { vmId: "${vmId}", name: "${name}" }) { errors { code } } }`;
        for (let isDone = false; !isDone; ) {
          const { status, text } = await send("/graphql", { query });
          const codes = [...text.matchAll(/"code":"(\w+)"/g)].map(([, code = ""]) => code);
          isDone = codes.length === 0;
          if (status !== 200 || codes.some((code) => !AGAIN.has(code))) failures.push(`${status} ${text}`);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    })();
    for (const [index, gateway] of gateways.entries()) {
      gateway.kill("SIGTERM");
      const address = `http://127.0.0.1:${ports[index]}`;
      await expect.poll(async () => (await fetch(`${address}/readyz`)).status).toBe(503);
      expect((await fetch(`${address}/healthz`)).status).toBe(200);
      const [code] = gateway.exitCode === null ? await once(gateway, "exit") : [gateway.exitCode];
      expect(code).toBe(0);
      if (gateway === gateways.at(-1)) break;
      await startGateway(ports[index] as number, env);
      // The last failure that the proxy has seen is longer ago than its fail_timeout of one second: it uses this replica again.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
    }
    running = false;
    await Promise.all([...load, writes]);
    expect(failures).toEqual([]);
    expect(served).toBeGreaterThan(50);
    // Each snapshot was made once, and the end of each task was told once.
    const made = simulator.control.rows("VmSnapshot").filter(({ name }) => names.includes(String(name)));
    expect(made.map(({ name }) => name).sort()).toEqual([...names].sort());
    const tasks = simulator.control
      .rows("Task", { status: "SUCCESSED" })
      .filter(({ resource_id }) => made.some(({ id }) => id === resource_id))
      .map(({ id }) => String(id));
    expect(tasks).toHaveLength(names.length);
    await expect.poll(() => [...follower.ids].sort()).toEqual(tasks.sort());
    expect(follower.connections).toBeGreaterThan(1);
    await follower.stop();
    agent.destroy();
  },
  60_000,
);
