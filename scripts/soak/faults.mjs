import { setTimeout as sleep } from "node:timers/promises";

/** Faults, each with its chance per call while it is active. */
const FAULTS = [
  { chance: 0.05, effect: { kind: "reset", when: "before-body" } },
  { chance: 0.05, effect: { kind: "reset", when: "after-body" } },
  { chance: 0.05, effect: { kind: "lost-answer" } },
  { operation: "create-vm-snapshot", chance: 0.2, effect: { kind: "late-commit", afterMs: 6_000 } },
  { chance: 0.05, effect: { kind: "truncated" } },
  { chance: 0.05, effect: { kind: "malformed" } },
  { chance: 0.02, effect: { kind: "hang" } },
  { chance: 0.02, effect: { kind: "drip", bytes: 128, everyMs: 20 } },
  { chance: 0.02, effect: { kind: "huge", bytes: 20_000_000 } },
  { chance: 0.05, effect: { kind: "redirect", location: "http://127.0.0.1:9/" } },
  { chance: 0.1, effect: { kind: "status", status: 503, body: "html" } },
  { chance: 0.05, effect: { kind: "status", status: 429, retryAfter: 1 } },
  { chance: 0.05, effect: { kind: "status", status: 500 } },
  { chance: 0.5, latencyMs: 100 },
];
/** CloudTower is unreachable for some seconds. */
const OUTAGE = { effect: { kind: "reset" } };

/** Activates a random selection of faults every few seconds, with calm in between; none is active at the end. */
export async function runFaultPhases(gateway, tally, end) {
  while (performance.now() < end) {
    const outage = tally.faultPhases % 5 === 4;
    const chosen = outage ? [OUTAGE] : FAULTS.filter(() => Math.random() < 0.25);
    for (const fault of chosen) await gateway.addFault(fault);
    tally.faultPhases += 1;
    await sleep(Math.min(4_000, Math.max(0, end - performance.now())));
    await gateway.clearFaults();
    await sleep(Math.min(2_000, Math.max(0, end - performance.now())));
  }
}
