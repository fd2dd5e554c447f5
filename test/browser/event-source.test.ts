import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { codeBlocks, readPage } from "../docs/support/pages.js";
import { startServiceGateway } from "./gateway.js";
import { chromiumPath, launchChromium } from "./graphiql-page.js";

// An EventSource waits three seconds before it reconnects.
const TIMEOUT_MS = 60_000;
/** The page's code follows the ends of tasks. */
const [FOLLOW_ENDS = ""] = codeBlocks(readPage("docs/server-sent-events.md"), "js");
const MINUTE = 60_000;

/** An event of the page's EventSource, as its listener gets it. */
interface PageEvent {
  readonly lastEventId: string;
  readonly data: string;
}

let browser: Browser | undefined;

beforeAll(async () => {
  if (chromiumPath) browser = await launchChromium();
});

afterAll(() => browser?.close());

beforeEach((context) => {
  if (!chromiumPath) context.skip("no Chromium: install Debian's package chromium, or set CHROMIUM_PATH");
});

/** A page of the gateway's own origin, which records what its EventSource gets. @param script declares `source`. */
async function openEventSource(origin: string, script: string) {
  if (!browser) throw new Error("Chromium was not started");
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page: Page = await context.newPage();
  await page.goto(`${origin}/graphql`);
  await page.evaluate(`
    ${script}
    window.source = source;
    window.received = [];
    source.addEventListener("next", ({ data, lastEventId }) => received.push({ data, lastEventId }));
  `);
  return {
    received: () => page.evaluate("received") as Promise<PageEvent[]>,
    readyState: () => page.evaluate("source.readyState") as Promise<number>,
  };
}

test("an EventSource survives a restart of the gateway and misses nothing", { timeout: TIMEOUT_MS }, async () => {
  const gateway = await startServiceGateway();
  const { simulator } = gateway;
  const source = await openEventSource(gateway.origin, FOLLOW_ENDS);
  await expect.poll(async () => (await source.received()).length).toBeGreaterThan(0);
  const began = new Date().toISOString();

  simulator.control.setActivity({ perMinute: 60 });
  simulator.advance(MINUTE);
  await expect.poll(async () => (await endedIds(source)).length).toBeGreaterThan(0);
  await gateway.stop();
  simulator.advance(MINUTE);
  await gateway.start();
  simulator.control.setActivity({ perMinute: 0 });
  simulator.advance(MINUTE);

  const ended = simulator.control.rows("Task", { finished_at_gt: began }).map(({ id }) => id);
  expect(ended.length).toBeGreaterThan(60);
  await expect.poll(async () => new Set(await endedIds(source)), { timeout: 30_000 }).toEqual(new Set(ended));
  for (const { data, lastEventId } of await source.received()) {
    expect(JSON.parse(data).extensions.cursor).toBe(lastEventId);
  }
});

test("an EventSource stops by itself when its task has ended", { timeout: TIMEOUT_MS }, async () => {
  const gateway = await startServiceGateway();
  const [{ id } = {}] = gateway.simulator.control.rows("Task");
  const query = encodeURIComponent(`subscription { taskProgress(taskId: "${id}") { status } }`);

  const source = await openEventSource(gateway.origin, `const source = new EventSource("/graphql?query=${query}");`);

  const CLOSED = 2;
  await expect.poll(source.readyState, { timeout: 30_000 }).toBe(CLOSED);
  expect((await source.received()).map(({ data }) => JSON.parse(data).data.taskProgress.status)).toEqual(["SUCCEEDED"]);
});

async function endedIds(source: { received(): Promise<PageEvent[]> }): Promise<string[]> {
  const events = (await source.received()).map(({ data }) => JSON.parse(data).data.taskEvents);
  return events.filter(({ kind }) => kind === "ENDED").map(({ taskId }) => taskId);
}
