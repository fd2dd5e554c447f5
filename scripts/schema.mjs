// Writes schema.graphql from the built code. With --check it only compares.
// Usage: node scripts/ensure.mjs scripts/schema.mjs [--check]
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { emitSchema } from "../dist/schema/schema.js";

const TARGET = "schema.graphql";
const emitted = await emitSchema();
if (!process.argv.includes("--check")) {
  writeFileSync(TARGET, emitted);
} else if (!existsSync(TARGET) || readFileSync(TARGET, "utf8") !== emitted) {
  console.error(`${TARGET} does not match the code: run npm run schema`);
  process.exitCode = 1;
}
