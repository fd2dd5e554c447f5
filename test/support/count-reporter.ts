import { writeSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/** Says why tests were skipped, and ends the output with one plain line: `N passed, N failed, N skipped`. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    // A file that breaks before its first test, or an error that no test caught, is a failure too.
    const broken = modules.filter((module) => module.state() === "failed" && !hasFailedTest(module)).length;
    const failed = count("failed") + broken + unhandledErrors.length;

    const reasons = new Map<string, number>();
    for (const test of tests) {
      const result = test.result();
      if (result.state !== "skipped") continue;
      const reason = result.note ?? "no reason given (a filter of names, or skip() without a note)";
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    const lines = [...reasons].map(([reason, number]) => `skipped ${number}: ${reason}`);
    lines.push(`${count("passed")} passed, ${failed} failed, ${count("skipped")} skipped`);
    // Other reporters and Vitest itself print until the process ends.
    process.on("exit", () => writeSync(1, `${lines.join("\n")}\n`));
  }
}

function hasFailedTest(module: TestModule): boolean {
  return [...module.children.allTests("failed")].length > 0;
}
