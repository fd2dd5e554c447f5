/** What clients may be told while CloudTower fails; everything else is the gateway's own failure. */
const OF_CLOUDTOWER = new Set(["UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE", "UPSTREAM_ERROR", "RATE_LIMITED"]);
const OF_CLIENTS = new Set([
  "BAD_USER_INPUT",
  "GRAPHQL_VALIDATION_FAILED",
  "GRAPHQL_PARSE_FAILED",
  "QUERY_TOO_EXPENSIVE",
]);

/** What was counted. */
export class Tally {
  requests = 0;
  good = 0;
  refused = 0;
  slowestMs = 0;
  wrongAnswers = 0;
  faultPhases = 0;
  watchers = 0;
  events = 0;
  eventsLost = 0;
  eventsDoubled = 0;
  eventsBackwards = 0;
  writesDoubled = 0;
  writesLost = 0;
  recoverySeconds = 0;
  snapshots = new Map();
  errors = new Map();
  writeErrors = new Map();
  streamErrors = new Map();

  answered(text, milliseconds, mistaken) {
    this.requests += 1;
    this.slowestMs = Math.max(this.slowestMs, milliseconds);
    const { errors } = JSON.parse(text);
    if (errors === undefined) this.good += 1;
    else if (mistaken) this.refused += 1;
    // Many fields fail for one reason: each reason counts once an answer.
    for (const code of new Set(errors?.map(({ extensions }) => extensions?.code ?? "none"))) {
      if (!(mistaken && OF_CLIENTS.has(code))) this.count(this.errors, code);
    }
  }

  unanswered(error) {
    this.requests += 1;
    this.count(this.errors, `no answer (${error?.cause?.code ?? error?.message})`);
  }

  count(map, key) {
    map.set(key, (map.get(key) ?? 0) + 1);
  }

  line() {
    return `${this.requests} requests, ${this.good} good, ${this.events} events, errors ${kinds(this.errors)}`;
  }
}

/** What must not be. */
export function problemsOf(tally) {
  const problems = [];
  for (const name of [
    "eventsLost",
    "eventsDoubled",
    "eventsBackwards",
    "writesDoubled",
    "writesLost",
    "wrongAnswers",
  ]) {
    if (tally[name] > 0) problems.push(`${name}: expected 0, got ${tally[name]}`);
  }
  for (const [code, count] of tally.errors) {
    if (!OF_CLOUDTOWER.has(code)) problems.push(`${code}: the gateway failed by itself ${count} times`);
  }
  if (tally.recoverySeconds > 10) problems.push(`expected health within 10 s, got ${tally.recoverySeconds} s`);
  return problems;
}

export function printReport(tally, minutes) {
  const made = [...tally.snapshots.values()].filter((snapshot) => snapshot.made).length;
  const memory = ({ residentMiB, heapMiB }) => `${residentMiB.toFixed(0)} MiB resident, ${heapMiB.toFixed(0)} MiB heap`;
  const lines = [
    ["minutes", minutes],
    ["phases of faults", tally.faultPhases],
    ["requests", `${tally.requests}: ${tally.good} good, ${tally.refused} refused for the client's own mistake`],
    ["errors by kind", kinds(tally.errors)],
    ["slowest answer", `${(tally.slowestMs / 1000).toFixed(1)} s`],
    ["wrong answers", tally.wrongAnswers],
    [
      "snapshots",
      `${tally.snapshots.size} asked for, ${made} made, ${tally.writesDoubled} doubled, ${tally.writesLost} lost`,
    ],
    ["errors of writes", kinds(tally.writeErrors)],
    ["watchers", `${tally.watchers}, ${tally.events} events`],
    ["events lost", tally.eventsLost],
    ["events doubled", tally.eventsDoubled],
    ["errors of streams", kinds(tally.streamErrors)],
    ["healthy again after", `${tally.recoverySeconds.toFixed(1)} s`],
    ["memory at the start", memory(tally.start)],
    ["memory at the end", memory(tally.end)],
  ];
  for (const [name, value] of lines) process.stdout.write(`${name.padEnd(22)} ${value}\n`);
}

function kinds(map) {
  return map.size === 0 ? "none" : [...map].map(([kind, count]) => `${kind} ${count}`).join(", ");
}
