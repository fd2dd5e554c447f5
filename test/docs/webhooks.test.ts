import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Webhook } from "standardwebhooks";
import { expect, onTestFinished, test } from "vitest";
import { hookedGateway } from "../webhooks/support/hooked-gateway.js";
import { hooksFolder, newSecret } from "../webhooks/support/hooks.js";
import { codeBlocks, readPage } from "./support/pages.js";

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const TYPESCRIPT = [process.execPath, "--import", "tsx", path("docs/examples/webhook-receiver.ts")];
const PYTHON = ["python3", path("docs/examples/webhook_receiver.py")];
const hasPython = spawnSync("python3", ["--version"]).status === 0;

/** Entries of the page's example file. */
const [example = ""] = codeBlocks(readPage("docs/webhooks.md"), "json");
const entries = JSON.parse(example) as Record<string, unknown>[];

/** Starts a receiver of the page. @returns its port. */
async function startExample([command = "", ...args]: readonly string[], file: string, secrets: readonly string[]) {
  const env = { ...process.env, WEBHOOK_SECRETS: secrets.join(" ") };
  const child = spawn(command, [...args, "0", file], { env, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  await expect.poll(() => output).toMatch(/listening on port \d+\n/);
  return Number(/port (\d+)/.exec(output)?.[1]);
}

test.for([
  ["TypeScript", TYPESCRIPT, true],
  ["Python", PYTHON, hasPython],
] as const)(
  "the %s receiver stores each event once, and accepts a rotated secret and no other",
  async ([name, command, isInstalled], { skip }) => {
    skip(!isInstalled, `${name} is not installed`);
    const folder = hooksFolder();
    const [before, after] = [newSecret(), newSecret()];
    folder.write("secret", before);
    const file = folder.write("events.jsonl", "");
    const port = await startExample(command, file, [after, before]);
    const url = `http://127.0.0.1:${port}/hooks`;
    const subscription = "subscription { taskEvents(filter: { kind: { eq: ENDED } }) { taskId } }";
    folder.define([{ name: "catalogue", url, subscription }]);
    const gateway = await hookedGateway(folder);
    await gateway.start();
    await expect.poll(async () => (await gateway.webhooks())[0]?.cursor).toEqual(expect.any(String));
    const begin = (await gateway.webhooks())[0]?.cursor;
    const stored = () =>
      readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line || "null"));

    const tested = { testWebhook: { delivered: true, httpStatus: 204 } };
    expect((await gateway.admin('mutation { testWebhook(name: "catalogue") { delivered httpStatus } }')).data).toEqual(
      tested,
    );
    const taskIds = [await gateway.snapshot("one")];
    await expect.poll(() => stored().map((line) => line?.event.data.taskEvents.taskId)).toEqual(taskIds);

    folder.write("secret", `${after}\n${before}\n`);
    await gateway.reload();
    await gateway.admin(
      'mutation ($after: EventCursor!) { replayWebhook(name: "catalogue", after: $after) { name } }',
      { after: begin },
    );
    taskIds.push(await gateway.snapshot("two"));
    await expect.poll(() => stored().map((line) => line?.event.data.taskEvents.taskId)).toEqual(taskIds);
    const statuses = async () => (await gateway.webhooks())[0]?.deliveries.map(({ status }) => status);
    await expect.poll(statuses).toEqual(["DELIVERED", "DELIVERED", "DELIVERED"]);

    const forged = (secret: string, sentAt: Date) => {
      const [id, body] = ["forged", "{}"];
      const signature = new Webhook(secret).sign(id, sentAt, body);
      const timestamp = String(Math.floor(sentAt.getTime() / 1000));
      const headers = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
      return fetch(url, { method: "POST", body, headers }).then(({ status }) => status);
    };
    expect(await forged(newSecret(), new Date())).toBe(401);
    expect(await forged(after, new Date(Date.now() - 600_000))).toBe(401);
    expect(stored()).toHaveLength(2);
  },
);

test("the example file of the page is accepted", async () => {
  const folder = hooksFolder();
  folder.write("secret", newSecret());
  folder.define(entries.map(({ caFile: _, ...entry }) => ({ ...entry, secretFile: "secret" })));
  const gateway = await hookedGateway(folder);
  await gateway.start();
  expect((await gateway.webhooks()).map(({ name }) => name)).toEqual(entries.map(({ name }) => name));
});
