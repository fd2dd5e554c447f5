import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Contender, RunningContender, type StubProcess } from "./contenders.js";
import type { WatchersMessage, WatchersReport } from "./watchers-client.js";

/** Results of 10,000 subscriptions to 1,000 tasks with one credential. Calls are upstream calls. */
export interface WatchersMetrics extends WatchersReport {
  readonly contender: string;
  readonly watchers: number;
  readonly connections: number;
  readonly bytesPerWatcher: number;
  readonly steadyCallsPerSecond: number;
  readonly endingCallsPerSecond: number;
  /** Maximum number of calls for tasks within one tick. */
  readonly maxPollsPerTick: number;
  /** CPU cores in use while tasks progress and none ends. */
  readonly steadyCores: number;
}

const CONNECTIONS = 100;
const WATCHERS = 10_000;
const SETTLE_MS = 3000;
const STEADY_MS = 5000;
const ENDING_MS = 10_000;

/** Measures a contender that has `subscription taskProgress` over graphql-ws. */
export async function measureWatchers(contender: Contender, stub: StubProcess): Promise<WatchersMetrics> {
  await stub.control({ delayMs: 0, reset: true });
  const running = await RunningContender.start(contender, stub.url);
  const url = `${running.origin.replace("http", "ws")}/graphql`;
  const script = fileURLToPath(new URL("./watchers-client.js", import.meta.url));
  const client = fork(script, [url, String(CONNECTIONS), String(WATCHERS)]);
  const send = async (message: WatchersMessage) => {
    const reply = once(client, "message");
    client.send(message);
    return (await reply)[0];
  };
  try {
    await once(client, "message");
    await stub.control({ startTasks: true });
    const bytesBefore = await running.liveBytes();
    await send({ kind: "subscribe" });
    await sleep(SETTLE_MS);
    const bytesPerWatcher = ((await running.liveBytes()) - bytesBefore) / WATCHERS;

    await stub.control({ reset: true });
    const cpuBefore = running.cpuSeconds();
    await sleep(STEADY_MS);
    const steadyCores = (running.cpuSeconds() - cpuBefore) / (STEADY_MS / 1000);
    const steady = await stub.control({ reset: true });

    const announcedMs = Date.now();
    const fromMs = announcedMs + 1000;
    const ends = { announcedMs, fromMs, toMs: fromMs + ENDING_MS };
    await stub.control({ taskEnds: ends });
    const report = (await send({ kind: "ends", ends })) as WatchersReport;
    const ending = await stub.control({});
    return {
      ...report,
      contender: running.name,
      watchers: WATCHERS,
      connections: CONNECTIONS,
      bytesPerWatcher,
      steadyCallsPerSecond: steady.calls / (STEADY_MS / 1000),
      endingCallsPerSecond: ending.calls / ((Date.now() - announcedMs) / 1000),
      maxPollsPerTick: Math.max(steady.maxPollsPerTick, ending.maxPollsPerTick),
      steadyCores,
    };
  } finally {
    client.kill();
    await running.stop();
  }
}
