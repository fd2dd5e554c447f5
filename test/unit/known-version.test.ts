import { expect, test } from "vitest";
import { KnownVersion } from "../../src/upstream/known-version.js";
import { arrivals } from "../../src/upstream/wire/arrivals.js";
import { arrivedIn, hasArrived, versionNumber } from "../../src/upstream/wire/versions.js";

/** A KnownVersion whose CloudTower has the version that `tower.version` says; null fails. */
function start(version: string | null) {
  const tower = { version, reads: 0, now: 0 };
  const read = async () => {
    tower.reads += 1;
    return tower.version;
  };
  return { tower, known: new KnownVersion(read, () => tower.now) };
}

const USED_SIZE = ["Vm.used_size"];

test("the version is read once for many questions", async () => {
  const { tower, known } = start("4.3.0");

  for (let n = 0; n < 3; n += 1) {
    expect(await known.missing(USED_SIZE)).toEqual({ version: "4.3.0", name: "Vm.used_size" });
    expect(await known.missing(["Vm.bios_uuid"])).toBeUndefined();
  }

  expect(tower.reads).toBe(1);
});

test("nothing is refused on knowledge older than a minute", async () => {
  const { tower, known } = start("4.3.0");
  expect(await known.missing(USED_SIZE)).toBeDefined();

  tower.version = "4.6.0";
  tower.now = 60_001;
  expect(await known.missing(USED_SIZE)).toBeUndefined();

  tower.now = 10_000_000;
  expect(await known.missing(USED_SIZE)).toBeUndefined();
  expect(tower.reads).toBe(2);
});

test.each([null, "4.3.0-beta", "next"])(
  "a version %j refuses nothing, and is read again after a minute",
  async (version) => {
    const { tower, known } = start(version);

    expect(await known.missing(USED_SIZE)).toBeUndefined();
    expect(await known.missing(USED_SIZE)).toBeUndefined();
    expect(tower.reads).toBe(1);

    tower.version = "4.3.0";
    tower.now = 60_001;
    expect(await known.missing(USED_SIZE)).toBeDefined();
  },
);

test("a version that can no longer be read refuses nothing", async () => {
  const { tower, known } = start("4.3.0");
  expect(await known.missing(USED_SIZE)).toBeDefined();

  tower.version = null;
  tower.now = 60_001;
  expect(await known.missing(USED_SIZE)).toBeUndefined();
});

test.each(Object.entries(arrivals))(
  "%s is missing before it arrived, there since, and unknown in between",
  (name, arrival) => {
    const at = (version: string) => hasArrived(versionNumber(version) as number, name);

    expect(at(arrival.with)).toBe(true);
    expect(at("99.0")).toBe(true);
    expect(at("0.1")).toBe(false);
    if (arrival.since !== undefined) expect(at(arrival.since)).toBe(true);
    if (arrival.without !== undefined) {
      expect(at(arrival.without)).toBe(false);
      const [major = "", minor = ""] = arrival.without.split(".");
      if (arrival.since === undefined) expect(at(`${major}.${minor}.999`)).toBeUndefined();
    }
    expect(arrivedIn(name)).toMatch(/^\d+\.\d+(\.\d+)?( at the latest)?$/);
  },
);

test("what is not in the table has always existed", () => {
  expect(hasArrived(versionNumber("1.0") as number, "Vm.name")).toBe(true);
  expect(hasArrived(versionNumber("1.0") as number, "constructor")).toBe(true);
  expect(arrivedIn("constructor")).toBeUndefined();
});
