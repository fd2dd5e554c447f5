import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { TRIVIAL_QUERY } from "./queries.js";
import type { StubRequest, StubStatistics } from "./stub-upstream/main.js";

/** A program that serves the benchmark's operations over HTTP. */
export interface Contender {
  readonly name: string;
  /** Compiled JavaScript, run by plain node. */
  readonly script: string;
  /** Directory for CPU profiles. @default no profiles */
  readonly profileDirectory?: string;
}

/** All contenders; the first is the reference. */
export const CONTENDERS: readonly Contender[] = [
  { name: "hand-written", script: compiled("./hand-written/main.js") },
  { name: "towerql", script: fileURLToPath(new URL("../../../dist/main.js", import.meta.url)) },
  { name: "baseline", script: compiled("./baseline/main.js") },
];

/** Maximum `first` in the scenarios; the gateway is configured to allow it. */
export const MAX_PAGE_SIZE = 10_000;

/** This checkout's gateway, to be compared with that of another checkout, which comes first. Both must have been built. */
export function twoGateways(otherCheckout: string): Contender[] {
  const other = { name: "other", script: resolve(otherCheckout, "dist/main.js") };
  return [other, ...CONTENDERS.filter(({ name }) => name === "towerql")];
}

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 5_000;

/** The named contenders, or all, as far as they are built. Always includes the reference. */
export function availableContenders(names: readonly string[] | undefined): Contender[] {
  const selected = CONTENDERS.filter(({ name }) => name === "hand-written" || !names || names.includes(name));
  return selected.filter(({ name, script }) => {
    if (existsSync(script)) return true;
    console.error(`skipped ${name}: ${script} does not exist`);
    return false;
  });
}

/** The stub upstream in its own process. */
export class StubProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(vmCount: number, snapshotCount: number): Promise<StubProcess> {
    const child = fork(compiled("./stub-upstream/main.js"), [String(vmCount), String(snapshotCount)], {
      execArgv: ["--max-old-space-size=4096"],
    });
    const [{ port }] = (await once(child, "message")) as [{ port: number }];
    return new StubProcess(child, `http://127.0.0.1:${port}/v2/api`);
  }

  /** Changes the state of the stub, and returns the counts since the last reset. */
  async control(request: StubRequest): Promise<StubStatistics> {
    const reply = once(this.child, "message");
    this.child.send(request);
    const [statistics] = (await reply) as [StubStatistics];
    return statistics;
  }

  stop(): void {
    this.child.kill();
  }
}

/** The process of one contender. CPU time and memory are read from /proc (Linux only). */
export class RunningContender {
  private constructor(
    readonly name: string,
    readonly origin: string,
    private readonly child: ChildProcess,
  ) {}

  /** Resolves when the process responds to a trivial query. Throws with the end of its stderr if it does not. */
  static async start({ name, script, profileDirectory }: Contender, upstreamUrl: string): Promise<RunningContender> {
    const port = await freePort();
    const nodeOptions = ["--expose-gc", "--import", compiled("./memory-reporter.js")];
    if (profileDirectory) {
      // One file for each thread: the gateway serves in a worker.
      nodeOptions.push("--cpu-prof", `--cpu-prof-dir=${join(profileDirectory, name)}`);
    }
    const child = spawn(process.execPath, [...nodeOptions, script], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { PATH: process.env.PATH, NODE_ENV: "production", ...gatewayEnvironment(upstreamUrl, port) },
    });
    let stderrTail = "";
    child.stderr?.on("data", (chunk) => {
      stderrTail = (stderrTail + chunk).slice(-2000);
    });
    const contender = new RunningContender(name, `http://127.0.0.1:${port}`, child);
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await contender.isReady())) {
      if (child.exitCode !== null || Date.now() > deadline) {
        await contender.stop();
        throw new Error(`${name} did not start: ${stderrTail}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return contender;
  }

  /** CPU time of all threads since the start. Uses schedstat with its nanoseconds, because a turn may take only a few ticks. */
  cpuSeconds(): number {
    const tasks = `/proc/${this.child.pid}/task`;
    let nanoseconds = 0;
    for (const task of readdirSync(tasks)) {
      nanoseconds += Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ")[0]);
    }
    return nanoseconds / 1e9;
  }

  /** Maximum resident set size since the start. */
  peakMemoryBytes(): number {
    const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, "utf8")) ?? [];
    return Number(kibibytes) * 1024;
  }

  /** Bytes in use on the heap and in buffers after a full garbage collection. */
  async liveBytes(): Promise<number> {
    const reported = once(this.child, "message");
    this.child.send("collect");
    const [liveBytes] = (await reported) as [number];
    return liveBytes;
  }

  /** Stops the process and waits for it, so that it can write its profile. Safe to call twice. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, "exit");
    const killTimer = setTimeout(() => this.child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    this.child.kill();
    await exited;
    clearTimeout(killTimer);
  }

  private async isReady(): Promise<boolean> {
    const response = await fetch(`${this.origin}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "bench" },
      body: JSON.stringify({ query: TRIVIAL_QUERY }),
    }).catch(() => undefined);
    await response?.text();
    return response?.status === 200;
  }
}

function gatewayEnvironment(upstreamUrl: string, port: number): Record<string, string> {
  return {
    CLOUDTOWER_URL: upstreamUrl,
    HOST: "127.0.0.1",
    PORT: String(port),
    AUTH_MODE: "forward",
    LOG_LEVEL: "warn",
    MAX_PAGE_SIZE: String(MAX_PAGE_SIZE),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function compiled(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
