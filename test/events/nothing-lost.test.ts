import { expect, test } from "vitest";
import { spendNight } from "./support/night.js";

/** `EVENT_NIGHTS=200 npx vitest run test/events/nothing-lost.test.ts` spends more of them. */
const NIGHTS = Number(process.env.EVENT_NIGHTS ?? 3);

test(
  "in random nights nothing is lost, nothing comes twice in a stream, and each task and snapshot is told of in order",
  async () => {
    let events = 0;
    for (let night = 1; night <= NIGHTS; night += 1) {
      const report = await spendNight(NIGHTS_BEGIN + night);
      expect(report.wrong, `night ${NIGHTS_BEGIN + night}`).toEqual([]);
      events += report.events;
    }
    expect(events).toBeGreaterThan(100);
  },
  NIGHTS * 60_000,
);

/** The first nights are short ones. */
const NIGHTS_BEGIN = 18;
