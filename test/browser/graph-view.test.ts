import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { codeBlocks, readPage } from "../docs/support/pages.js";
import { type Gateway, startDemoGateway } from "./gateway.js";
import { chromiumPath, GraphiqlPage, launchChromium } from "./graphiql-page.js";

const TIMEOUT_MS = 60_000;
/** Longer than a task of the simulator. */
const TASK_MS = 60_000;

// Global of the browser, in which functions passed to `evaluate` run.
declare const document: { activeElement: { getAttribute(name: string): string | null } | null };

let browser: Browser | undefined;
let gateway: Gateway;
/** With the graph view open; each test has a tab of its own. */
let graphiql: GraphiqlPage;

beforeAll(async () => {
  if (!chromiumPath) return;
  browser = await launchChromium();
  gateway = await startDemoGateway();
  graphiql = await GraphiqlPage.open(browser, gateway.origin);
  await graphiql.openView("Graph");
});

afterAll(async () => {
  await browser?.close();
  await gateway?.[Symbol.asyncDispose]();
});

beforeEach((context) => {
  if (!chromiumPath) context.skip("no Chromium: install Debian's package chromium, or set CHROMIUM_PATH");
});

/** The query of the README's first request, inside of its JSON body. */
function readmeQuery(): string {
  const block = codeBlocks(readPage("README.md"), "sh").find((code) => code.includes('"query": "{ vms(')) ?? "";
  const [, body = ""] = /-d '(\{[\s\S]*?\n\})'/.exec(block) ?? [];
  return JSON.parse(body).query;
}

test("draws the README's query as layers from the VM to its ZBS volumes, although some objects show no id", {
  timeout: TIMEOUT_MS,
}, async () => {
  const [vm, ...rest] = await draw(readmeQuery());
  expect(vm).toMatchObject({ type: "Vm", title: "web-prod-01", level: 1 });
  expect(rest.map(({ type, level }) => `${level} ${type}`)).toEqual([
    ...["2 VmDisk", "3 VmVolume", "4 IscsiLun", "5 StorageVolume"],
    ...["2 VmDisk", "3 VmVolume", "4 IscsiLun", "5 StorageVolume"],
  ]);
  // Each layer is right of the one before, and a chain is one row.
  const [disk, volume, lun, zbs] = rest;
  for (const [left, right] of [
    [vm, disk],
    [disk, volume],
    [volume, lun],
    [lun, zbs],
  ]) {
    expect(right?.x).toBeGreaterThan((left?.x ?? 0) + (left?.width ?? 0));
    expect(right?.y).toBe(left?.y);
  }

  await graphiql.page
    .getByRole("treeitem", { name: /^StorageVolume/ })
    .first()
    .click();
  await graphiql.page.getByRole("button", { name: "Open as query" }).click();
  await graphiql.execute();
  await graphiql.seeInResponse(/"__typename":\s"StorageVolume"/);
});

test("draws a shared volume once, with an edge from each VM that uses it", { timeout: TIMEOUT_MS }, async () => {
  const drawn = await draw(`{ vms(filter: { disks: { some: { volume: { name: { eq: "shared-rac" } } } } }, first: 2) {
    nodes { id name disks(type: DISK) { id volume { id name lun { id storageVolume { zbsId } } } } }
  } }`);
  const shared = drawn.filter(({ title }) => title === "shared-rac");
  expect(drawn.filter(({ type }) => type === "Vm")).toHaveLength(2);
  expect(shared).toHaveLength(1);
  expect(shared[0]?.label).toMatch(/shared by 2$/);
  // What hangs below it is drawn once as well.
  const disks = drawn.filter(({ type }) => type === "VmDisk").length;
  expect(drawn.filter(({ type }) => type === "StorageVolume")).toHaveLength(disks - 1);

  await graphiql.page.getByRole("treeitem", { name: /^VmVolume shared-rac/ }).click();
  const details = graphiql.page.getByRole("region", { name: "Details of VmVolume shared-rac" });
  await expect.poll(() => details.getByRole("button", { name: /volume$/ }).count()).toBe(2);
});

test("draws snapshots below the disks of their VM", { timeout: TIMEOUT_MS }, async () => {
  const [vm] = gateway.simulator.control.rows("Vm", { name: "web-prod-01" });
  const take = `mutation { createVmSnapshot(input: { vmId: "${vm?.id}", name: "drawn" }) { snapshot { id } } }`;
  await draw(take);
  // The payload has no id, and is drawn by its place.
  await graphiql.page.getByRole("treeitem", { name: /^createVmSnapshot|^CreateVmSnapshotPayload/ }).waitFor();
  gateway.simulator.advance(TASK_MS);
  const drawn = await draw(
    `{ vm(id: "${vm?.id}") { id name
      snapshots(filter: { name: { eq: "drawn" } }) { nodes { id name disks(type: DISK) { index lunSnapshot { id name storageVolume { zbsId } } } } }
      disks(type: DISK) { id volume { id name } } } }`,
  );
  const lowest = Math.max(...drawn.filter(({ type }) => type === "VmDisk").map(({ y }) => y));
  const snapshot = drawn.find(({ type }) => type === "VmSnapshot");
  expect(snapshot?.y).toBeGreaterThan(lowest);
  expect(snapshot?.x).toBe(drawn.find(({ type }) => type === "VmDisk")?.x);
  expect(drawn.filter(({ type }) => type === "StorageVolume")).toHaveLength(2);
});

test("is used with the keyboard alone, as an ARIA tree", { timeout: TIMEOUT_MS }, async () => {
  await draw(
    `{ vms(filter: { name: { in: ["web-prod-01", "legacy-billing"] } }, orderBy: { field: NAME, direction: ASC }) {
      nodes { id name disks(type: DISK) { id volume { id name } } } } }`,
  );
  const { page } = graphiql;
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  const press = (key: string) => page.keyboard.press(key);
  // One tab stop for the whole tree.
  expect(await page.locator("[role=treeitem][tabindex='0']").count()).toBe(1);
  await page.locator("[role=treeitem][tabindex='0']").focus();
  expect(await focused()).toMatch(/^Vm legacy-billing, leads to 3/);
  await press("ArrowRight");
  expect(await focused()).toMatch(/^VmDisk disk 1/);
  await press("ArrowRight");
  expect(await focused()).toMatch(/^VmVolume legacy-billing-1/);
  await press("ArrowDown");
  expect(await focused()).toMatch(/^VmDisk disk 2/);
  await press("ArrowLeft");
  expect(await focused()).toMatch(/^Vm legacy-billing/);
  await press("End");
  expect(await focused()).toMatch(/^VmVolume web-prod-01-2/);
  await press("Home");
  await press("w");
  expect(await focused()).toMatch(/^Vm web-prod-01/);

  await press("Enter");
  await page.getByRole("region", { name: "Details of Vm web-prod-01" }).waitFor();
  expect(await page.locator("[role=treeitem][aria-selected=true]").count()).toBe(1);
  await press("Escape");
  await page.getByRole("region", { name: "Details of Vm web-prod-01" }).waitFor({ state: "detached" });
  expect(await focused()).toMatch(/^Vm web-prod-01/);
  const places = await page
    .locator("[role=treeitem][aria-level='1']")
    .evaluateAll((items) =>
      items.map((item) => `${item.getAttribute("aria-posinset")} of ${item.getAttribute("aria-setsize")}`),
    );
  expect(places).toEqual(["1 of 2", "2 of 2"]);
  expect(graphiql.problems).toEqual([]);
});

/** Runs an operation in a tab of its own, as if pasted there, and waits until the response is drawn. */
async function draw(query: string): Promise<DrawnNode[]> {
  const { page } = graphiql;
  await page.getByRole("button", { name: "New tab" }).click();
  await page.getByText("Run a query: its response is drawn here").waitFor();
  await page.locator(".graphiql-query-editor .view-lines").click();
  // In one line: the editor would close the brackets of each.
  await page.keyboard.insertText(query.replace(/\s+/g, " "));
  await graphiql.execute();
  await page.getByRole("treeitem").first().waitFor();
  return nodes();
}

interface DrawnNode {
  readonly type: string;
  readonly title: string;
  readonly label: string;
  readonly level: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** The drawn objects, in the order of the tree. */
function nodes(): Promise<DrawnNode[]> {
  return graphiql.page.getByRole("treeitem").evaluateAll((items) =>
    items.map((item) => {
      const { x, y, width } = item.getBoundingClientRect();
      const [title, type] = ["title", "type"].map(
        (name) => item.querySelector(`.graph-node-${name}`)?.firstChild?.textContent,
      );
      const label = item.getAttribute("aria-label") ?? "";
      return {
        type: type ?? "",
        title: title ?? "",
        label,
        level: Number(item.getAttribute("aria-level")),
        x,
        y,
        width,
      };
    }),
  );
}
