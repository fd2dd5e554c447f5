/** Error codes that are expected while CloudTower fails; any other is a failure of the gateway. */
const UPSTREAM_CODES = new Set(["UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE", "UPSTREAM_ERROR", "RATE_LIMITED"]);
/** Error codes of invalid queries. */
const CLIENT_CODES = new Set([
  "BAD_USER_INPUT",
  "GRAPHQL_VALIDATION_FAILED",
  "GRAPHQL_PARSE_FAILED",
  "QUERY_TOO_EXPENSIVE",
]);

/** How much more memory the gateway may have after the attacks than before, in MiB. */
const MAX_GROWTH_MIB = 100;

/** Counters of a run. */
export class Tally {
  requests = 0;
  good = 0;
  refused = 0;
  slowestMs = 0;
  wrongResponses = 0;
  faultPhases = 0;
  watchers = 0;
  events = 0;
  eventsLost = 0;
  eventsDuplicated = 0;
  eventsBackwards = 0;
  writesDuplicated = 0;
  writesLost = 0;
  verdicts = 0;
  wrongVerdicts = 0;
  wrongPlans = 0;
  oddRows = 0;
  recoverySeconds = 0;
  followed = 0;
  followersResumed = 0;
  followedLost = 0;
  followedDoubled = 0;
  plans = new Map();
  snapshots = new Map();
  errors = new Map();
  writeErrors = new Map();
  streamErrors = new Map();

  responded(text, milliseconds, invalid) {
    this.requests += 1;
    this.slowestMs = Math.max(this.slowestMs, milliseconds);
    const { errors } = JSON.parse(text);
    if (errors === undefined) this.good += 1;
    else if (invalid) this.refused += 1;
    // Many fields fail for the same reason: count each code once per response.
    for (const code of new Set(errors?.map(({ extensions }) => extensions?.code ?? "none"))) {
      if (!(invalid && CLIENT_CODES.has(code))) this.count(this.errors, code);
    }
  }

  failed(error) {
    this.requests += 1;
    this.count(this.errors, `no response (${error?.cause?.code ?? error?.message})`);
  }

  wrongVerdict(text) {
    this.wrongVerdicts += 1;
    process.stdout.write(`wrong verdict: ${text}\n`);
  }

  count(map, key) {
    map.set(key, (map.get(key) ?? 0) + 1);
  }

  line() {
    return `${this.requests} requests, ${this.good} good, ${this.events} events, errors ${kinds(this.errors)}`;
  }
}

/** Failures that must not occur. */
export function problemsOf(tally) {
  const problems = [];
  for (const name of [
    "eventsLost",
    "eventsDuplicated",
    "eventsBackwards",
    "writesDuplicated",
    "writesLost",
    "wrongVerdicts",
    "wrongPlans",
    "wrongResponses",
    "followedLost",
    "followedDoubled",
  ]) {
    if (tally[name] > 0) problems.push(`${name} must be 0, got ${tally[name]}.`);
  }
  for (const [code, count] of tally.errors) {
    if (!UPSTREAM_CODES.has(code)) problems.push(`${code}: the gateway itself failed ${count} times.`);
  }
  if (tally.recoverySeconds > 10)
    problems.push(`The gateway must recover within 10 s, took ${tally.recoverySeconds} s.`);
  const grownMiB = tally.end.residentMiB - tally.beforeAttacks.residentMiB;
  if (grownMiB > MAX_GROWTH_MIB) {
    problems.push(
      `After the attacks memory must be within ${MAX_GROWTH_MIB} MiB of before, got ${grownMiB.toFixed(0)} more.`,
    );
  }
  return problems;
}

export function printReport(tally, minutes) {
  const created = [...tally.snapshots.values()].filter((snapshot) => snapshot.created).length;
  const memory = ({ residentMiB, heapMiB }) => `${residentMiB.toFixed(0)} MiB resident, ${heapMiB.toFixed(0)} MiB heap`;
  const lines = [
    ["minutes", minutes],
    ["fault phases", tally.faultPhases],
    ["requests", `${tally.requests}: ${tally.good} good, ${tally.refused} refused as invalid`],
    ["errors by code", kinds(tally.errors)],
    ["slowest response", `${(tally.slowestMs / 1000).toFixed(1)} s`],
    ["wrong responses", tally.wrongResponses],
    [
      "snapshots",
      `${tally.snapshots.size} requested, ${created} created, ${tally.writesDuplicated} duplicated, ${tally.writesLost} lost`,
    ],
    ["write errors", kinds(tally.writeErrors)],
    ["verdicts of readiness", `${tally.verdicts}, ${tally.wrongVerdicts} wrong, beside ${tally.oddRows} odd rows`],
    ["plans, by disk", `${kinds(tally.plans)}, ${tally.wrongPlans} wrong`],
    ["watchers", `${tally.watchers}, ${tally.events} events`],
    ["events lost", tally.eventsLost],
    ["events duplicated", tally.eventsDuplicated],
    [
      "events followed",
      `${tally.followed}, ${tally.followersResumed} times resumed, ${tally.followedLost} lost, ${tally.followedDoubled} doubled`,
    ],
    ["stream errors", kinds(tally.streamErrors)],
    ["recovered after", `${tally.recoverySeconds.toFixed(1)} s`],
    ["memory at the start", memory(tally.start)],
    ["memory before attacks", memory(tally.beforeAttacks)],
    ["memory after attacks", memory(tally.end)],
    ["memory at most", `${tally.peakMiB.toFixed(0)} MiB resident`],
  ];
  for (const [name, value] of lines) process.stdout.write(`${name.padEnd(28)} ${value}\n`);
}

function kinds(map) {
  return map.size === 0 ? "none" : [...map].map(([kind, count]) => `${kind} ${count}`).join(", ");
}
