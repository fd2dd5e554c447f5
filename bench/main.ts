/**
 * The benchmark: `npm run bench -- [graph] [snapshots] [stall] [watchers] [events] [--quick] [--write] [--profile] [--contenders=towerql,baseline]`.
 *
 * A full run of all scenarios writes bench/results.md; a partial or quick one only prints, unless `--write` is given.
 */
import { readdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Case, compare, type Pace } from "./compare.js";
import { availableContenders, MAX_PAGE_SIZE, StubProcess } from "./contenders.js";
import { measureEvents } from "./events.js";
import { summarizeProfile } from "./profile.js";
import { type CaseResult, toConsoleLine, toMarkdown } from "./report.js";
import { graphCases, SNAPSHOT_COUNT, snapshotCases } from "./scenarios.js";
import { measureStalls } from "./stall.js";
import { measureWatchers } from "./watchers.js";

const SIDE_BY_SIDE: Readonly<Record<string, (quick: boolean) => Case[]>> = {
  graph: graphCases,
  snapshots: snapshotCases,
};
const SCENARIOS: readonly string[] = [...Object.keys(SIDE_BY_SIDE), "stall", "watchers", "events"];
const SLOW_SCENARIOS: ReadonlySet<string> = new Set(["watchers", "events"]);
const FULL: Pace = { warmUpMs: 1200, turns: 3, turnMs: 1200 };
const QUICK: Pace = { warmUpMs: 600, turns: 2, turnMs: 600 };
const RESULTS_FILE = new URL("../../results.md", import.meta.url);

const options = parseArguments(process.argv.slice(2));
const pace = options.quick ? QUICK : FULL;
const profileDirectory = options.profile ? fileURLToPath(new URL("../profiles", import.meta.url)) : undefined;
const contenders = availableContenders(options.contenders).map((contender) => ({ ...contender, profileDirectory }));
const measuresStalls = options.scenarios.includes("stall");
const [loadAverage = 0] = loadavg();
const stub = await StubProcess.start(measuresStalls ? MAX_PAGE_SIZE : 1000, SNAPSHOT_COUNT);
try {
  const results: CaseResult[] = [];
  for (const scenario of options.scenarios) {
    for (const oneCase of SIDE_BY_SIDE[scenario]?.(options.quick) ?? []) {
      console.error(`${scenario}: ${oneCase.title}, ${oneCase.clients} clients, ${oneCase.delayMs} ms`);
      const metrics = await compare(contenders, stub, oneCase, pace);
      for (const metric of metrics) console.error(`  ${toConsoleLine(metric)}`);
      results.push({ scenario, oneCase, metrics });
    }
  }
  const stalls = measuresStalls ? await measureStalls(contenders, stub, options.quick ? 1 : 3) : [];
  const gateway = contenders.find(({ name }) => name === "towerql");
  const watchers = gateway && options.scenarios.includes("watchers") ? await measureWatchers(gateway, stub) : undefined;
  const events = gateway && options.scenarios.includes("events") ? await measureEvents(gateway, stub) : undefined;
  const facts = {
    command: ["npm run bench", ...options.given].join(" -- "),
    date: new Date().toISOString().slice(0, 10),
    pace,
    loadAverage,
  };
  const markdown = toMarkdown(facts, { results, stalls, watchers, events });
  console.log(markdown);
  if (profileDirectory) {
    for (const file of readdirSync(profileDirectory, { recursive: true, encoding: "utf8" }).sort()) {
      if (file.endsWith(".cpuprofile")) console.log(`\n${file}\n${summarizeProfile(join(profileDirectory, file))}`);
    }
  }
  if (options.write) writeFileSync(RESULTS_FILE, markdown);
} finally {
  stub.stop();
}

function parseArguments(given: readonly string[]) {
  const flags = given.filter((argument) => argument.startsWith("--"));
  const named = given.filter((argument) => !argument.startsWith("--"));
  const unknown = [
    ...named.filter((name) => !SCENARIOS.includes(name)),
    ...flags.filter((flag) => !/^--(quick|write|profile|contenders=.+)$/.test(flag)),
  ];
  if (unknown.length > 0) {
    console.error(
      `Unknown arguments: ${unknown.join(" ")}. Use ${SCENARIOS.join(", ")}, --quick, --write, --profile or --contenders=a,b.`,
    );
    process.exit(2);
  }
  const quick = flags.includes("--quick");
  return {
    given: given.length > 0 ? [given.join(" ")] : [],
    scenarios: named.length > 0 ? named : SCENARIOS.filter((name) => !quick || !SLOW_SCENARIOS.has(name)),
    quick,
    write: flags.includes("--write") || (!quick && named.length === 0),
    profile: flags.includes("--profile"),
    contenders: flags
      .find((flag) => flag.startsWith("--contenders="))
      ?.split("=")[1]
      ?.split(","),
  };
}
