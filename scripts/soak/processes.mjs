import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

/** Path of a built file. */
export const built = (name) => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));

/** Collects garbage in every thread on SIGUSR2: with garbage in it, memory use means little. */
const COLLECTOR = `
import { BroadcastChannel, isMainThread } from "node:worker_threads";
const channel = new BroadcastChannel("collect");
channel.unref();
channel.onmessage = () => gc();
if (isMainThread) process.on("SIGUSR2", () => channel.postMessage("collect"));
`;
const COLLECT_ON_SIGNAL = ["--expose-gc", "--import", `data:text/javascript,${encodeURIComponent(COLLECTOR)}`];

/** The gateway must survive with this. */
const HEAP_LIMIT = "--max-old-space-size=512";

/** Starts the simulator and a gateway that uses it; `stop` stops both. */
export async function startProcesses() {
  const [simulatorPort, gatewayPort] = [await freePort(), await freePort()];
  const simulator = start([built("simulator/cli.js"), "--port", String(simulatorPort), "--vms", "200"], {});
  const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
  await untilResponding(`${simulatorUrl}/simulator`);
  const gateway = start([HEAP_LIMIT, ...COLLECT_ON_SIGNAL, built("main.js")], {
    CLOUDTOWER_URL: simulatorUrl,
    PORT: String(gatewayPort),
    HOST: "127.0.0.1",
    LOG_LEVEL: "fatal",
    UPSTREAM_TIMEOUT_SECONDS: "2",
    // Longer than a write that the simulator does late.
    UPSTREAM_WRITE_TIMEOUT_SECONDS: "15",
    WRITE_VERIFY_SECONDS: "3",
    OPERATION_TIMEOUT_SECONDS: "10",
    UPSTREAM_MAX_ANSWER_MIB: "16",
  });
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`;
  await untilResponding(`${gatewayUrl}/readyz`);
  return {
    simulator: simulatorUrl,
    gateway: gatewayUrl,
    pid: gateway.pid,
    /** Whether the gateway has exited, which it never should. */
    hasExited: () => gateway.exitCode !== null || gateway.signalCode !== null,
    collectGarbage: () => gateway.kill("SIGUSR2"),
    async stop() {
      await Promise.all([terminate(gateway), terminate(simulator)]);
    },
  };
}

/** Starts a Node process whose output is dropped, apart from errors. */
export function start(args, settings) {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ["ignore", "ignore", "inherit"],
  });
  child.once("exit", (code) => {
    if (code) process.stderr.write(`node ${args.join(" ")} exited with code ${code}\n`);
  });
  return child;
}

/** Ends a process in order. */
export function terminate(child) {
  if (child.exitCode !== null || child.signalCode !== null) return undefined;
  return new Promise((resolve) => {
    child.once("exit", resolve);
    child.kill("SIGTERM");
  });
}

/** Resolves when a URL responds with success. */
export async function untilResponding(url) {
  const until = performance.now() + 30_000;
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    if (performance.now() > until) throw new Error(`${url} did not respond within 30 s.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A port that is not in use. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
