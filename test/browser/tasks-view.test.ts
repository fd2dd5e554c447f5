import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startForwardingGateway, startServiceGateway } from "./gateway.js";
import { chromiumPath, GraphiqlPage, launchChromium } from "./graphiql-page.js";

const TIMEOUT_MS = 60_000;
const HALF_A_TASK_MS = 2_000;
/** Longer than a task of the simulator. */
const TASK_MS = 60_000;

let browser: Browser | undefined;

beforeAll(async () => {
  if (chromiumPath) browser = await launchChromium();
});

afterAll(() => browser?.close());

beforeEach((context) => {
  if (!chromiumPath) context.skip("no Chromium: install Debian's package chromium, or set CHROMIUM_PATH");
});

test("follows a snapshot taken elsewhere, across a restart of the gateway, and misses nothing", {
  timeout: TIMEOUT_MS,
}, async () => {
  if (!browser) throw new Error("Chromium was not started");
  const gateway = await startServiceGateway();
  const { simulator } = gateway;
  const graphiql = await GraphiqlPage.open(browser, gateway.origin);
  const { page } = graphiql;
  await graphiql.openView("Tasks");
  const running = page.getByRole("list", { name: "Running tasks" });
  const ended = page.getByRole("list", { name: "Ended tasks" });
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByText("Nothing runs.").waitFor();

  await takeSnapshot(gateway.origin, "seen-running");
  const task = running.getByRole("listitem").filter({ hasText: "seen-running" }).first();
  await task.waitFor();
  expect(await task.getByRole("progressbar").count()).toBe(1);
  simulator.advance(HALF_A_TASK_MS);
  await expect.poll(async () => Number(await task.getByRole("progressbar").getAttribute("value"))).toBeGreaterThan(20);

  expect(graphiql.problems).toEqual([]);
  await gateway.stop();
  await page.getByText("The gateway does not respond.").waitFor();
  // While nobody watches: one task ends, and another one begins and ends.
  simulator.advance(TASK_MS);
  simulator.control.setActivity({ perMinute: 6 });
  simulator.advance(TASK_MS);
  simulator.control.setActivity({ perMinute: 0 });
  simulator.advance(TASK_MS);
  await gateway.start();

  await page.getByText("Live", { exact: true }).waitFor();
  await ended.getByRole("listitem").filter({ hasText: "seen-running" }).filter({ hasText: "Succeeded" }).waitFor();
  await page.getByText("Nothing runs.").waitFor();
  const others = simulator.control
    .rows("Task")
    .filter(({ description }) => !/seen-running|daily/.test(String(description)));
  const newest = others.slice(-3).map(({ description }) => String(description));
  expect(newest).toHaveLength(3);
  for (const description of newest) await ended.getByText(description, { exact: true }).first().waitFor();
  expect(graphiql.foreignRequests).toEqual([]);
});

test("asks for a credential, and begins anew with another one", { timeout: TIMEOUT_MS }, async () => {
  if (!browser) throw new Error("Chromium was not started");
  await using gateway = await startForwardingGateway();
  const graphiql = await GraphiqlPage.open(browser, gateway.origin);
  const { page } = graphiql;
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await graphiql.openView("Tasks");
  await page.getByText("Needs another credential").waitFor();

  await graphiql.signIn(gateway.simulator.users[0]?.token ?? "");
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByRole("list", { name: "Ended tasks" }).getByText("Create VM snapshot daily-1").first().waitFor();
});

async function takeSnapshot(origin: string, name: string): Promise<void> {
  const find = '{ vms(filter: { name: { eq: "web-prod-01" } }) { nodes { id } } }';
  const [{ id }] = (await send(origin, find)).vms.nodes;
  await send(origin, `mutation { createVmSnapshot(input: { vmId: "${id}", name: "${name}" }) { created } }`);
}

async function send(origin: string, query: string) {
  const response = await fetch(`${origin}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as { readonly data: { readonly vms: { readonly nodes: [{ id: string }] } } };
  return data;
}
