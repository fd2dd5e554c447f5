import { expect, test } from "vitest";
import { comparePlaces, type Mark, type Place } from "../../../src/flows/events/lists/event-cursor.js";
import { PlaceReader, resumedAt } from "../../../src/flows/events/lists/place-reader.js";
import { Timeline } from "../../../src/flows/events/lists/timeline.js";
import { Random } from "../../../src/simulator/random.js";

const windows = { lateMs: 50, keptMs: 100, maxEntries: 40 };
const entry = (at: number, id: string) => ({ id, place: { at, id }, isUndated: false });
type Entry = ReturnType<typeof entry>;

/** A list of which a timeline keeps the newest part, and pages of a few entries show the rest. */
function world(random: Random) {
  const all: Entry[] = [];
  const timeline = new Timeline<Entry>(0, windows);
  let clock = 0;
  return {
    all,
    timeline,
    happen() {
      clock += random.int(0, 12);
      const late = random.chance(0.2) ? random.int(0, 45) : 0;
      const happened = entry(Math.max(0, clock - late), `e${all.length}`);
      all.push(happened);
      timeline.add(happened);
    },
    async read(after: Place, until: number) {
      const found = all.filter(({ place }) => comparePlaces(place, after) > 0 && place.at < until);
      const page = found.sort((a, b) => comparePlaces(a.place, b.place)).slice(0, 5);
      return { entries: page, next: found.length > 5 ? page.at(-1)?.place : undefined };
    },
  };
}

test("a reader that stops and resumes at its marks meets every entry, and none twice without need", async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = new Random(seed);
    const { all, timeline, happen, read } = world(random);
    const met = new Map<string, number>();
    let mark: Mark = timeline.mark;
    for (let visit = 0; visit < 25; visit += 1) {
      for (let count = random.int(0, 12); count > 0; count -= 1) happen();
      const start = await resumedAt(mark, timeline, read);
      const reader = new PlaceReader(timeline, read, start);
      const seen = new Set<string>();
      const stopAfter = random.chance(0.3) ? random.int(0, 6) : Number.POSITIVE_INFINITY;
      while (!reader.isAtEnd && seen.size < stopAfter) {
        const next = await reader.next(() => "");
        if (random.chance(0.2)) happen();
        if (next === undefined) continue;
        expect(seen, `seed ${seed}`).not.toContain(next.id);
        seen.add(next.id);
        met.set(next.id, (met.get(next.id) ?? 0) + 1);
      }
      mark = reader.mark;
      reader.close();
    }
    const reader = new PlaceReader(timeline, read, await resumedAt(mark, timeline, read));
    while (!reader.isAtEnd) {
      const next = await reader.next(() => "");
      if (next !== undefined) met.set(next.id, 1);
    }
    expect(
      all.filter(({ id }) => !met.has(id)).map(({ id }) => id),
      `seed ${seed}`,
    ).toEqual([]);
    expect(timeline.size).toBeLessThan(40 + 257);
  }
});

test("without late entries nothing is met twice", async () => {
  const { timeline, read } = world(new Random(1));
  for (let at = 1; at <= 30; at += 1) timeline.add(entry(at * 3, `e${at}`));
  expect(await resumedAt(timeline.mark, timeline, read)).toEqual(timeline.mark);
  const { mark } = timeline;
  timeline.add(entry(91, "later"));
  expect(await resumedAt(mark, timeline, read)).toEqual(mark);
  timeline.add(entry(80, "late"));
  expect(await resumedAt(mark, timeline, read)).toMatchObject({ at: mark.unsettled, id: "" });
});
