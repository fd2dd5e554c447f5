import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSchema, parse, validate } from "graphql";
import { describe, expect, it, test } from "vitest";
import { startGateway } from "../support/gateway.js";

const README = readFileSync("README.md", "utf8");

/** The code blocks of one language, in order. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, text]) => text ?? "");
}

/** What curl sends, as JSON. */
const bodies = blocks("sh").flatMap((text) => [...text.matchAll(/ -d '(.*?)'/gs)].map(([, body]) => body ?? ""));

test("the README's query, sent as it stands there, gives the answer that stands there", async () => {
  const gateway = await startGateway();
  const response = await fetch(`${gateway.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: gateway.simulator.users[0]?.token ?? "" },
    body: bodies[0],
  });

  expect(await response.json()).toEqual(JSON.parse(blocks("json")[0] ?? ""));
});

test("the README's snapshot is taken as it says, and its task can be watched to the end", async () => {
  const gateway = await startGateway({ env: { TASK_POLL_QUICK_MS: "10" } });
  const { query: mutation } = JSON.parse(bodies[1] ?? "") as { query: string };

  const { createVmSnapshot } = await gateway.data<{
    createVmSnapshot: { created: boolean; snapshot: { id: string }; task: { id: string }; errors: [] };
  }>(mutation);
  expect(createVmSnapshot).toMatchObject({ created: true, task: { status: "PENDING" }, errors: [] });

  const { query: subscription } = JSON.parse(bodies[2] ?? "") as { query: string };
  const states: unknown[] = [];
  for await (const { data } of gateway.socket().iterate<{ taskProgress: { status: string } }>({
    query: subscription.replace("Task:...", createVmSnapshot.task.id),
  })) {
    states.push(data?.taskProgress.status);
    gateway.simulator.advance(2_000);
  }
  expect(states.at(-1)).toBe("SUCCEEDED");

  const { vmSnapshot } = await gateway.data<{ vmSnapshot: { disks: { lunSnapshot: object | null }[] } }>(
    blocks("graphql")[0] ?? "",
    { id: createVmSnapshot.snapshot.id },
  );
  expect(vmSnapshot.disks).toHaveLength(2);
  for (const { lunSnapshot } of vmSnapshot.disks) {
    expect(lunSnapshot).toMatchObject({ storageVolume: { zbsId: expect.any(String) } });
  }
});

describe("the documentation", () => {
  const pages = ["README.md", "CHANGELOG.md", ...readdirSync("docs", { recursive: true, encoding: "utf8" })]
    .map((page) => (existsSync(page) ? page : join("docs", page)))
    .filter((page) => page.endsWith(".md"));

  it.each(pages)("%s names no file that is not there", (page) => {
    const links = [...readFileSync(page, "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path ?? "");
    expect(links.filter((path) => !existsSync(join(dirname(page), path)))).toEqual([]);
  });

  it.each(pages)("%s shows only operations that the schema accepts", (page) => {
    const schema = buildSchema(readFileSync("schema.graphql", "utf8"));
    const text = readFileSync(page, "utf8");
    for (const [, operation] of text.matchAll(/^```graphql\n(.*?)^```/gms)) {
      expect(validate(schema, parse(operation ?? "")), operation).toEqual([]);
    }
  });
});
