import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { settings } from "../../src/config.js";
import { startGateway } from "../support/gateway.js";

const page = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");

/** The first two cells of each table row that begins with a name in code. */
const rows = [...page.matchAll(/^\| `([A-Za-z_]+)` \|([^|]*)\|/gm)].map(([, name = "", second = ""]) => [
  name,
  second.trim().replaceAll("`", ""),
]);

test("the page lists exactly the settings that exist, with their defaults", () => {
  const documented = rows.filter(([name = ""]) => /^[A-Z]/.test(name)).sort();
  const existing = Object.values(settings)
    .map(({ variable, fallback = "" }: { variable: string; fallback?: string }) => [variable, fallback])
    .sort();

  expect(documented).toEqual(existing);
});

test("the page lists exactly the metrics of the gateway", async () => {
  const gateway = await startGateway();
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  const existing = [...text.matchAll(/^# TYPE (towerql_\w+) /gm)].map(([, name]) => name);

  expect(
    rows
      .map(([name]) => name)
      .filter((name) => name?.startsWith("towerql_"))
      .sort(),
  ).toEqual(existing.sort());
});
