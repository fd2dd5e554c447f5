import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether Debian's redis-server is installed. Without it, tests of replicas are skipped, visibly. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
if (!hasRedis) process.stdout.write("SKIPPED: redis-server is not installed, so nothing that needs Redis is tested.\n");

/** A Redis in a process of its own, without persistence: a restart empties it. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Ends the process as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  start(): Promise<void>;
  /** Stops the process without ending it. */
  pause(): void;
  continue(): void;
  stop(): Promise<void>;
}

/**
 * Starts a Redis on a free port of loopback.
 *
 * @param options further ones of redis-server, such as `--requirepass`.
 * @param sentinel file with the configuration of a Sentinel. @default a server
 */
export async function startRedis(options: readonly string[] = [], sentinel?: string): Promise<TestRedis> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "towerql-redis-"));
  let child: ChildProcess | undefined;
  const start = async () => {
    const common = ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory];
    const kind = sentinel === undefined ? ["--save", "", "--appendonly", "no"] : ["--sentinel"];
    const args = [...(sentinel === undefined ? [] : [sentinel]), ...common, ...options, ...kind];
    child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
    await untilPrinted(child, /Ready to accept connections|Sentinel ID is/);
  };
  const kill = async () => {
    const ended = child;
    child = undefined;
    if (ended === undefined) return;
    ended.kill("SIGKILL");
    if (ended.exitCode === null && ended.signalCode === null) await once(ended, "exit");
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    start,
    kill,
    pause: () => void child?.kill("SIGSTOP"),
    continue: () => void child?.kill("SIGCONT"),
    async stop() {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Resolves when the output matches; it is read to its end, so that the process never waits for a reader. */
function untilPrinted(child: ChildProcess, text: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk;
      if (text.test(output)) resolve();
    });
    child.once("exit", (code) => reject(new Error(`redis-server ended with ${code}: ${output}`)));
  });
}

/** A port that is not in use. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
