/**
 * A fast fake CloudTower in its own process. Responses are cached by path and body, so that it is never the bottleneck.
 *
 * Started by fork: `main.js <VMs> <snapshots>`; sends `{port}`, then StubStatistics for each StubRequest.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { entities } from "../../src/upstream/wire/contract.js";
import type { Entity } from "../../src/upstream/wire/types.js";
import { type EventPlan, EventTasks } from "./event-tasks.js";
import { selectRows, UnsupportedRequest } from "./filter.js";
import { createTables, type Table, type Tables } from "./tables.js";
import { type TaskEnds, tasksAt } from "./tasks.js";

/** Request of the runner: sets the delay of each call, restarts tasks, lets them end, replaces them by those of a plan, or resets the counts. */
export interface StubRequest {
  readonly delayMs?: number;
  readonly reset?: boolean;
  readonly startTasks?: boolean;
  readonly taskEnds?: TaskEnds;
  readonly events?: EventPlan;
}

/** Counts since the last reset. `rounds` is the longest chain of calls that each started after the previous one ended. */
export interface StubStatistics {
  readonly calls: number;
  readonly bytes: number;
  readonly rounds: number;
  /** Maximum number of calls for tasks in one tick. */
  readonly maxPollsPerTick: number;
  readonly refused: readonly string[];
}

const CACHE_LIMIT_BYTES = 1 << 30;
/** Calls closer together than this are in one tick of a gateway that polls every 250 ms. */
const TICK_GAP_MS = 100;
const BASE_PATH = "/v2/api/";

class StubUpstream {
  private readonly responses = new Map<string, Buffer>();
  private readonly endpoints = new Map<string, { entity: Entity; counts: boolean }>();
  private responsesBytes = 0;
  private delayMs = 0;
  private calls = 0;
  private bytes = 0;
  private rounds = 0;
  private maxPollsPerTick = 0;
  private pollsOfThisTick = 0;
  private lastPollMs = Number.NEGATIVE_INFINITY;
  private refused: string[] = [];
  private tasksStartMs = Date.now();
  private taskEnds: TaskEnds | undefined;
  private eventTasks: EventTasks | undefined;

  constructor(private readonly tables: Tables) {
    for (const [entity, { path }] of Object.entries(entities)) {
      this.endpoints.set(`get-${path}`, { entity: entity as Entity, counts: false });
      this.endpoints.set(`get-${path}-connection`, { entity: entity as Entity, counts: true });
    }
  }

  handle = (request: IncomingMessage, response: ServerResponse): void => {
    const round = this.rounds + 1;
    this.calls++;
    if (request.url?.endsWith("/get-tasks")) this.countPoll();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { status, body } = this.respond(request, Buffer.concat(chunks).toString());
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

  /** Applies a request, and returns the counts before it. */
  control({ delayMs, reset, startTasks, taskEnds, events }: StubRequest): StubStatistics {
    const statistics = {
      calls: this.calls,
      bytes: this.bytes,
      rounds: this.rounds,
      maxPollsPerTick: this.maxPollsPerTick,
      refused: this.refused,
    };
    if (delayMs !== undefined) this.delayMs = delayMs;
    if (startTasks) {
      this.tasksStartMs = Date.now();
      this.taskEnds = undefined;
      this.eventTasks = undefined;
    }
    if (events !== undefined) this.eventTasks = new EventTasks(events);
    if (taskEnds !== undefined) this.taskEnds = taskEnds;
    if (reset) {
      this.calls = this.bytes = this.rounds = this.maxPollsPerTick = 0;
      this.refused = [];
    }
    return statistics;
  }

  private countPoll(): void {
    const nowMs = performance.now();
    this.pollsOfThisTick = nowMs - this.lastPollMs < TICK_GAP_MS ? this.pollsOfThisTick + 1 : 1;
    this.lastPollMs = nowMs;
    this.maxPollsPerTick = Math.max(this.maxPollsPerTick, this.pollsOfThisTick);
  }

  private respond(request: IncomingMessage, body: string): { status: number; body: Buffer } {
    const endpoint = (request.url ?? "").slice(BASE_PATH.length);
    if (!request.headers.authorization) return this.refuse(401, endpoint, "no token");
    const key = `${endpoint}\n${body}`;
    const known = this.responses.get(key);
    if (known !== undefined) return { status: 200, body: known };
    const target = this.endpoints.get(endpoint);
    if (target === undefined) return this.refuse(404, endpoint, "no such endpoint");
    try {
      const response = Buffer.from(this.compute(target.entity, target.counts, body));
      if (target.entity !== "Task") this.cache(key, response);
      return { status: 200, body: response };
    } catch (error) {
      if (error instanceof UnsupportedRequest || error instanceof SyntaxError)
        return this.refuse(400, endpoint, error.message);
      throw error;
    }
  }

  private compute(entity: Entity, counts: boolean, body: string): string {
    const request = JSON.parse(body || "{}");
    const tables = entity === "Task" ? new Map([["Task" as Entity, this.tasks(request.where)]]) : this.tables;
    const rows = selectRows(tables, entity, request);
    if (counts) return JSON.stringify({ aggregate: { count: rows.length } });
    return `[${rows.map((stored) => stored.json).join(",")}]`;
  }

  private tasks(where: unknown): Table {
    return this.eventTasks?.tableAt(Date.now(), where) ?? tasksAt(Date.now(), this.tasksStartMs, this.taskEnds);
  }

  private cache(key: string, response: Buffer): void {
    if (this.responsesBytes + response.length > CACHE_LIMIT_BYTES) {
      this.responses.clear();
      this.responsesBytes = 0;
    }
    this.responses.set(key, response);
    this.responsesBytes += response.length;
  }

  private refuse(status: number, endpoint: string, reason: string): { status: number; body: Buffer } {
    const message = `${endpoint}: ${reason}`;
    this.refused.push(message);
    return { status, body: Buffer.from(JSON.stringify({ path: endpoint, status, message })) };
  }
}

const [vmCount, snapshotCount] = process.argv.slice(2).map(Number);
const stub = new StubUpstream(createTables(vmCount ?? 1000, snapshotCount ?? 200));
const server = createServer(stub.handle);
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("message", (request) => process.send?.(stub.control(request as StubRequest)));
process.on("disconnect", () => process.exit());
