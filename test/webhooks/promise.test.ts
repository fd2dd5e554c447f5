import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Send } from "../../src/webhooks/delivery/attempt.js";
import { seeded } from "../abuse/support/seeded.js";
import { hooksFolder, newSecret, startHooks } from "./support/hooks.js";
import { ManualClock } from "./support/manual-clock.js";
import { ScriptedFeed } from "./support/scripted-feed.js";

const EVENTS = 12;
const HOUR_MS = 3_600_000;
const MAX_TURNS = 10_000;

/** What happened in one run: ids as they were sent and acknowledged, and deaths of the process. */
type Step = { readonly sent: string } | { readonly acknowledged: string } | { readonly killed: true };

/** Delivers some events while the receiver fails, is gone, or hangs, and the process dies and starts again, all at random. */
async function run(seed: number): Promise<readonly Step[]> {
  const random = seeded(seed);
  const steps: Step[] = [];
  const feed = new ScriptedFeed();
  feed.overlap = random.below(6);
  const folder = hooksFolder();
  folder.write("secret", newSecret());
  folder.define([{ name: "one", url: "http://receiver.invalid/" }]);
  const clock = new ManualClock();
  const stateFile = join(folder.stateDir, "webhooks", "one.jsonl");
  const start = async () => {
    const life = { isOver: false };
    const kill = () => {
      steps.push({ killed: true });
      life.isOver = true;
      // What a process leaves that dies while it writes.
      if (random.below(2) === 0) appendFileSync(stateFile, '{"type":"settled","fe');
      return new Promise<never>(() => {});
    };
    const send: Send = async (_target, { id }) => {
      steps.push({ sent: id });
      const chance = random.below(100);
      if (chance < 15) return { kind: "response", status: random.pick([301, 404, 429, 500]) };
      if (chance < 25) return { kind: "none", message: "no response within 15 s" };
      if (chance < 30) return { kind: "response", status: 410 };
      if (chance < 35) return kill();
      steps.push({ acknowledged: id });
      return chance < 45 ? kill() : { kind: "response", status: 204 };
    };
    const { webhooks } = await startHooks(folder, { one: feed }, { clock, send, life });
    return { life, webhooks };
  };
  let process = await start();
  let emitted = 0;
  const isDone = () => steps.some((step) => "acknowledged" in step && step.acknowledged === `e${EVENTS - 1}`);
  for (let turn = 0; turn < MAX_TURNS && !isDone(); turn += 1) {
    await setTimeout(1);
    if (process.life.isOver) process = await start();
    const { webhooks } = process;
    const [state] = webhooks.delivering.map((worker) => worker.state);
    if (state?.cursor !== undefined && emitted < EVENTS && random.below(3) === 0) feed.emit(`e${emitted++}`);
    // Never resolves if the process dies.
    if (state?.enabled === false)
      await Promise.race([webhooks.enable("one", new AbortController().signal), setTimeout(50)]);
    if (clock.sleeping > 0) clock.advance(HOUR_MS);
  }
  return steps;
}

test.each(Array.from({ length: 25 }, (_, index) => index + 1))(
  "each event is acknowledged, in order, and again only after a death of the process (run %i)",
  async (seed) => {
    const steps = await run(seed);
    const expected = Array.from({ length: EVENTS }, (_, index) => `e${index}`);
    const acknowledged = steps.flatMap((step) => ("acknowledged" in step ? [step.acknowledged] : []));
    expect([...new Set(acknowledged)]).toEqual(expected);
    const known = new Set<string>();
    /** Acknowledged before a death, so that it comes again. */
    let doubtful: string | undefined;
    for (const step of steps) {
      if ("killed" in step) doubtful = [...known].at(-1);
      else if ("sent" in step) expect([expected.find((id) => !known.has(id)), doubtful]).toContain(step.sent);
      else {
        known.add(step.acknowledged);
        doubtful = undefined;
      }
    }
  },
);
