import { readFileSync } from "node:fs";

interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

const LINES = 25;
/** Skips the startup of the process. */
const STARTUP_MICROSECONDS = 1_500_000;

/** Summarizes a `.cpuprofile`: self time by package and by function, without startup and idle time. */
export function summarizeProfile(file: string): string {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, "utf8")) as CpuProfile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byPackage = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let age = 0;
  let total = 0;
  for (const [index, sample] of samples.entries()) {
    const frame = frames.get(sample);
    const microseconds = timeDeltas[index] ?? 0;
    age += microseconds;
    if (!frame || frame.functionName === "(idle)" || age < STARTUP_MICROSECONDS) continue;
    total += microseconds;
    add(byPackage, packageOf(frame), microseconds);
    add(
      byFunction,
      `${frame.functionName || "(anonymous)"} ${shortUrl(frame.url)}:${frame.lineNumber + 1}`,
      microseconds,
    );
  }
  return [...top(byPackage, total), "", ...top(byFunction, total)].join("\n");
}

function add(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

function top(sums: ReadonlyMap<string, number>, total: number): string[] {
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, LINES)
    .map(([key, value]) => `${((value / total) * 100).toFixed(1).padStart(5)} %  ${key}`);
}

function packageOf({ functionName, url }: CallFrame): string {
  if (url === "") return functionName.startsWith("(") ? functionName : "(native)";
  if (url.startsWith("node:")) return "node";
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  return name ?? "own code";
}

function shortUrl(url: string): string {
  return url.replace(/^.*\/(node_modules|dist|\.build)\//, "");
}
