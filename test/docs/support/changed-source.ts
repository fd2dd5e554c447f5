import { execFile, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { codeBlocks, readPage } from "./pages.js";

const run = promisify(execFile);

/** A copy of the sources in a temporary folder, changed as pages of the documentation say. */
export class ChangedSource {
  private readonly folder = mkdtempSync(join(tmpdir(), "towerql-docs-"));
  private readonly gateways: { kill(): void }[] = [];

  constructor() {
    for (const path of ["src", "scripts/check-imports.mjs", "package.json", "tsconfig.json", "docs/operations.md"]) {
      cpSync(path, join(this.folder, path), { recursive: true });
    }
    symlinkSync(resolve("node_modules"), join(this.folder, "node_modules"));
  }

  /**
   * Applies a page's code: a `ts` block that begins with the path of a file is that file; a `diff` block changes a file. Other `ts`
   * blocks are quotations.
   *
   * @throws Error if the context of a change is not in its file exactly once.
   */
  apply(path: string): void {
    const page = readPage(path);
    for (const code of codeBlocks(page, "ts")) {
      const file = /^\/\/ (src\/\S+)\n/.exec(code)?.[1];
      if (file !== undefined) this.create(file, code);
    }
    for (const code of codeBlocks(page, "diff")) this.patch(code);
  }

  /** @throws Error with the compiler's output, or with the imports that are not allowed. */
  async compile(): Promise<void> {
    await Promise.all([
      this.node(["node_modules/typescript/bin/tsc", "-p", "tsconfig.json"]),
      this.node(["scripts/check-imports.mjs"]),
    ]);
  }

  /** The compiled schema as text. */
  schema(): Promise<string> {
    const emit = 'import("./dist/schema/schema.js").then(({ emitSchema }) => process.stdout.write(emitSchema()))';
    return this.node(["-e", emit]);
  }

  /** Starts the compiled gateway with its simulator, and returns its URL. `remove` ends it. */
  async start(env: Record<string, string> = {}): Promise<string> {
    const gateway = spawn(process.execPath, ["dist/main.js"], {
      cwd: this.folder,
      env: { PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "silent", ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.gateways.push(gateway);
    for await (const line of createInterface({ input: gateway.stdout })) {
      const url = /http:\/\/\S+\/graphql/.exec(line)?.[0];
      if (url !== undefined) return url;
    }
    throw new Error("The gateway ended without printing its address.");
  }

  /** Ends what was started and removes the folder. */
  remove(): void {
    for (const gateway of this.gateways) gateway.kill();
    rmSync(this.folder, { recursive: true });
  }

  private create(path: string, code: string): void {
    const file = join(this.folder, path);
    if (existsSync(file)) throw new Error(`${path} exists already`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
  }

  private patch(diff: string): void {
    const [header = "", ...lines] = diff.split("\n");
    const path = header.replace("--- ", "");
    const file = join(this.folder, path);
    let text = readFileSync(file, "utf8");
    for (const hunk of lines.join("\n").split(/^@@\n/m)) {
      const [before, after] = [linesOf(hunk, " -"), linesOf(hunk, " +")];
      const parts = text.split(before);
      if (parts.length !== 2) throw new Error(`${path} has ${parts.length - 1} times:\n${before}`);
      text = parts.join(after);
    }
    writeFileSync(file, text);
  }

  private async node(args: readonly string[]): Promise<string> {
    try {
      return (await run(process.execPath, args, { cwd: this.folder, maxBuffer: 2 ** 24 })).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${args.join(" ")} failed:\n${stdout}${stderr}`);
    }
  }
}

/** The lines of a hunk with one of the marks, without it. */
function linesOf(hunk: string, marks: string): string {
  const lines = hunk.split("\n").filter((line) => line !== "" && marks.includes(line.charAt(0)));
  return lines.map((line) => `${line.slice(1)}\n`).join("");
}
