import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Runs the check on a project with exactly these files. */
function check(files: Record<string, string>): { ok: boolean; output: string } {
  const root = mkdtempSync(join(tmpdir(), "check-imports-"));
  folders.push(root);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/check-imports.mjs", root], {
    encoding: "utf8",
  });
  return { ok: status === 0, output: stdout + stderr };
}

describe("check-imports", () => {
  test("accepts imports from a lower layer", () => {
    const { ok, output } = check({
      "src/app.ts": 'import { vmSource } from "./resources/vm/vm.source.js";\nexport const app = vmSource;\n',
      "src/resources/vm/vm.source.ts": 'import { now } from "../../kernel/clock.js";\nexport const vmSource = now;\n',
      "src/kernel/clock.ts": "export const now = 1;\n",
    });
    expect(output).toContain("3 files, no cycle");
    expect(ok).toBe(true);
  });

  test("refuses an import from a higher layer, even over several lines", () => {
    const { ok, output } = check({
      "src/kernel/clock.ts": 'import {\n  type Vm,\n} from "../resources/vm/vm.type.js";\nexport type Clock = Vm;\n',
      "src/resources/vm/vm.type.ts": "export type Vm = string;\n",
    });
    expect(output).toContain("src/kernel/clock.ts imports src/resources/vm/vm.type.ts: kernel may import only itself");
    expect(ok).toBe(false);
  });

  test("refuses a cycle of type-only imports, and shows it", () => {
    const { ok, output } = check({
      "src/kernel/a.ts": 'import type { B } from "./b.js";\nexport type A = B;\n',
      "src/kernel/b.ts": 'export type { C as B } from "./c.js";\n',
      "src/kernel/c.ts": 'export type C = import("./a.js").A;\n',
    });
    expect(output).toContain("cycle: src/kernel/a.ts -> src/kernel/b.ts -> src/kernel/c.ts -> src/kernel/a.ts");
    expect(ok).toBe(false);
  });

  test("refuses imports between resources, but lets them import shared files", () => {
    const { ok, output } = check({
      "src/resources/vm/vm.type.ts": 'import "../shared/connection.js";\nimport "../task/task.type.js";\n',
      "src/resources/task/task.type.ts": 'import "../shared/connection.js";\n',
      "src/resources/shared/connection.ts": "export const connection = 1;\n",
    });
    expect(output.trim()).toBe(
      "src/resources/vm/vm.type.ts imports src/resources/task/task.type.ts: resources do not import each other",
    );
    expect(ok).toBe(false);
  });

  test("checks the layers inside a folder", () => {
    const { ok, output } = check({
      "src/graph/plan/selection-plan.ts": 'import "../model/resource.js";\n',
      "src/graph/model/resource.ts": 'import "../plan/operation-plan.js";\n',
      "src/graph/plan/operation-plan.ts": "export const plan = 1;\n",
    });
    expect(output.trim()).toBe(
      "src/graph/model/resource.ts imports src/graph/plan/operation-plan.ts: graph/model may import only upstream, kernel",
    );
    expect(ok).toBe(false);
  });

  test("lets the simulator import only the wire types from upstream", () => {
    const { output } = check({
      "src/simulator/http/server.ts": 'import "../../upstream/wire/types.js";\nimport "../../upstream/client.js";\n',
      "src/upstream/client.ts": "export const client = 1;\n",
      "src/upstream/wire/types.ts": "export type Row = unknown;\n",
    });
    expect(output).toContain("src/simulator/http/server.ts imports src/upstream/client.ts");
    expect(output).not.toContain("src/simulator/http/server.ts imports src/upstream/wire");
  });

  test("restricts undici to upstream, process.env to config.ts and abort listeners to kernel, except in comments", () => {
    const { output } = check({
      "src/config.ts": "export const port = process.env.PORT;\n",
      "src/upstream/client.ts": 'import { Pool } from "undici";\nexport const pool = Pool;\n',
      "src/http/server.ts": 'import { request } from "undici";\nexport const url = process.env.URL ?? request;\n',
      "src/http/leave.ts":
        'export const leave = (signal: AbortSignal) => signal.addEventListener("abort", () => {});\n',
      "src/kernel/clock.ts": "// Never process.env here.\nexport const now = 1;\n",
      "src/kernel/abort.ts":
        'export const onAbort = (signal: AbortSignal) => signal.addEventListener("abort", stop);\n',
    });
    expect(output.trim().split("\n")).toEqual([
      expect.stringContaining('src/http/leave.ts uses addEventListener("abort")'),
      "src/http/server.ts uses undici: only src/upstream/ may",
      "src/http/server.ts uses process.env: only src/config.ts may",
    ]);
  });

  test("refuses a part of src that its table does not list", () => {
    expect(check({ "src/helpers/text.ts": "export const text = 1;\n" }).output).toContain('"helpers" has no entry');
  });
});
