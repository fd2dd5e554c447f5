import { createClient } from "graphql-ws";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { startApp } from "../../src/app.js";
import { loadConfig } from "../../src/config.js";
import { follow, startFeed } from "./support/follow.js";
import { followOverHttp } from "./support/sse.js";

const ENDS = "subscription { taskEvents(filter: { kind: { in: [ENDED] } }) { kind id taskId } }";
const MINUTE = 60_000;

test("a client of graphql-ws and an event stream go on with their cursors at another replica, and miss nothing", async () => {
  const gateway = await startFeed({ env: { TASK_POLL_SLOW_MS: "200" } });
  const { simulator } = gateway;
  const first = follow(gateway, "taskEvents");
  const stream = await followOverHttp(gateway, ENDS);
  await first.count(1);
  await expect.poll(() => stream.received.length).toBe(1);
  const began = new Date().toISOString();
  simulator.control.setActivity({ perMinute: 60 });
  simulator.advance(MINUTE);
  await expect.poll(() => first.told.length).toBeGreaterThan(10);
  await Promise.all([gateway.app.stop(), expect(first.done).rejects.toMatchObject({ code: 1001 })]);
  simulator.advance(MINUTE);

  const settings = { HOST: "127.0.0.1", PORT: "0", CLOUDTOWER_URL: simulator.url, LOG_LEVEL: "silent" };
  const replica = await startApp(loadConfig(settings), pino({ level: "silent" }));
  onTestFinished(() => replica.stop());
  const url = `http://127.0.0.1:${replica.port}`;
  const client = createClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: gateway.token },
  });
  onTestFinished(() => void client.dispose());
  const second = follow(gateway, "taskEvents", { after: first.cursor, client });
  const resumed = await followOverHttp({ ...gateway, url }, ENDS, stream.lastId);
  simulator.control.setActivity({ perMinute: 0 });
  simulator.advance(MINUTE);

  const ended = simulator.control.rows("Task", { finished_at_gt: began }).map(({ id }) => `Task:${id}:ENDED`);
  const idsOf = (results: readonly { data?: unknown }[]) =>
    results.flatMap(({ data }) => {
      const { kind, id } = (data as { taskEvents: { kind: string; id: string } } | undefined)?.taskEvents ?? {};
      return kind === "ENDED" && id !== undefined ? [id] : [];
    });
  await expect.poll(() => new Set(idsOf([...first.received, ...second.received]))).toEqual(new Set(ended));
  await expect.poll(() => new Set(idsOf([...stream.results, ...resumed.results]))).toEqual(new Set(ended));
  for (const ids of [first.received, second.received, stream.results, resumed.results].map(idsOf)) {
    expect(new Set(ids).size, "each id once per stream").toBe(ids.length);
  }
});
