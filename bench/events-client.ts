/**
 * Subscribers to the ends of tasks over a few WebSockets, in their own process. Started by fork: `events-client.js <url> <connections>
 * <subscribers>`. Sends "connected", then one message to the runner at the end of each phase of EventsMessage.
 */
import { type Client, createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { quantile } from "./statistics.js";

/** Ends of tasks by id, in milliseconds since 1970. */
export type Ends = Readonly<Record<string, number>>;

/** From the runner: subscribe, or which tasks end when, or catch up. */
export type EventsMessage =
  | { readonly kind: "subscribe" }
  | { readonly kind: "ends"; readonly ends: Ends }
  | { readonly kind: "catch-up"; readonly after: string; readonly events: number };

/** To the runner, when each subscriber has got the end of each task, or after a timeout. */
export interface EndsReport {
  /** Time from the end of a task upstream to the event at a subscriber. */
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Number of events that subscribers have not got, and of those that they have got again. */
  readonly lost: number;
  readonly doubled: number;
  readonly errors: readonly string[];
}

/** To the runner, when one stream has got all missed events, or after a timeout. */
export interface CatchUpReport {
  readonly seconds: number;
  readonly events: number;
  readonly doubled: number;
  /** Number of streams that were ended because their reader lagged, and resumed. */
  readonly lagged: number;
  readonly errors: readonly string[];
}

interface EventResult {
  readonly taskEvents: { readonly kind: string; readonly taskId: string | null };
}

const QUERY = `subscription Follow($after: EventCursor) {
  taskEvents(filter: { kind: { in: [ENDED] } }, after: $after) { id kind at taskId task { status progress } }
}`;
const GRACE_MS = 15_000;
const CATCH_UP_MS = 120_000;

const [url = "", connectionCount = "1", subscriberCount = "1"] = process.argv.slice(2);
const subscribers = Array.from({ length: Number(subscriberCount) }, () => new Map<string, number>());
const errors = new Set<string>();
let waitsMs: number[] = [];
let doubled = 0;
let ends: Ends = {};

const clients = await Promise.all(Array.from({ length: Number(connectionCount) }, connect));
process.send?.("connected");

process.on("message", async (message: EventsMessage) => {
  if (message.kind === "subscribe") {
    await Promise.all(subscribers.map((seen, index) => follow(clients[index % clients.length] as Client, seen)));
    process.send?.("subscribed");
  } else if (message.kind === "ends") {
    process.send?.(await untilReceived(message.ends));
  } else {
    process.send?.(await catchUp(message.after, message.events));
  }
});
process.on("disconnect", () => process.exit());

function connect(): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client: Client = createClient({
      url,
      webSocketImpl: WebSocket,
      lazy: false,
      retryAttempts: 0,
      connectionParams: { Authorization: "bench-0" },
      onNonLazyError: reject,
      on: { connected: () => resolve(client) },
    });
  });
}

/** Subscribes, and resolves with the first bookmark. */
function follow(client: Client, seen: Map<string, number>): Promise<void> {
  return new Promise((resolve) => {
    const fail = (error: unknown) => {
      errors.add(textOf(error));
      resolve();
    };
    client.subscribe<EventResult>(
      { query: QUERY },
      {
        next({ data, errors: eventErrors }) {
          if (eventErrors) fail(eventErrors);
          const taskId = data?.taskEvents.taskId;
          if (taskId) receive(seen, taskId);
          resolve();
        },
        error: fail,
        complete: () => errors.add("a stream has completed"),
      },
    );
  });
}

function receive(seen: Map<string, number>, taskId: string): void {
  const atMs = Date.now();
  if (seen.has(taskId)) doubled += 1;
  seen.set(taskId, atMs);
  const endMs = ends[taskId];
  if (endMs !== undefined) waitsMs.push(atMs - endMs);
}

async function untilReceived(given: Ends): Promise<EndsReport> {
  ends = given;
  waitsMs = [];
  doubled = 0;
  const times = Object.values(given);
  const expected = times.length * subscribers.length;
  const deadlineMs = Math.max(...times) + GRACE_MS;
  while (Date.now() < deadlineMs && waitsMs.length < expected) await pause();
  return {
    medianMs: quantile(waitsMs, 0.5),
    p99Ms: quantile(waitsMs, 0.99),
    maxMs: quantile(waitsMs, 1),
    lost: expected - (waitsMs.length - doubled),
    doubled,
    errors: [...errors],
  };
}

/** Reads everything after a cursor with one stream, which is resumed if it is ended because it lags. */
async function catchUp(after: string, events: number): Promise<CatchUpReport> {
  const client = await connect();
  const seen = new Set<string>();
  const failures: string[] = [];
  let [again, lagged] = [0, 0];
  let from: string | undefined = after;
  const began = performance.now();
  const deadline = began + CATCH_UP_MS;
  while (from !== undefined && seen.size < events && performance.now() < deadline) {
    const stream: AsyncIterableIterator<{
      data?: EventResult | null;
      errors?: readonly unknown[];
      extensions?: unknown;
    }> = client.iterate<EventResult>({ query: QUERY, variables: { after: from } });
    from = undefined;
    try {
      for await (const { data, errors: eventErrors, extensions } of stream) {
        if (eventErrors !== undefined) {
          const text = textOf(eventErrors);
          if (!text.includes("EVENTS_LAGGED")) failures.push(text);
          else lagged += 1;
          from = (extensions as { cursor?: string } | undefined)?.cursor;
          break;
        }
        const taskId = data?.taskEvents.taskId;
        if (!taskId) continue;
        if (seen.has(taskId)) again += 1;
        seen.add(taskId);
        if (seen.size >= events || performance.now() > deadline) break;
      }
    } catch (error) {
      failures.push(textOf(error));
    }
  }
  const seconds = (performance.now() - began) / 1000;
  await client.dispose();
  return { seconds, events: seen.size, doubled: again, lagged, errors: failures };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : JSON.stringify(error);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 200));
}
