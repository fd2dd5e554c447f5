// Compiles assembly/column-reader.ts to WebAssembly, as src/upstream/rows/column-reader.wasm.ts.
// Its compiler is large and has a package.json of its own, so that only those who change the reader install it.
// Usage: node scripts/assembly.mjs [--check]
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The reader's source. */
export const SOURCE = "assembly/column-reader.ts";
const TARGET = "src/upstream/rows/column-reader.wasm.ts";
const COMPILER = "assembly/node_modules/assemblyscript/bin/asc.js";
const OPTIONS = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd"];
/** Pages of 64 KiB. The module's memory does not grow. */
const MEMORY = ["--initialMemory", "17", "--maximumMemory", "17"];

/** The WebAssembly module of a source file. */
export function compile(source) {
  if (!existsSync(COMPILER)) execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--prefix", "assembly"]);
  const folder = mkdtempSync(join(tmpdir(), "assembly-"));
  try {
    const result = join(folder, "reader.wasm");
    execFileSync(process.execPath, [COMPILER, source, "-o", result, ...OPTIONS, ...MEMORY], { stdio: "inherit" });
    return readFileSync(result);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function main() {
  process.chdir(resolve(import.meta.dirname, ".."));
  const text = `// Compiled from ${SOURCE} by scripts/assembly.mjs. Do not edit.

/** The WebAssembly module, in base64. */
export const columnReaderModule =
  "${compile(SOURCE).toString("base64")}";
`;
  if (!process.argv.includes("--check")) writeFileSync(TARGET, text);
  else if (readFileSync(TARGET, "utf8") !== text) {
    console.error(`${TARGET} is not what ${SOURCE} compiles to: run "npm run assembly".`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === import.meta.filename) main();
