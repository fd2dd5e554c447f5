import { spawn } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import type { TestGateway } from "../support/gateway.js";
import { hold } from "../support/hold.js";
import { codeOf, type Result } from "../support/transports.js";
import { startFeed } from "./support/follow.js";
import { type EventsOverHttp, followOverHttp, get } from "./support/sse.js";

const ENDS =
  "subscription { taskEvents(filter: { kind: { in: [ENDED] } }) { kind id cursor taskId task { status description } } }";

interface EndedEvent {
  readonly kind: string;
  readonly id: string;
  readonly cursor: string;
  readonly taskId: string | null;
}

/** The ends of tasks that a stream has told. */
function told({ results }: Pick<EventsOverHttp, "results">): (string | null)[] {
  const events = results.flatMap(({ data }) => (data?.taskEvents as EndedEvent | undefined) ?? []);
  return events.filter(({ kind }) => kind === "ENDED").map(({ taskId }) => taskId);
}

/** Tasks that another client has run and that have ended. */
function endTasks({ simulator }: TestGateway, count: number): string[] {
  const at = new Date(Date.now()).toISOString();
  const row = { status: "SUCCESSED", local_created_at: at, started_at: at, finished_at: at, progress: 1, args: {} };
  return Array.from({ length: count }, () =>
    simulator.control.insert("Task", { ...row, snapshot: "{}", description: "d", resource_mutation: "updateVm" }),
  );
}

test("each event has its cursor as its id, and a reconnect with the last one misses nothing", async () => {
  const gateway = await startFeed();
  const first = await followOverHttp(gateway, ENDS);
  await expect.poll(() => first.received.length).toBe(1);
  const [before = ""] = endTasks(gateway, 1);
  await expect.poll(() => told(first)).toEqual([before]);
  for (const { id, data } of first.received) {
    const { data: result, extensions } = JSON.parse(data) as Result & { data: { taskEvents: EndedEvent } };
    expect([result.taskEvents.cursor, extensions?.cursor]).toEqual([id, id]);
  }
  first.close();
  await first.ended;
  const missed = endTasks(gateway, 3);

  const second = await followOverHttp(gateway, ENDS, first.lastId);

  await expect.poll(() => told(second).toSorted()).toEqual(missed.toSorted());
});

test("Last-Event-ID wins over the argument after", async () => {
  const gateway = await startFeed();
  const start = await followOverHttp(gateway, ENDS);
  await expect.poll(() => start.received.length).toBe(1);
  const early = start.lastId;
  const [before = ""] = endTasks(gateway, 1);
  await expect.poll(() => told(start)).toEqual([before]);
  const query = ENDS.replace("taskEvents(", `taskEvents(after: "${early}", `);

  const resumed = await followOverHttp(gateway, query, start.lastId);
  const after = endTasks(gateway, 1);

  await expect.poll(() => told(resumed)).toEqual(after);
});

test("a result with errors has the cursor of its event as well, so that no event comes for ever", async () => {
  const gateway = await startFeed({ spoilsAnswers: true });
  const query = ENDS.replace("status", "user { username } status");
  const stream = await followOverHttp(gateway, query);
  await expect.poll(() => stream.received.length).toBe(1);
  gateway.simulator.faults.add({ operation: "get-users", effect: { kind: "malformed" } });
  const { users } = gateway.simulator;
  const [user] = gateway.simulator.control.rows("User", { username: users[0]?.username });
  const [id = ""] = endTasks(gateway, 1);
  gateway.simulator.control.patch("Task", id, { user: user?.id });

  await expect.poll(() => stream.results.at(-1)?.errors?.length).toBe(1);

  expect(stream.received.at(-1)?.id).toBe(stream.results.at(-1)?.extensions?.cursor);
});

test.each([
  ["malformed", "nonsense", "got"],
  ["far too long", "x".repeat(4000), "got"],
])("a %s Last-Event-ID is answered with 400 and the error as JSON, before the stream opens", async (_, id, message) => {
  const gateway = await startFeed();

  const response = await get(gateway, ENDS, id);

  expect([response.status, response.headers.get("content-type")]).toEqual([400, "application/json; charset=utf-8"]);
  const result = (await response.json()) as Result;
  expect(codeOf(result)).toBe("BAD_USER_INPUT");
  expect(result.errors?.[0]?.message).toContain(message);
});

test("a reader that lags gets EVENTS_LAGGED with an id, and goes on from there when it reconnects", async () => {
  // Slow polls: each of them reads all that has just ended.
  const gateway = await startFeed({ env: { TASK_POLL_QUICK_MS: "1000", TASK_POLL_SLOW_MS: "1000" } });
  const first = await followOverHttp(gateway, ENDS);
  await expect.poll(() => first.received.length).toBe(1);

  const ended = endTasks(gateway, 1_100);
  await first.ended;
  const [last, complete] = first.received.slice(-2);
  expect(codeOf(JSON.parse(last?.data ?? "{}"))).toBe("EVENTS_LAGGED");
  // Without an id: an EventSource reconnects with that of the error.
  expect(complete).toEqual({ event: "complete", data: "", id: undefined });

  const second = await followOverHttp(gateway, ENDS, last?.id);
  await expect.poll(() => new Set([...told(first), ...told(second)]).size).toBe(ended.length);
  expect(new Set(told(second)).size).toBe(told(second).length);
});

test("curl goes on with Last-Event-ID", async () => {
  const gateway = await startFeed();
  const curl = (...more: string[]) => {
    const args = ["-sN", "-G", `${gateway.url}/graphql`, "--data-urlencode", `query=${ENDS}`, ...more];
    const headers = ["accept: text/event-stream", "content-type: application/json", `authorization: ${gateway.token}`];
    const child = spawn("curl", [...args, ...headers.flatMap((header) => ["-H", header])]);
    onTestFinished(() => void child.kill());
    const output = { text: "", stop: () => void child.kill() };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output.text += chunk;
    });
    return output;
  };
  const first = curl();
  await expect.poll(() => first.text).toContain("BOOKMARK");
  first.stop();
  const lastId = [...first.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1];
  const [missed] = endTasks(gateway, 1);

  const second = curl("-H", `last-event-id: ${lastId}`);

  await expect.poll(() => second.text).toContain(`"taskId":"${missed}"`);
});

test("a client that leaves while its subscription begins releases all that it holds", async () => {
  const gateway = await startFeed();
  const { released, release } = hold();
  gateway.simulator.faults.add({ operation: "get-tasks", times: 1, effect: { kind: "hold", until: released } });
  const controller = new AbortController();
  const response = get(gateway, ENDS, undefined, controller.signal);
  await gateway.simulator.calls.next("get-tasks");

  controller.abort();
  await expect(response).rejects.toThrow();
  release();

  const watchers = async () => {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    return /^towerql_task_watchers (\d+)$/m.exec(text)?.[1];
  };
  await expect.poll(watchers).toBe("0");
});

test("an EventSource may reconnect if CloudTower cannot be reached when it begins, and may not with a token that is refused", async () => {
  const gateway = await startFeed({ spoilsAnswers: true });
  const refused = await followOverHttp({ ...gateway, token: "nobody" }, ENDS);
  await refused.ended;
  expect(refused.results.map(codeOf)).toEqual(["UNAUTHENTICATED"]);
  expect(refused.lastId).toBe("complete");

  gateway.simulator.faults.add({ effect: { kind: "status", status: 503 } });
  const failed = await followOverHttp(gateway, ENDS, "any");
  await failed.ended;
  expect(failed.results.map(codeOf)).toEqual(["UPSTREAM_UNAVAILABLE"]);
  expect(failed.lastId).toBe("any");
});
