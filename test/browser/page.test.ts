import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Gateway, startDemoGateway } from "./gateway.js";
import { chromiumPath, GraphiqlPage, launchChromium, type OpenOptions } from "./graphiql-page.js";

const TIMEOUT_MS = 60_000;

// Globals of the browser, in which functions passed to `evaluate` run.
declare const document: { documentElement: { scrollWidth: number } };
declare const navigator: { clipboard: { readText(): Promise<string> } };

let browser: Browser | undefined;
let gateway: Gateway;
/** For tests that need no browser of their own. */
let shared: GraphiqlPage;

beforeAll(async () => {
  if (!chromiumPath) return;
  browser = await launchChromium();
  gateway = await startDemoGateway();
  shared = await open();
});

afterAll(async () => {
  await browser?.close();
  await gateway?.[Symbol.asyncDispose]();
});

beforeEach((context) => {
  if (!chromiumPath) context.skip("no Chromium: install Debian's package chromium, or set CHROMIUM_PATH");
});

test("a link shows its operation, which runs when the person wants it, and is copied without secrets", {
  timeout: TIMEOUT_MS,
}, async () => {
  const query =
    'mutation Linked($vmId: ID!) {\n  createVmSnapshot(input: { vmId: $vmId, name: "linked" }) { created }\n}';
  const vmId = gateway.simulator.control.rows("Vm", { name: "web-prod-01" })[0]?.id;
  const search = `?${new URLSearchParams({ query, variables: JSON.stringify({ vmId }) })}`;
  const permissions = { permissions: ["clipboard-read", "clipboard-write"] };
  const graphiql = await open({ search, ...permissions });
  const writes = () => gateway.simulator.calls.count("create-vm-snapshot");

  await graphiql.seeAdvice(/came with a link/);
  await graphiql.seeInVariables(/"vmId":/);
  // What would run it by itself has had its time: the schema was read, and the tab is shown.
  expect(writes()).toBe(0);
  await graphiql.execute();
  await graphiql.seeInResponse(/"created":\strue/);
  expect(writes()).toBe(1);

  await graphiql.typeHeaders({ Authorization: "secret-of-this-tab" });
  await graphiql.page.getByRole("button", { name: "Copy link" }).click();
  await graphiql.page.getByText("Link copied").waitFor();
  const copied = new URL(await graphiql.page.evaluate(() => navigator.clipboard.readText()));
  expect(copied.href).not.toContain("secret");
  expect([...copied.searchParams.keys()]).toEqual(["query", "variables"]);
  expect(copied.searchParams.get("query")).toBe(query);
  expect(JSON.parse(copied.searchParams.get("variables") ?? "")).toEqual({ vmId });
  // A reload does not bring back what the person has changed or closed.
  expect(new URL(graphiql.page.url()).search).toBe("");
});

test("loads compressed files of at most 2.2 MB, and nothing from elsewhere", { timeout: TIMEOUT_MS }, async () => {
  let sum = 0;
  for (const response of shared.responses.filter((response) => response.url().startsWith("http"))) {
    const { "content-length": length = "0", "content-encoding": encoding } = await response.allHeaders();
    sum += Number(length);
    if (Number(length) > 4_096) expect(encoding, response.url()).toBe("br");
  }
  expect(sum).toBeGreaterThan(1_000_000);
  expect(sum).toBeLessThan(2_200_000);
  expect(shared.foreignRequests).toEqual([]);
  expect(shared.problems).toEqual([]);
});

test("says which tab to run first, and sends nothing", { timeout: TIMEOUT_MS }, async () => {
  const graphiql = shared;
  await graphiql.openTab("WatchTheTask");
  await graphiql.execute();
  await graphiql.seeInResponse(/Run\s*tab\s*2/);
  await graphiql.openTab("SnapshotToZbsVolumes");
  await graphiql.execute();
  await graphiql.seeInResponse(/Run\s*tab\s*2/);
  expect(graphiql.sockets).toEqual([]);
});

test("says that the data is simulated, and lets one be another of its users", { timeout: TIMEOUT_MS }, async () => {
  const graphiql = shared;
  await graphiql.openTab("TheWholeGraph");
  await graphiql.page.getByText("SIMULATED", { exact: true }).waitFor();
  await graphiql.page.getByRole("button", { name: "admin" }).click();
  await graphiql.page.getByRole("radio", { name: /^viewer/ }).check();
  await graphiql.page.keyboard.press("Escape");
  await graphiql.page.getByRole("button", { name: "viewer" }).waitFor();
  await graphiql.execute();
  await graphiql.seeInResponse(/"zbsId":/);
  await graphiql.seeAdvice(/Tab 2 takes a snapshot/);
  await graphiql.openTab("TakeASnapshot");
  await graphiql.execute();
  await graphiql.seeInResponse(/"PermissionDeniedError"/);
  await graphiql.page.getByRole("button", { name: "Switch user" }).click();
  await graphiql.page.getByRole("radio", { name: /^admin/ }).check();
  await graphiql.page.keyboard.press("Escape");
  await graphiql.execute();
  await graphiql.seeInResponse(/"created":\strue/);
});

test("has the documentation, whose examples open in GraphiQL", { timeout: TIMEOUT_MS }, async () => {
  const graphiql = shared;
  const [docs] = await Promise.all([
    graphiql.page.waitForEvent("popup"),
    graphiql.page.getByRole("link", { name: "Docs" }).click(),
  ]);
  await docs.getByRole("navigation").getByRole("link", { name: "Events", exact: true }).click();
  await docs.getByRole("heading", { level: 1, name: "Events" }).waitFor();
  await docs.getByRole("link", { name: "Open in GraphiQL" }).first().click();
  await docs.locator(".graphiql-query-editor .view-lines").filter({ hasText: "vmSnapshotEvents" }).waitFor();
  expect(graphiql.problems).toEqual([]);
});

test("fits a telephone: nothing is wider than it, and the views cover the editors", {
  timeout: TIMEOUT_MS,
}, async () => {
  const graphiql = await open({ viewport: { width: 390, height: 844 } });
  const width = () => graphiql.page.evaluate(() => document.documentElement.scrollWidth);
  await graphiql.execute();
  await graphiql.seeInResponse(/"data":/);
  expect(await width()).toBe(390);
  await graphiql.openView("Graph");
  await graphiql.page.getByRole("treeitem", { name: /^Vm web-prod-01/ }).click();
  await graphiql.page.getByRole("button", { name: "Open as query" }).waitFor();
  expect(await width()).toBe(390);
  for (const name of ["Copy link", "admin"]) {
    const box = await graphiql.page.getByRole("button", { name }).boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
  }
  await graphiql.openView("Tasks");
  await graphiql.page.getByText("Live").waitFor();
  expect(await width()).toBe(390);
  expect(graphiql.problems).toEqual([]);
  expect(graphiql.foreignRequests).toEqual([]);
});

async function open(options?: OpenOptions): Promise<GraphiqlPage> {
  if (!browser) throw new Error("Chromium was not started");
  return GraphiqlPage.open(browser, gateway.origin, options);
}
