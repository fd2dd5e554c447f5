import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const PAGE = readFileSync("docs/adding-a-resource.md", "utf8");

/** The code below the heading that holds this text. */
function codeUnder(heading: string): string {
  const section = PAGE.split(/^## /m).find((text) => text.split("\n", 1)[0]?.includes(heading)) ?? "";
  return [...section.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code).join("");
}

/** Puts code into a file, in front of the line that begins with `before`, and imports what it needs. */
function insert(file: string, before: string, code: string, imported: string): void {
  const text = readFileSync(file, "utf8");
  expect(text).toContain(before);
  writeFileSync(file, `${imported}\n${text.replace(before, `${code}${before}`)}`);
}

test("the resource of docs/adding-a-resource.md compiles as it stands there, and is in the schema in both directions", async () => {
  const folder = mkdtempSync(join(tmpdir(), "towerql-new-resource-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync("src", join(folder, "src"), { recursive: true });
  for (const file of ["package.json", "tsconfig.json"]) cpSync(file, join(folder, file));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));

  for (const [, file] of PAGE.matchAll(/^## .*`(src\/.*\.ts)`$/gm)) {
    const target = join(folder, file ?? "");
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, codeUnder(file ?? ""));
  }
  const [root = "", ...relations] = codeUnder("Two lines").split(/(?<=;\n)/);
  insert(
    join(folder, "src/schema/query.ts"),
    '  add("task",',
    root,
    'import { snapshotGroupList } from "../resources/snapshot-group/snapshot-group.type.js";',
  );
  insert(
    join(folder, "src/relations/all-relations.ts"),
    "];",
    relations.join(""),
    'import { groupSnapshots, snapshotInGroup } from "./snapshot-groups.js";',
  );

  const run = promisify(execFile);
  await run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", folder], { maxBuffer: 2 ** 20 });
  const emit = 'import("./dist/schema/schema.js").then(({ emitSchema }) => process.stdout.write(emitSchema()))';
  const { stdout: schema } = await run(process.execPath, ["-e", emit], { cwd: folder, maxBuffer: 2 ** 24 });

  expect(schema).toMatch(/^type SnapshotGroup implements Node \{[^}]*?\n {2}\): VmSnapshotConnection\n/m);
  expect(schema).toMatch(/^type VmSnapshot implements Node \{[^}]*?\n {2}inGroup: SnapshotGroup\n/m);
  expect(schema).toMatch(/\n {2}\): SnapshotGroupConnection\n/);
}, 60_000);
