// Compiles the benchmark into bench/.build and runs it, so that only plain JavaScript is measured. See README.md.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

rmSync(path("./.build"), { recursive: true, force: true });
const compiler = path("../node_modules/typescript/bin/tsc");
const { status } = spawnSync(process.execPath, [compiler, "-p", path(".")], { stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);
const program = ["versions", "reader", "page"].includes(process.argv[2]) ? process.argv[2] : "main";
await import(`./.build/bench/${program}.js`);
