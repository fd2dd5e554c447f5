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

/** Starts a Redis on a free port of loopback. @param options further ones of redis-server, such as `--requirepass`. */
export async function startRedis(options: readonly string[] = []): Promise<TestRedis> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "towerql-redis-"));
  let child: ChildProcess | undefined;
  const start = async () => {
    const fixed = [
      "--port",
      String(port),
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--appendonly",
      "no",
      "--dir",
      directory,
    ];
    child = spawn("redis-server", [...fixed, ...options], { stdio: ["ignore", "pipe", "inherit"] });
    for await (const chunk of child.stdout as NodeJS.ReadableStream) {
      if (String(chunk).includes("Ready to accept connections")) break;
    }
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

/** A port that is not in use. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
