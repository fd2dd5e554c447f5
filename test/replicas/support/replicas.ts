import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { type Simulator, startSimulator } from "../../../src/simulator/simulator.js";
import { startRedis, type TestRedis } from "../../support/redis.js";

/** How long a lease lasts. */
export const LEASE_MS = 2_000;
/** How long a write stays in doubt after it was sent, and one lease more. */
export const DOUBT_SECONDS = 60;

/** Outcome of `createVmSnapshot`. */
export interface Outcome {
  readonly snapshot: { readonly cloudTowerId: string } | null;
  readonly created: boolean;
  readonly codes: readonly string[];
}

/** One gateway process. */
export interface Replica {
  readonly url: string;
  readonly process: ChildProcess;
  /** @throws if the connection breaks or the response has GraphQL errors. */
  create(vmId: string, name: string): Promise<Outcome>;
  query(query: string, headers?: Record<string, string>): Promise<Response>;
  /** Registers an operation by its hash. */
  register(query: string): Promise<Response>;
  /** Ends the process as a crash would. */
  kill(): Promise<void>;
}

/** Several gateways over one simulated CloudTower and one Redis. */
export interface Replicas {
  readonly redis: TestRedis;
  readonly simulator: Simulator;
  readonly all: readonly Replica[];
  /** The next replica, in turns. */
  next(): Replica;
  /** Starts a replica in the place of another one. */
  replace(replica: Replica): Promise<Replica>;
  vmId(): string;
  /** Number of snapshots that a VM has under a name, whoever made them. */
  snapshots(vmId: string, name: string): number;
  stop(): Promise<void>;
}

const CREATE = `mutation Create($input: CreateVmSnapshotInput!) {
  createVmSnapshot(input: $input) { snapshot { cloudTowerId } created errors { code } } }`;

/** Starts them; the test stops them. */
export async function startReplicas(count: number, env: Record<string, string> = {}): Promise<Replicas> {
  const redis = await startRedis();
  const simulator = await startSimulator({ vms: 40, taskSeconds: 0 });
  const token = simulator.users[0]?.token ?? "";
  const settings = {
    CLOUDTOWER_URL: simulator.url,
    REDIS_URL: redis.url,
    LEASE_MS: String(LEASE_MS),
    LOG_LEVEL: "fatal",
    TASK_POLL_QUICK_MS: "20",
    WRITE_VERIFY_SECONDS: "1",
    UPSTREAM_WRITE_TIMEOUT_SECONDS: String(DOUBT_SECONDS),
    OPERATION_TIMEOUT_SECONDS: "15",
    ...env,
  };
  const all = await Promise.all(Array.from({ length: count }, () => startReplica(settings, token)));
  let turn = 0;
  let vms = 0;
  return {
    redis,
    simulator,
    all,
    next: () => {
      turn += 1;
      return all[turn % all.length] as Replica;
    },
    async replace(replica) {
      const started = await startReplica(settings, token);
      all[all.indexOf(replica)] = started;
      return started;
    },
    vmId() {
      vms += 1;
      const row = simulator.control.rows("Vm", { in_recycle_bin: false })[vms];
      return String(row?.id);
    },
    snapshots: (vmId, name) => simulator.control.rows("VmSnapshot", { vm: { id: vmId }, name }).length,
    async stop() {
      for (const replica of all) await replica.kill();
      await simulator.stop();
      await redis.stop();
    },
  };
}

async function startReplica(settings: Record<string, string>, token: string): Promise<Replica> {
  const child = spawn(process.execPath, ["test/replicas/support/replica.mjs"], {
    env: { PATH: process.env.PATH, PORT: "0", HOST: "127.0.0.1", ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const [, url = ""] = /listens on (\S+)/.exec(String(line)) ?? [];
  child.stdout.resume();
  const send = (body: object, headers: Record<string, string> = {}) =>
    fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: token, ...headers },
      body: JSON.stringify(body),
    });
  return {
    url,
    process: child,
    query: (query, headers) => send({ query }, headers),
    register(query) {
      const sha256Hash = createHash("sha256").update(query).digest("hex");
      return send({ query, extensions: { persistedQuery: { version: 1, sha256Hash } } });
    },
    async create(vmId, name) {
      const response = await send({ query: CREATE, variables: { input: { vmId, name } } });
      const { data, errors } = (await response.json()) as {
        data: { createVmSnapshot: Outcome & { errors: { code: string }[] } } | null;
        errors?: unknown;
      };
      if (!data?.createVmSnapshot) throw new Error(JSON.stringify(errors));
      const { snapshot, created, errors: items } = data.createVmSnapshot;
      return { snapshot, created, codes: items.map(({ code }) => code) };
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

/** What a client is told while a lease runs out, or Redis is away: nothing was written. */
const NOT_WRITTEN = ["COORDINATION_UNAVAILABLE", "WRITE_QUEUED"];

/** Whether the outcome says that nothing was written because of the replicas, and to try again. */
export function isNotWritten({ codes }: Outcome): boolean {
  return codes.some((code) => NOT_WRITTEN.includes(code));
}

/** Repeats a call with one replica while nothing is written because of the replicas. */
export async function whenPossible(replica: Replica, vmId: string, name: string): Promise<Outcome> {
  for (;;) {
    const outcome = await replica.create(vmId, name);
    if (!isNotWritten(outcome)) return outcome;
    await pause();
  }
}

/** Repeats a call with one replica after the other until it has no error, as a backup product does. @returns all outcomes. */
export async function untilDone(replicas: Replicas, vmId: string, name: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (;;) {
    const outcome = await replicas
      .next()
      .create(vmId, name)
      .catch(() => undefined);
    if (outcome !== undefined) outcomes.push(outcome);
    if (outcome?.codes.length === 0) return outcomes;
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
