import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.js";
import { TASKS_ENDED } from "../webhooks/support/hooked-gateway.js";
import { hooksFolder, newSecret } from "../webhooks/support/hooks.js";
import { startReceiver } from "../webhooks/support/receiver.js";

/** The built gateway as a process, with a webhook. `npm test` builds before it tests. */
async function prepare() {
  const simulator = await startSimulator({ taskSeconds: 0 });
  onTestFinished(() => simulator.stop());
  const receiver = await startReceiver();
  const folder = hooksFolder();
  folder.write("secret", newSecret());
  const define = (url: string) => folder.define([{ name: "ended", url, subscription: TASKS_ENDED }]);
  define(receiver.url);
  const env = {
    ...{ PATH: process.env.PATH, PORT: "0", HOST: "127.0.0.1", CLOUDTOWER_URL: simulator.url, AUTH_MODE: "service" },
    ...{ API_KEYS: "client-key,admin-key" },
    ...{ CLOUDTOWER_USERNAME: "admin", CLOUDTOWER_PASSWORD: "admin-pass" },
    ...{ TASK_POLL_QUICK_MS: "20", TASK_POLL_SLOW_MS: "40" },
    ...{ WEBHOOKS_FILE: folder.path, STATE_DIR: folder.stateDir },
  };
  /** Starts it and waits until it listens. */
  const start = async () => {
    const child = spawn(process.execPath, ["dist/main.js"], { env, stdio: ["ignore", "pipe", "pipe"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    const output = { text: "" };
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output.text += text));
    const exited = once(child, "exit");
    await Promise.race([exited, expect.poll(() => output.text).toMatch(/listens on/)]);
    const url = /listens on (\S+)/.exec(output.text)?.[1] ?? "";
    return { child, exited, output, ask: (query: string) => ask(url, query) };
  };
  const [vm] = simulator.control.rows("Vm", { name: "web-prod-01" });
  const snapshot = (name: string) =>
    `mutation { createVmSnapshot(input: { vmId: "${vm?.id}", name: "${name}" }) { task { cloudTowerId } } }`;
  return { start, receiver, folder, define, snapshot };
}

type Data = { webhooks: { url: string; cursor: string | null; deliveries: { attempts: number }[] }[] };

async function ask(url: string, query: string): Promise<Data> {
  const headers = { "content-type": "application/json", authorization: "admin-key" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query }) });
  return ((await response.json()) as { data: Data }).data;
}

const STATE = "{ webhooks { url cursor deliveries { attempts } } }";

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

test("a process killed between a delivery and its store sends the same webhook-id again after the start, and loses nothing", async () => {
  const { start, receiver, snapshot } = await prepare();
  const first = await start();
  await expect.poll(async () => (await first.ask(STATE)).webhooks[0]?.cursor).toEqual(expect.any(String));
  await first.ask(snapshot("one"));
  await expect.poll(async () => (await first.ask(STATE)).webhooks[0]?.deliveries.length).toBe(1);
  receiver.replyWith((_request, response) => {
    void kill(first.child).then(() => response.writeHead(204).end());
  });
  await first.ask(snapshot("two"));
  await first.exited;

  const second = await start();
  await second.ask(snapshot("three"));
  await expect.poll(() => receiver.ids().length).toBe(4);
  const [one, two, again, three] = receiver.ids();
  expect(again).toBe(two);
  expect(new Set([one, two, three]).size).toBe(3);
  await expect.poll(async () => (await second.ask(STATE)).webhooks[0]?.deliveries.length).toBe(3);
  second.child.kill("SIGTERM");
  expect((await second.exited)[0]).toBe(0);
  expect(second.output.text).not.toMatch(/hidden-query|whsec_|admin-key|client-key/);
}, 60_000);

test("SIGHUP reads the file again; one with a mistake is logged, and the earlier webhooks go on", async () => {
  const { start, receiver, folder, define, snapshot } = await prepare();
  const { child, ask: send, output } = await start();
  await expect.poll(async () => (await send(STATE)).webhooks[0]?.cursor).toEqual(expect.any(String));
  writeFileSync(folder.path, "[{");
  child.kill("SIGHUP");
  await expect.poll(() => output.text).toContain("webhooks were not read again: the earlier ones go on");
  await send(snapshot("one"));
  await expect.poll(() => receiver.ids().length).toBe(1);

  const other = await startReceiver();
  define(other.url);
  child.kill("SIGHUP");
  await expect
    .poll(async () => (await send(STATE)).webhooks[0]?.url)
    .toBe(`http://localhost:${other.port}/hooks/towerql`);
  await send(snapshot("two"));
  await expect.poll(() => other.ids().length).toBe(1);
  expect(receiver.ids()).toHaveLength(1);
}, 60_000);

test.each([
  ["the file is wrong", "WEBHOOKS_FILE", ({ path }: { path: string }) => writeFileSync(path, "{}")],
  [
    "a state is damaged",
    "STATE_DIR",
    ({ stateDir }: { stateDir: string }) => {
      mkdirSync(join(stateDir, "webhooks"), { recursive: true });
      writeFileSync(join(stateDir, "webhooks", "ended.jsonl"), "garbage\n");
    },
  ],
])(
  "exits with code 2 and one line if %s",
  async (_, variable, damage) => {
    const { start, folder } = await prepare();
    damage(folder);
    const { exited, output } = await start();
    expect((await exited)[0]).toBe(2);
    expect(output.text).toMatch(new RegExp(`^${variable} [^\\n]+\\.\\n$`));
  },
  60_000,
);
