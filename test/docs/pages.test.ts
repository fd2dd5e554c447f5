import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSchema, parse, validate } from "graphql";
import { describe, expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { codeBlocks, readPage } from "./support/pages.js";

const README = readPage("README.md");
const blocks = (language: string) => codeBlocks(README, language);

/** The request bodies of the curl commands, as JSON. */
const bodies = blocks("sh").flatMap((text) => [...text.matchAll(/ -d '(.*?)'/gs)].map(([, body]) => body ?? ""));

const queryOf = (index: number) => (JSON.parse(bodies[index] ?? "") as { query: string }).query;

test("the README's query returns the response that the README shows", async () => {
  const gateway = await startGateway();
  const response = await gateway.post(bodies[0] ?? "");

  expect(await response.json()).toEqual(JSON.parse(blocks("json")[0] ?? ""));
});

test("the README's query for the way back and for lists returns data", async () => {
  const gateway = await startGateway();

  const { storageVolume, vms } = await gateway.data<{
    storageVolume: { vms: { name: string }[] };
    vms: { totalCount: number; nodes: { memoryBytes: number; snapshots: { nodes: object[] } }[] };
  }>(blocks("graphql")[0] ?? "");

  expect(storageVolume.vms.map((vm) => vm.name)).toEqual(["web-prod-01"]);
  expect(vms.totalCount).toBeGreaterThanOrEqual(vms.nodes.length);
  expect(vms.nodes.length).toBeGreaterThan(5);
  const memory = vms.nodes.map((vm) => vm.memoryBytes);
  expect(memory).toEqual(memory.toSorted((a, b) => b - a));
  expect(vms.nodes.some((vm) => vm.snapshots.nodes.length > 0)).toBe(true);
});

test("the README's mutation creates a snapshot, whose task can be watched to the end", async () => {
  const gateway = await startGateway({ env: { TASK_POLL_QUICK_MS: "10" } });
  const { createVmSnapshot } = await gateway.data<{
    createVmSnapshot: { created: boolean; snapshot: { id: string }; task: { id: string }; errors: [] };
  }>(queryOf(1));
  expect(createVmSnapshot).toMatchObject({ created: true, task: { status: "PENDING" }, errors: [] });

  const states: string[] = [];
  for await (const { data } of gateway.socket().iterate<{ taskProgress: { status: string } }>({
    query: queryOf(2).replace("Task:...", createVmSnapshot.task.id),
  })) {
    states.push(data?.taskProgress.status ?? "");
    gateway.simulator.advance(2_000);
  }
  expect(states.at(-1)).toBe("SUCCEEDED");

  const ready: unknown[] = [];
  for await (const { data } of gateway.socket().iterate({
    query: queryOf(3).replace("VmSnapshot:...", createVmSnapshot.snapshot.id),
  })) {
    ready.push(data);
  }
  const disk = { sizeBytes: expect.any(Number), lunSnapshot: { storageVolume: { zbsId: expect.any(String) } } };
  expect(ready).toEqual([{ vmSnapshotReady: { ready: true, errors: [], snapshot: { disks: [disk, disk] } } }]);
});

describe("the documentation", () => {
  test("has links to GraphiQL only with valid operations", () => {
    const schema = buildSchema(readPage("schema.graphql"));
    const links = pages.flatMap((page) => [
      ...readPage(page).matchAll(/\((http:\/\/localhost:4000\/graphql\?[^)]+)\)/g),
    ]);
    expect(links.length).toBeGreaterThan(0);
    for (const [, link = ""] of links) {
      const query = new URL(link).searchParams.get("query") ?? "";
      expect(validate(schema, parse(query)), query).toEqual([]);
    }
  });

  const pages = ["README.md", "CHANGELOG.md", ...readdirSync("docs", { recursive: true, encoding: "utf8" })]
    .map((page) => (existsSync(page) ? page : join("docs", page)))
    .filter((page) => page.endsWith(".md"));

  const tours = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("README.md"))
    .map((path) => join("src", path));

  test.each([...pages, ...tours])("%s links only to files that exist", (page) => {
    const links = [...readPage(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path ?? "");
    expect(links.filter((path) => !existsSync(join(dirname(page), path)))).toEqual([]);
  });

  test("the index lists every decision by the title of its page", () => {
    const index = readPage("docs/decisions/README.md");
    const decisions = readdirSync("docs/decisions").filter((page) => page !== "README.md");
    const entries = decisions.map((page) => {
      const [title = ""] = readPage(join("docs/decisions", page)).split("\n");
      return `- [${title.replace("# ", "")}](${page})\n`;
    });
    expect(entries.filter((entry) => !index.includes(entry))).toEqual([]);
  });

  /** Pages that change the code are checked against the changed schema, in how-to.test.ts. */
  const unchanged = pages.filter((page) => codeBlocks(readPage(page), "diff").length === 0);

  test.each(unchanged)("%s shows only operations that the schema accepts", (page) => {
    const schema = buildSchema(readPage("schema.graphql"));
    for (const operation of codeBlocks(readPage(page), "graphql")) {
      expect(validate(schema, parse(operation)), operation).toEqual([]);
    }
  });
});
