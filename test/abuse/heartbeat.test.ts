import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { hold } from "../support/hold.js";
import { rawConnection } from "../support/raw-connection.js";

const SHORT = { HEARTBEAT_SECONDS: "1", OPERATION_TIMEOUT_SECONDS: "600", UPSTREAM_TIMEOUT_SECONDS: "600" };

/** A WebSocket that does not respond to pings. */
async function deafSocket(gateway: TestGateway) {
  const { socket: connection } = rawConnection(gateway.url);
  const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", {
    autoPong: false,
    createConnection: () => connection,
  });
  socket.on("error", () => {});
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init", payload: { Authorization: gateway.token } }));
  await once(socket, "message");
  return socket;
}

async function callsUnderWay(gateway: TestGateway): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(/^towerql_upstream_calls_under_way (\d+)$/m.exec(text)?.[1]);
}

function subscribe(socket: WebSocket, n: number, query: string): void {
  socket.send(JSON.stringify({ type: "subscribe", id: String(n), payload: { query } }));
}

test.each([
  ["runs nothing", 0, 0],
  ["runs 64 operations that never end", 64, 0],
  ["runs 64 operations that never end, with more messages waiting than are read", 64, 2_000],
])(
  "drops a silent WebSocket that %s, and cancels what it ran",
  async (_, running, waiting) => {
    const gateway = await startGateway({ env: SHORT, spoilsAnswers: true });
    const held = hold();
    gateway.simulator.faults.add({ operation: "get-vms", effect: { kind: "hold", until: held.released } });
    const socket = await deafSocket(gateway);
    for (let n = 1; n <= running + waiting; n += 1) {
      subscribe(socket, n, `{ vms(first: ${(n % 500) + 1}) { nodes { name } } } ${"#".repeat(100)}`);
    }
    const [code] = await once(socket, "close");

    expect(code).toBe(1006);
    await expect.poll(() => callsUnderWay(gateway)).toBe(0);
    held.release();
  },
  60_000,
);

test("keeps a WebSocket that responds to pings while 64 of its operations run and messages wait", async () => {
  const gateway = await startGateway({ env: SHORT, spoilsAnswers: true });
  const held = hold();
  gateway.simulator.faults.add({ operation: "get-vms", effect: { kind: "hold", until: held.released } });
  const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init", payload: { Authorization: gateway.token } }));
  await once(socket, "message");
  let pings = 0;
  let completed = 0;
  socket.on("ping", () => {
    pings += 1;
  });
  socket.on("message", (data) => {
    if (String(data).includes('"complete"')) completed += 1;
  });
  const count = 700;
  for (let n = 1; n <= count; n += 1)
    subscribe(socket, n, `{ vms(first: ${(n % 30) + 1}) { nodes { name } } } ${"#".repeat(200)}`);
  await expect.poll(() => pings, { timeout: 20_000 }).toBeGreaterThanOrEqual(4);
  held.release();

  await expect.poll(() => completed, { timeout: 20_000 }).toBe(count);
}, 60_000);
