/**
 * Many subscriptions over a few WebSockets, in their own process. Started by fork: `watchers-client.js <url> <connections> <watchers>`.
 * Sends "connected", then one message to the runner at the end of each phase of WatchersMessage.
 */
import { type Client, createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { quantile } from "./statistics.js";
import { endOfTask, TASK_COUNT, type TaskEnds, taskId } from "./stub-upstream/tasks.js";

/** From the runner: subscribe, or when the tasks will end. */
export type WatchersMessage = { readonly kind: "subscribe" } | { readonly kind: "ends"; readonly ends: TaskEnds };

/** To the runner, when each watcher has received the final state of its task, or after a timeout. */
export interface WatchersReport {
  /** Time from the end of a task upstream to the event at a watcher. */
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly events: number;
  /** Number of watchers that received exactly one final event, and whose stream completed. */
  readonly complete: number;
  readonly errors: readonly string[];
}

interface TaskEvent {
  readonly taskProgress: { readonly status: string };
}

const QUERY = "subscription Watch($taskId: ID!) { taskProgress(taskId: $taskId) { id status progress } }";
const FINAL = new Set(["SUCCEEDED", "FAILED"]);
const GRACE_MS = 15_000;

const [url = "", connectionCount = "1", watcherCount = "1"] = process.argv.slice(2);
const watchers = Array.from({ length: Number(watcherCount) }, (_, index) => ({
  task: index % TASK_COUNT,
  events: 0,
  finalEventsAtMs: [] as number[],
  completed: false,
}));
type Watcher = (typeof watchers)[number];
const errors: string[] = [];

const clients = await Promise.all(Array.from({ length: Number(connectionCount) }, connect));
process.send?.("connected");

process.on("message", async (message: WatchersMessage) => {
  if (message.kind === "subscribe") {
    // Adjacent watchers have different tasks, so each connection has watchers of many tasks.
    await Promise.all(watchers.map((watcher, index) => watch(clients[index % clients.length] as Client, watcher)));
    process.send?.("subscribed");
  } else {
    await untilComplete(message.ends.toMs + GRACE_MS);
    process.send?.(report(message.ends));
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

/** Subscribes, and resolves with the first event. */
function watch(client: Client, watcher: Watcher): Promise<void> {
  return new Promise((resolve) => {
    const fail = (error: unknown) => {
      errors.push(error instanceof Error ? error.message : JSON.stringify(error));
      resolve();
    };
    client.subscribe<TaskEvent>(
      { query: QUERY, variables: { taskId: taskId(watcher.task) } },
      {
        next: ({ data, errors: eventErrors }) => {
          watcher.events++;
          if (eventErrors) fail(eventErrors);
          if (data && FINAL.has(data.taskProgress.status)) watcher.finalEventsAtMs.push(Date.now());
          resolve();
        },
        error: fail,
        complete: () => {
          watcher.completed = true;
        },
      },
    );
  });
}

async function untilComplete(deadlineMs: number): Promise<void> {
  while (Date.now() < deadlineMs && watchers.some(({ completed }) => !completed)) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function report(ends: TaskEnds): WatchersReport {
  const waitsMs = watchers.flatMap(({ task, finalEventsAtMs }) =>
    finalEventsAtMs.map((at) => at - endOfTask(task, ends)),
  );
  return {
    medianMs: quantile(waitsMs, 0.5),
    p99Ms: quantile(waitsMs, 0.99),
    maxMs: quantile(waitsMs, 1),
    events: watchers.reduce((sum, { events }) => sum + events, 0),
    complete: watchers.filter(({ finalEventsAtMs, completed }) => completed && finalEventsAtMs.length === 1).length,
    errors: [...new Set(errors)].slice(0, 5),
  };
}
