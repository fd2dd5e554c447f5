import { expect, test } from "vitest";
import type { Fault } from "../../src/simulator/http/faults.js";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { until, untilHealthy } from "./support/failures.js";

const CHAOS_MS = 15_000;
const CLIENTS = 12;

/** Codes that an operation may fail with while CloudTower has faults; the gateway itself never fails. */
const EXPECTED = new Set(["UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE", "UPSTREAM_ERROR", "RATE_LIMITED"]);

const faults: readonly Fault[] = [
  { chance: 0.04, effect: { kind: "reset", when: "before-body" } },
  { chance: 0.04, effect: { kind: "reset", when: "after-body" } },
  { chance: 0.03, effect: { kind: "lost-answer" } },
  { chance: 0.03, effect: { kind: "truncated" } },
  { chance: 0.02, effect: { kind: "malformed" } },
  { chance: 0.02, effect: { kind: "hang" } },
  { chance: 0.02, effect: { kind: "drip", bytes: 64, everyMs: 50 } },
  { chance: 0.02, effect: { kind: "huge", bytes: 1_500_000 } },
  { chance: 0.02, effect: { kind: "redirect", location: "http://127.0.0.1:9/" } },
  { chance: 0.04, effect: { kind: "status", status: 503, body: "html" } },
  { chance: 0.03, effect: { kind: "status", status: 429, retryAfter: 1 } },
  { chance: 0.03, effect: { kind: "status", status: 500 } },
  { chance: 0.3, latencyMs: 40 },
];

const queries = [
  "{ vms(first: 40) { totalCount nodes { name disks { type volume { name lun { name storageVolume { zbsId } } } } } } }",
  "{ vmSnapshots(first: 10) { nodes { name vm { name } disks { lunSnapshot { name } } } } }",
  "{ hosts(first: 5) { nodes { name cluster { name } } } }",
  "{ tasks(first: 20) { nodes { id status progress } } }",
];

test("under load and random faults for 30 s, every response is correct or a coded error, and then the gateway recovers", async () => {
  const env = {
    UPSTREAM_TIMEOUT_SECONDS: "1",
    OPERATION_TIMEOUT_SECONDS: "3",
    UPSTREAM_MAX_ANSWER_MIB: "1",
    RATE_LIMIT_PER_SECOND: "100000",
    RATE_LIMIT_BURST: "1000000",
  };
  const gateway = await startGateway({ env, spoilsAnswers: true });
  const expected = await Promise.all(queries.map((query) => gateway.query(query)));
  for (const { errors } of expected) expect(errors).toBeUndefined();
  for (const fault of faults) gateway.simulator.faults.add(fault);

  const end = performance.now() + CHAOS_MS;
  const seen = { responses: 0, good: 0, codes: new Map<string, number>(), incorrect: [] as string[] };
  await Promise.all(Array.from({ length: CLIENTS }, (_, n) => client(gateway, n, end, expected, seen)));
  gateway.simulator.faults.clear();

  expect(seen.incorrect).toEqual([]);
  expect(seen.good).toBeGreaterThan(seen.responses / 10);
  expect([...seen.codes.keys()].filter((code) => !EXPECTED.has(code))).toEqual([]);
  await untilHealthy(gateway);
  const after = await Promise.all(queries.map((query) => gateway.query(query)));
  expect(after).toEqual(expected);
  expect(gateway.app.upstream.client.state).toEqual({ inFlight: 0, queued: 0, circuit: "closed" });
  await until(() => gateway.simulator.calls.inFlight === 0, "no call in flight");
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
}, 90_000);

type Seen = { responses: number; good: number; codes: Map<string, number>; incorrect: string[] };

async function client(
  gateway: TestGateway,
  n: number,
  end: number,
  expected: readonly object[],
  seen: Seen,
): Promise<void> {
  for (let round = n; performance.now() < end; round += 1) {
    const which = round % queries.length;
    const response = await gateway.query(queries[which] as string);
    seen.responses += 1;
    for (const { extensions } of response.errors ?? []) {
      const code = String(extensions?.code);
      seen.codes.set(code, (seen.codes.get(code) ?? 0) + 1);
    }
    if (response.errors !== undefined) continue;
    seen.good += 1;
    if (JSON.stringify(response) !== JSON.stringify(expected[which]))
      seen.incorrect.push(JSON.stringify(response).slice(0, 300));
  }
}
