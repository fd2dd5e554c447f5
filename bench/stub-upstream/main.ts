/**
 * A fast fake CloudTower in its own process. Answers are kept by path and body, so that it is never the bottleneck.
 *
 * Started by fork: `main.js <VMs> <snapshots>`; sends `{port}`, then answers each StubRequest with StubStatistics.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { entities } from "../../src/upstream/wire/contract.js";
import type { Entity } from "../../src/upstream/wire/types.js";
import { selectRows, UnsupportedRequest } from "./filter.js";
import { type TaskEnds, tasksAt } from "./tasks.js";
import { createWorld, type World } from "./world.js";

/** What the runner may ask: set the delay of each call, start the tasks afresh, let them end, count afresh. Always answered with the counts so far. */
export interface StubRequest {
  readonly delayMs?: number;
  readonly reset?: boolean;
  readonly startTasks?: boolean;
  readonly taskEnds?: TaskEnds;
}

/** Counts since the last reset. `rounds` is the longest chain of calls of which each began after the one before had ended. */
export interface StubStatistics {
  readonly calls: number;
  readonly bytes: number;
  readonly rounds: number;
  /** Most calls for tasks that came together: polls of one tick. */
  readonly pollsATick: number;
  readonly refused: readonly string[];
}

const CACHE_LIMIT_BYTES = 1 << 30;
/** Calls that are closer together than this belong to one tick of a gateway that polls every 250 ms. */
const TICK_GAP_MS = 100;
const BASE_PATH = "/v2/api/";

class StubUpstream {
  private readonly answers = new Map<string, Buffer>();
  private readonly operations = new Map<string, { entity: Entity; counts: boolean }>();
  private answersBytes = 0;
  private delayMs = 0;
  private calls = 0;
  private bytes = 0;
  private rounds = 0;
  private pollsATick = 0;
  private pollsOfThisTick = 0;
  private lastPollMs = Number.NEGATIVE_INFINITY;
  private refused: string[] = [];
  private tasksStartMs = Date.now();
  private taskEnds: TaskEnds | undefined;

  constructor(private readonly world: World) {
    for (const [entity, { path }] of Object.entries(entities)) {
      this.operations.set(`get-${path}`, { entity: entity as Entity, counts: false });
      this.operations.set(`get-${path}-connection`, { entity: entity as Entity, counts: true });
    }
  }

  handle = (request: IncomingMessage, response: ServerResponse): void => {
    const round = this.rounds + 1;
    this.calls++;
    if (request.url?.endsWith("/get-tasks")) this.countPoll();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { status, body } = this.answer(request, Buffer.concat(chunks).toString());
      const send = () => {
        response.writeHead(status, { "content-type": "application/json", "content-length": body.length });
        response.end(body);
        response.on("finish", () => {
          this.bytes += body.length;
          this.rounds = Math.max(this.rounds, round);
        });
      };
      if (this.delayMs > 0) setTimeout(send, this.delayMs);
      else send();
    });
  };

  /** Gives the counts since the last reset; a reset takes place after that. */
  control({ delayMs, reset, startTasks, taskEnds }: StubRequest): StubStatistics {
    const statistics = {
      calls: this.calls,
      bytes: this.bytes,
      rounds: this.rounds,
      pollsATick: this.pollsATick,
      refused: this.refused,
    };
    if (delayMs !== undefined) this.delayMs = delayMs;
    if (startTasks) {
      this.tasksStartMs = Date.now();
      this.taskEnds = undefined;
    }
    if (taskEnds !== undefined) this.taskEnds = taskEnds;
    if (reset) {
      this.calls = this.bytes = this.rounds = this.pollsATick = 0;
      this.refused = [];
    }
    return statistics;
  }

  private countPoll(): void {
    const nowMs = performance.now();
    this.pollsOfThisTick = nowMs - this.lastPollMs < TICK_GAP_MS ? this.pollsOfThisTick + 1 : 1;
    this.lastPollMs = nowMs;
    this.pollsATick = Math.max(this.pollsATick, this.pollsOfThisTick);
  }

  private answer(request: IncomingMessage, body: string): { status: number; body: Buffer } {
    const operation = (request.url ?? "").slice(BASE_PATH.length);
    if (!request.headers.authorization) return this.refuse(401, operation, "no token");
    const key = `${operation}\n${body}`;
    const known = this.answers.get(key);
    if (known !== undefined) return { status: 200, body: known };
    const target = this.operations.get(operation);
    if (target === undefined) return this.refuse(404, operation, "no such operation");
    try {
      const answer = Buffer.from(this.compute(target.entity, target.counts, body));
      if (target.entity !== "Task") this.keep(key, answer);
      return { status: 200, body: answer };
    } catch (error) {
      if (error instanceof UnsupportedRequest || error instanceof SyntaxError)
        return this.refuse(400, operation, error.message);
      throw error;
    }
  }

  private compute(entity: Entity, counts: boolean, body: string): string {
    const world =
      entity === "Task"
        ? new Map([["Task" as Entity, tasksAt(Date.now(), this.tasksStartMs, this.taskEnds)]])
        : this.world;
    const rows = selectRows(world, entity, JSON.parse(body || "{}"));
    if (counts) return JSON.stringify({ aggregate: { count: rows.length } });
    return `[${rows.map((stored) => stored.json).join(",")}]`;
  }

  private keep(key: string, answer: Buffer): void {
    if (this.answersBytes + answer.length > CACHE_LIMIT_BYTES) {
      this.answers.clear();
      this.answersBytes = 0;
    }
    this.answers.set(key, answer);
    this.answersBytes += answer.length;
  }

  private refuse(status: number, operation: string, reason: string): { status: number; body: Buffer } {
    const message = `${operation}: ${reason}`;
    this.refused.push(message);
    return { status, body: Buffer.from(JSON.stringify({ path: operation, status, message })) };
  }
}

const [vmCount, snapshotCount] = process.argv.slice(2).map(Number);
const stub = new StubUpstream(createWorld(vmCount ?? 1000, snapshotCount ?? 200));
const server = createServer(stub.handle);
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("message", (request) => process.send?.(stub.control(request as StubRequest)));
process.on("disconnect", () => process.exit());
