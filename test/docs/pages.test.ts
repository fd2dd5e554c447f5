import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSchema, parse, validate } from "graphql";
import { describe, expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

const README = readFileSync("README.md", "utf8");

/** The code blocks of one language, in order. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, text]) => text ?? "");
}

/** What curl sends, as JSON. */
const bodies = blocks("sh").flatMap((text) => [...text.matchAll(/ -d '(.*?)'/gs)].map(([, body]) => body ?? ""));

const queryOf = (index: number) => (JSON.parse(bodies[index] ?? "") as { query: string }).query;

test("the README's query, sent as it stands there, gives the answer that stands there", async () => {
  const gateway = await startGateway();
  const response = await gateway.post(bodies[0] ?? "");

  expect(await response.json()).toEqual(JSON.parse(blocks("json")[0] ?? ""));
});

test("the README's query for the way back and for lists finds what it is about", async () => {
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

test("the README's snapshot is taken as it says, and its task can be watched to the end", async () => {
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
  const pages = ["README.md", "CHANGELOG.md", ...readdirSync("docs", { recursive: true, encoding: "utf8" })]
    .map((page) => (existsSync(page) ? page : join("docs", page)))
    .filter((page) => page.endsWith(".md"));

  test.each(pages)("%s names no file that is not there", (page) => {
    const links = [...readFileSync(page, "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path ?? "");
    expect(links.filter((path) => !existsSync(join(dirname(page), path)))).toEqual([]);
  });

  test("lists every decision, by the title of its page", () => {
    const index = readFileSync("docs/decisions/README.md", "utf8");
    const decisions = readdirSync("docs/decisions").filter((page) => page !== "README.md");
    const entries = decisions.map((page) => {
      const [title = ""] = readFileSync(join("docs/decisions", page), "utf8").split("\n");
      return `- [${title.replace("# ", "")}](${page})\n`;
    });
    expect(entries.filter((entry) => !index.includes(entry))).toEqual([]);
  });

  const extending = new Set([
    "docs/adding-a-resource.md",
    ...readdirSync("docs/how-to").map((page) => join("docs/how-to", page)),
  ]);

  test.each(pages.filter((page) => !extending.has(page)))(
    "%s shows only operations that the schema accepts",
    (page) => {
      const schema = buildSchema(readFileSync("schema.graphql", "utf8"));
      const text = readFileSync(page, "utf8");
      for (const [, operation] of text.matchAll(/^```graphql\n(.*?)^```/gms)) {
        expect(validate(schema, parse(operation ?? "")), operation).toEqual([]);
      }
    },
  );
});
