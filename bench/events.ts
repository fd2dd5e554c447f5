import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Contender, RunningContender, type StubProcess } from "./contenders.js";
import type { CatchUpReport, EndsReport, EventsMessage } from "./events-client.js";
import { type EventPlan, endOfPastTask, eventTaskId } from "./stub-upstream/event-tasks.js";

/** Results of 10,000 subscriptions to the ends of all tasks with one credential, and of one that catches up. */
export interface EventsMetrics {
  readonly contender: string;
  readonly subscribers: number;
  readonly connections: number;
  readonly bytesPerSubscriber: number;
  /** Upstream calls per second while nothing happens, and while tasks run and end. */
  readonly idleCallsPerSecond: number;
  readonly endingCallsPerSecond: number;
  /** Maximum number of calls for tasks within one tick. */
  readonly maxPollsPerTick: number;
  /** Ends of tasks that were seen running. */
  readonly seen: EndsReport;
  /** Ends of tasks that had ended when they became visible, while nothing else ran. */
  readonly sudden: EndsReport;
  readonly catchUp: CatchUpReport;
  /** CPU time of the gateway per event of a subscriber, and per event that one stream catches up, in seconds. */
  readonly cpuPerEvent: number;
  readonly cpuPerMissedEvent: number;
  /** How much the peak of the gateway's memory grew while one stream caught up. */
  readonly catchUpBytes: number;
}

const CONNECTIONS = 100;
const SUBSCRIBERS = 10_000;
/** Each end is an event for each subscriber. */
const ENDS = 10;
const MISSED_EVENTS = 100_000;
const SETTLE_MS = 3000;
const IDLE_MS = 6000;
/** Longer than all subscribers need to get an event, and not a multiple of an interval of polls. */
const PAUSE_MS = 2037;
const SUDDEN_PAUSE_MS = 2719;

/** Measures a contender that has `subscription taskEvents` over graphql-ws. */
export async function measureEvents(contender: Contender, stub: StubProcess): Promise<EventsMetrics> {
  const plan = (running: readonly number[], sudden: readonly number[]): EventPlan => ({
    ...{ past: MISSED_EVENTS, startMs, running, sudden },
  });
  const startMs = Date.now();
  await stub.control({ delayMs: 0, events: plan([], []) });
  const running = await RunningContender.start(contender, stub.url);
  const url = `${running.origin.replace("http", "ws")}/graphql`;
  const script = fileURLToPath(new URL("./events-client.js", import.meta.url));
  const client = fork(script, [url, String(CONNECTIONS), String(SUBSCRIBERS)]);
  const send = async <T>(message: EventsMessage): Promise<T> => {
    const reply = once(client, "message");
    client.send(message);
    return (await reply)[0];
  };
  try {
    await once(client, "message");
    // The loop of the credential is there with the first subscriber: its memory is not that of the others.
    const bytesBefore = await running.liveBytes();
    console.error(`events: ${SUBSCRIBERS} subscribers`);
    await send({ kind: "subscribe" });
    await sleep(SETTLE_MS);
    const bytesPerSubscriber = ((await running.liveBytes()) - bytesBefore) / SUBSCRIBERS;
    await stub.control({ reset: true });
    await sleep(IDLE_MS);
    const idle = await stub.control({ reset: true });

    const cpuBefore = running.cpuSeconds();
    const seenEnds = timesFrom(Date.now() + 4000, PAUSE_MS);
    await stub.control({ events: plan(seenEnds, []) });
    const seen = await send<EndsReport>({ kind: "ends", ends: byId(MISSED_EVENTS, seenEnds) });
    const ending = await stub.control({ reset: true });
    const cpuPerEvent = (running.cpuSeconds() - cpuBefore) / (ENDS * SUBSCRIBERS - seen.lost);
    const endingSeconds = (Date.now() - (seenEnds[0] ?? 0) + 4000) / 1000;

    console.error(`  ${JSON.stringify({ bytesPerSubscriber, seen })}`);
    const suddenEnds = timesFrom(Date.now() + 8000, SUDDEN_PAUSE_MS);
    await stub.control({ events: plan(seenEnds, suddenEnds) });
    const sudden = await send<EndsReport>({ kind: "ends", ends: byId(MISSED_EVENTS + ENDS, suddenEnds) });
    const { maxPollsPerTick } = await stub.control({});
    console.error(`  ${JSON.stringify({ sudden })}`);

    const peakBefore = running.peakMemoryBytes();
    const after = await cursorAt(running.origin, endOfPastTask(0, plan([], [])));
    const cpuBeforeCatchUp = running.cpuSeconds();
    const catchUp = await send<CatchUpReport>({ kind: "catch-up", after, events: MISSED_EVENTS - 1 });
    // It has no version.
    const refused = (await stub.control({})).refused.find((call) => !call.startsWith("get-version"));
    if (refused !== undefined) throw new Error(`The stub refused: ${refused}`);
    return {
      contender: running.name,
      subscribers: SUBSCRIBERS,
      connections: CONNECTIONS,
      bytesPerSubscriber,
      idleCallsPerSecond: idle.calls / (IDLE_MS / 1000),
      endingCallsPerSecond: ending.calls / endingSeconds,
      maxPollsPerTick: Math.max(idle.maxPollsPerTick, ending.maxPollsPerTick, maxPollsPerTick),
      seen,
      sudden,
      catchUp,
      cpuPerEvent,
      cpuPerMissedEvent: (running.cpuSeconds() - cpuBeforeCatchUp) / catchUp.events,
      catchUpBytes: running.peakMemoryBytes() - peakBefore,
    };
  } finally {
    client.kill();
    await running.stop();
    await stub.control({ startTasks: true });
  }
}

function timesFrom(firstMs: number, pauseMs: number): number[] {
  return Array.from({ length: ENDS }, (_, index) => firstMs + index * pauseMs);
}

function byId(first: number, times: readonly number[]): Record<string, number> {
  return Object.fromEntries(times.map((at, index) => [eventTaskId(first + index), at]));
}

async function cursorAt(origin: string, atMs: number): Promise<string> {
  const query = `{ eventCursor(at: "${new Date(atMs).toISOString()}") }`;
  const response = await fetch(`${origin}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "bench-0" },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data?: { eventCursor: string }; errors?: readonly unknown[] };
  if (data == null) throw new Error(`eventCursor failed: ${JSON.stringify(errors)}`);
  return data.eventCursor;
}
