import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { CountReporter } from "./test/support/count-reporter.js";

export default defineConfig({
  resolve: {
    // graphql's CommonJS and ESM builds are two modules to Vitest, and a schema of one is refused by the other.
    alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }],
  },
  test: {
    // Generous: on a busy machine a wait takes longer, and a passing one ends at once.
    expect: { poll: { timeout: 15_000 } },
    include: ["test/**/*.test.ts"],
    // type-graphql needs it before the first decorated class is loaded.
    setupFiles: ["reflect-metadata"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Two on two cores, where Vitest would start one: tests wait as much as they compute.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ["default", new CountReporter()],
  },
});
