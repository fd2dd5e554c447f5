// Measures the GraphiQL page in Chromium: what a first visit loads, and how the graph view draws and pans 500 objects.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { median } from "./statistics.js";

const MAX_BYTES = { gzip: 2_600_000, br: 2_200_000 } as const;
const MIN_OBJECTS = 500;
const MAX_DRAW_MS = 300;
const DRAWINGS = 5;
const FRAMES = 180;

const QUERY = `{ vms(first: 60) { nodes { id name
  disks(type: DISK) { id volume { id name lun { id name storageVolume { id zbsId } } } } } } }`;

const gateway = await startGateway();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  await firstVisit(browser);
  await graphView(browser);
} finally {
  await browser.close();
  gateway.process.kill();
}

async function firstVisit(chrome: Browser): Promise<void> {
  const context = await chrome.newContext();
  const asked: { readonly url: string; readonly method: string; readonly body: string | null }[] = [];
  context.on("request", (sent) => {
    if (sent.url().startsWith("http")) asked.push({ url: sent.url(), method: sent.method(), body: sent.postData() });
  });
  const page = await context.newPage();
  await page.goto(`${gateway.origin}/graphql`);
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();
  await page.waitForLoadState("networkidle");
  console.log(`first visit: ${asked.length} requests`);
  for (const encoding of ["identity", "gzip", "br"] as const) {
    const sizes = await Promise.all(asked.map((sent) => bytesOf(sent, encoding)));
    const sum = sizes.reduce((total, size) => total + size, 0);
    const limit = encoding === "identity" ? undefined : MAX_BYTES[encoding];
    console.log(`  ${encoding.padEnd(8)} ${(sum / 1e6).toFixed(2)} MB${verdict(sum, limit, 1e6, "MB")}`);
  }
  await context.close();
}

/** Bytes of the body of a response, as they are sent. */
function bytesOf(
  { url, method, body }: { readonly url: string; readonly method: string; readonly body: string | null },
  encoding: string,
): Promise<number> {
  const accept = method === "POST" ? "application/json" : "text/html,*/*;q=0.8";
  const headers = { accept, "accept-encoding": encoding, ...(body !== null && { "content-type": "application/json" }) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on("end", () => resolve(bytes));
    });
    sent.on("error", reject).end(body ?? undefined);
  });
}

async function graphView(chrome: Browser): Promise<void> {
  const page = await chrome.newPage({ viewport: { width: 1400, height: 900 } });
  await page.goto(`${gateway.origin}/graphql?${new URLSearchParams({ query: QUERY })}`);
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();
  await page.locator(".graphiql-response .view-lines").waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Execute query" }).click();
  await page.locator(".graphiql-response .view-line").first().waitFor();
  const drawings: number[] = [];
  const work: number[] = [];
  const mainThreadMs = await mainThread(page);
  for (let round = 0; round < DRAWINGS; round += 1) {
    const before = await mainThreadMs();
    drawings.push(await page.evaluate(draw(MIN_OBJECTS)));
    work.push((await mainThreadMs()) - before);
    if (round < DRAWINGS - 1) await page.getByRole("button", { name: "Hide Graph" }).click();
  }
  const objects = await page.getByRole("treeitem").count();
  const worst = Math.max(...drawings);
  console.log(`graph view: ${objects} objects`);
  console.log(`  drawn in ${ms(median(drawings))}, at most ${ms(worst)}${verdict(worst, MAX_DRAW_MS, 1, "ms")}`);
  console.log(`  the main thread works for ${ms(median(work))}, whatever else the machine does`);
  await pan(page);
}

/** CPU time of the page's main thread until now, in milliseconds. */
async function mainThread(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0);
  };
}

/** From the click to the first frame that shows all objects, on the browser's clock. */
function draw(objects: number): string {
  return `new Promise((resolve) => {
    const button = document.querySelector("[aria-label='Show Graph']");
    const frame = () => {
      if (document.querySelectorAll("[role=treeitem]").length < ${objects}) return requestAnimationFrame(frame);
      // The frame after this one begins when this one has been painted.
      requestAnimationFrame(() => {
        performance.measure("drawn", "clicked");
        resolve(performance.getEntriesByName("drawn").at(-1).duration);
      });
    };
    performance.mark("clicked");
    button.click();
    requestAnimationFrame(frame);
  })`;
}

async function pan(page: Page): Promise<void> {
  const { frames, longTasks }: { frames: number[]; longTasks: number } = await page.evaluate(`new Promise((resolve) => {
    const scroller = document.querySelector(".graph-scroller");
    let longTasks = 0;
    new PerformanceObserver((list) => { longTasks += list.getEntries().length; }).observe({ type: "longtask" });
    const frames = [];
    let last = performance.now();
    const step = (now) => {
      frames.push(now - last);
      last = now;
      scroller.scrollBy(3, 20);
      if (frames.length < ${FRAMES}) requestAnimationFrame(step);
      else resolve({ frames: frames.slice(1), longTasks });
    };
    requestAnimationFrame(step);
  })`);
  const sorted = [...frames].sort((one, other) => one - other);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  console.log(`  panned: a frame takes ${ms(median(frames))}, 95 % at most ${ms(p95)}; ${longTasks} tasks above 50 ms`);
}

function ms(duration: number): string {
  return `${duration.toFixed(1)} ms`;
}

function verdict(value: number, limit: number | undefined, unit: number, name: string): string {
  if (limit === undefined) return "";
  return `, ${value <= limit ? "within" : "ABOVE"} the limit of ${limit / unit} ${name}`;
}

async function startGateway() {
  const main = fileURLToPath(new URL("../../../dist/main.js", import.meta.url));
  const env = { ...process.env, HOST: "127.0.0.1", PORT: "0", SIMULATOR_VMS: "120", LOG_LEVEL: "silent" };
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const origin = /http:\/\/[\d.:]+/.exec(line)?.[0];
  if (origin === undefined) throw new Error(`the gateway printed ${line}`);
  return { process: child, origin };
}
