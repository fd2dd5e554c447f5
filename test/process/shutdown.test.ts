import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";

/** The gateway as a process, with a CloudTower that holds its responses until `respond` is called. */
async function startProcess() {
  const held: (() => void)[] = [];
  let arrived: () => void = () => {};
  const upstream = createServer((request, response) => {
    const respond = () =>
      response.setHeader("content-type", "application/json").end(request.method === "GET" ? '"4.6.0"' : "[]");
    request.resume();
    if (request.method === "GET") return void respond();
    held.push(respond);
    arrived();
  });
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const env = {
    ...process.env,
    PORT: "0",
    HOST: "127.0.0.1",
    LOG_LEVEL: "silent",
    CLOUDTOWER_URL: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`,
  };
  // The built gateway: `npm test` builds before it tests.
  const child = spawn(process.execPath, ["dist/main.js"], { env, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
    upstream.closeAllConnections();
    upstream.close();
  });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  const port = /:(\d+)\/graphql/.exec(String(line))?.[1];
  return {
    child,
    url: `127.0.0.1:${port}`,
    /** Resolves when CloudTower has received a call. */
    holdsCall: () =>
      new Promise<void>((resolve) => {
        if (held.length > 0) resolve();
        arrived = resolve;
      }),
    respond: () => {
      for (const respond of held.splice(0)) respond();
    },
  };
}

function query(url: string): Promise<Response> {
  return fetch(`http://${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "token" },
    body: '{"query":"{ vms(first: 1) { nodes { name } } }"}',
  });
}

function acceptsRequests(url: string): Promise<boolean> {
  return fetch(`http://${url}/healthz`).then(
    () => true,
    () => false,
  );
}

async function exitOf(child: ChildProcess): Promise<unknown> {
  return child.exitCode ?? (await once(child, "exit"))[0];
}

test("on SIGTERM the gateway serves accepted requests, closes WebSockets with 1001, refuses new ones, and exits with 0", async () => {
  const { child, url, holdsCall, respond } = await startProcess();
  const socket = new WebSocket(`ws://${url}/graphql`, "graphql-transport-ws");
  await once(socket, "open");
  const accepted = query(url);
  await holdsCall();
  child.kill("SIGTERM");

  const closed = once(socket, "close");
  await expect.poll(() => acceptsRequests(url)).toBe(false);
  respond();
  expect(await (await accepted).json()).toEqual({ data: { vms: { nodes: [] } } });
  expect((await closed)[0]).toBe(1001);
  expect(await exitOf(child)).toBe(0);
}, 60_000);

test("on SIGTERM a query on a WebSocket gets its result before the socket is closed", async () => {
  const { child, url, holdsCall, respond } = await startProcess();
  const socket = new WebSocket(`ws://${url}/graphql`, "graphql-transport-ws");
  const messages: { type: string; payload?: object }[] = [];
  socket.on("message", (data) => messages.push(JSON.parse(String(data))));
  await once(socket, "open");
  socket.send('{"type":"connection_init","payload":{"Authorization":"token"}}');
  await once(socket, "message");
  socket.send('{"type":"subscribe","id":"1","payload":{"query":"{ vms(first: 1) { nodes { name } } }"}}');
  await holdsCall();
  child.kill("SIGTERM");
  respond();

  expect((await once(socket, "close"))[0]).toBe(1001);
  expect(messages).toContainEqual({ id: "1", type: "next", payload: { data: { vms: { nodes: [] } } } });
  expect(await exitOf(child)).toBe(0);
}, 60_000);

test("a second signal exits immediately", async () => {
  const { child, url, holdsCall } = await startProcess();
  query(url).catch(() => {});
  await holdsCall();
  child.kill("SIGTERM");
  await expect.poll(() => acceptsRequests(url)).toBe(false);
  // A signal within 100 ms counts as the same one.
  const again = setInterval(() => child.kill("SIGTERM"), 150);
  expect(await exitOf(child)).toBe(1);
  clearInterval(again);
}, 60_000);
