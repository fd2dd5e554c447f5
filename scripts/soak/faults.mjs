import { setTimeout as sleep } from "node:timers/promises";

/** What goes wrong, each with how likely it is for a call while it is on. */
const KINDS = [
  { chance: 0.05, effect: { kind: "reset", when: "before-body" } },
  { chance: 0.05, effect: { kind: "reset", when: "after-body" } },
  { chance: 0.05, effect: { kind: "lost-answer" } },
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
/** CloudTower is gone for some seconds. */
const OUTAGE = { effect: { kind: "reset" } };

/** Some faults at a time, others every few seconds, with calm between; none at the end. */
export async function switchFaults(gateway, tally, end) {
  while (performance.now() < end) {
    const outage = tally.faultPhases % 5 === 4;
    const chosen = outage ? [OUTAGE] : KINDS.filter(() => Math.random() < 0.25);
    for (const fault of chosen) await gateway.switch("POST", fault);
    tally.faultPhases += 1;
    await sleep(Math.min(4_000, Math.max(0, end - performance.now())));
    await gateway.switch("DELETE");
    await sleep(Math.min(2_000, Math.max(0, end - performance.now())));
  }
}
