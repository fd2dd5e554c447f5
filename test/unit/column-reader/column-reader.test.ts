import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { startSimulator } from "../../../src/simulator/simulator.js";
import { ColumnReader } from "../../../src/upstream/rows/column-reader.js";
import { ResponseBody } from "../../../src/upstream/rows/response-body.js";
import { documentedVersions } from "../../../src/upstream/wire/arrivals.js";
import { entities } from "../../../src/upstream/wire/contract.js";
import type { Entity } from "../../../src/upstream/wire/types.js";
import { type Random, seeded } from "../../abuse/support/seeded.js";
import { JsonTexts, nested } from "./json-texts.js";

/** `READER_TEXTS=3000000 READER_SEED=7 npx vitest run test/unit/column-reader` reads more random texts. */
const TEXTS = Number(process.env.READER_TEXTS ?? 40_000);
const SEED = Number(process.env.READER_SEED ?? 20_261_128);
/** File with another module than the committed one; see `scripts/reader-faults.mjs`. */
const MODULE_FILE = process.env.READER_MODULE;
const module = MODULE_FILE === undefined ? undefined : readFileSync(MODULE_FILE, "base64");

const reader = new ColumnReader({ module });
/** Most rows do not fit into so few bytes: texts are read in many windows. */
const narrowReaders = [64, 300, 1000, 3000].map((windowBytes) => new ColumnReader({ module, windowBytes }));

/** What JSON.parse makes of a text; the value of each column for each row if it is a list of objects. */
function parsed(body: ResponseBody, names: readonly string[]): { values?: unknown[]; isRows: boolean } {
  let list: unknown;
  try {
    list = body.json();
  } catch {
    return { isRows: false };
  }
  if (!Array.isArray(list) || !list.every((row) => Object.prototype.toString.call(row) === "[object Object]")) {
    return { isRows: false };
  }
  const values = list.flatMap((row) => names.map((name) => (Object.hasOwn(row, name) ? row[name] : undefined)));
  return { values, isRows: true };
}

/** The values as read; undefined if the text was left to JSON.parse. Fails if JSON.parse says anything else. */
function check(bytes: Uint8Array, names: readonly string[], by = reader, pieces = [bytes]): unknown[] | undefined {
  const body = new ResponseBody(pieces);
  const values = by.read(body, names)?.flat();
  // Not `toStrictEqual`, which takes a member named "constructor" for the class of its object.
  if (values !== undefined && !isDeepStrictEqual(values, parsed(body, names).values)) {
    const text = JSON.stringify(Buffer.from(bytes).toString("latin1")).slice(0, 2000);
    expect.fail(`${JSON.stringify(values).slice(0, 500)} for the columns ${names} of ${text}`);
  }
  return values;
}

function hundredsOfMembers(): string {
  return Array.from({ length: 400 }, (_, index) => `"k${index}":0`).join();
}

function cut(bytes: Buffer, random: Random): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieces.at(-1)?.length ?? 0) {
    pieces.push(bytes.subarray(at, at + 1 + random.below(60)));
  }
  return pieces;
}

test("what is read of random texts, valid and spoiled, is what JSON.parse reads", () => {
  const random = seeded(SEED);
  const texts = new JsonTexts(random);
  const counts = { read: 0, leftToParse: 0, malformed: 0 };
  for (let count = 0; count < TEXTS; ) {
    const [valid, names] = [texts.valid(), texts.columns()];
    for (let variant = 0; variant < 4; variant += 1, count += 1) {
      const bytes = variant === 0 ? valid : texts.spoiled(valid);
      const by = random.below(2) === 0 ? reader : random.pick(narrowReaders);
      const values = check(bytes, names, by, random.below(4) === 0 ? cut(bytes, random) : [bytes]);
      if (values !== undefined) counts.read += 1;
      else counts[parsed(new ResponseBody([bytes]), names).isRows ? "leftToParse" : "malformed"] += 1;
    }
  }
  if (process.env.READER_TEXTS !== undefined) console.log(`seed ${SEED}`, counts);
  expect(counts.read).toBeGreaterThan(TEXTS / 8);
  expect(counts.malformed).toBeGreaterThan(TEXTS / 3);
}, 3_600_000);

describe.each(documentedVersions)("of CloudTower %s", (apiVersion) => {
  test("every entity's rows are read, and not left to JSON.parse", async () => {
    const simulator = await startSimulator({ apiVersion, vms: 12 });
    const random = seeded(SEED);
    for (const entity of Object.keys(entities) as Entity[]) {
      const bytes = Buffer.from(JSON.stringify(simulator.control.rows(entity)));
      const all = Object.keys(entities[entity].fields);
      const some = all.filter(() => random.below(3) === 0);
      for (const names of [all, some, ["id"]]) {
        if (names.length > 0) expect(check(bytes, names, reader, cut(bytes, random)), entity).toBeDefined();
      }
    }
    await simulator.stop();
  });
});

describe("read", () => {
  test.each([
    ["an empty list", " [ ] ", []],
    ["rows without the columns", "[{},{}]", [undefined, undefined, undefined, undefined]],
    ["the last of members with the same name", '[{"id":1,"name":2,"id":null}]', [null, 2]],
    ["members in another order", '[{"id":1,"name":2},{"name":3,"id":4}]', [1, 2, 4, 3]],
    ["texts beyond ASCII", '[{"id":"虚拟机","name":"🚀"}]', ["虚拟机", "🚀"]],
    ["numbers as JSON.parse rounds them", '[{"id":9007199254740993,"name":-0}]', [9007199254740992, -0]],
    ["texts that look like numbers", '[{"id":"1e999","name":"007"}]', ["1e999", "007"]],
    ["a byte order mark", '\ufeff[{"id":1}]', [1, undefined]],
    ["values inside values", '[{"id":{"a":[{}]},"name":[[]]}]', [{ a: [{}] }, [[]]]],
    ["a member named __proto__", '[{"__proto__":{"name":1},"id":2}]', [2, undefined]],
  ])("%s", (_, text, values) => {
    expect(check(Buffer.from(text), ["id", "name"])).toStrictEqual(values);
  });

  test("a name of every length up to 45 characters; longer ones are left to JSON.parse", () => {
    for (let length = 1; length < 80; length += 1) {
      const name = "k".repeat(length);
      const bytes = Buffer.from(
        JSON.stringify([{ [name]: 1, id: 2 }, { [name]: 3, [`${name}k`]: 4, id: 5 }, { id: 6 }]),
      );
      expect(check(bytes, [name, "id"]) !== undefined, `${length} characters`).toBe(length <= 45);
      expect(check(bytes, ["id"])).toEqual([2, 5, 6]);
      const other = `${"k".repeat(length - 1)}x`;
      check(Buffer.from(JSON.stringify([{ [name]: 1 }, { [other]: 2 }, { [name]: 3 }])), [name]);
    }
  });

  test("more bytes than its memory has", () => {
    const row = (index: number) => ({ id: `${index}`, pad: "y".repeat(900), name: index % 3 === 0 ? null : "é" });
    const bytes = Buffer.from(JSON.stringify(Array.from({ length: 5_000 }, (_, index) => row(index))));
    expect(check(bytes, ["name", "id"], reader, cut(bytes, seeded(SEED)))).toHaveLength(10_000);
  });

  test("many rows of which more is written than was read", () => {
    expect(check(Buffer.from(`[${"{},".repeat(200_000)}{}]`), ["id", "name", "a", "b"])).toHaveLength(800_004);
  });

  test("a text cut off at any byte is left to JSON.parse, which refuses it", () => {
    const bytes = Buffer.from(' [ {"id":"a\\u00e9\\"é","name":[1,{"x":null}],"ha":true,"n":-1.5e+3},{"id":"c"} ]');
    for (let length = 0; length < bytes.length; length += 1) {
      for (const by of [reader, ...narrowReaders]) expect(check(bytes.subarray(0, length), ["id"], by)).toBeUndefined();
    }
  });
});

describe("leave to JSON.parse", () => {
  test.each([
    ["what is not a list", '{"id":1}'],
    ["a list of other values", "[null]"],
    ["text after the list", '[{"id":1}] x'],
    ["a second byte order mark", '\ufeff\ufeff[{"id":1}]'],
    ["an escape in a name", '[{"i\\u0064":1}]'],
    ["a number that may be infinite", '[{"id":1e309}]'],
    ["a number of many digits", `[{"id":${"9".repeat(400)}}]`],
    ["a value of great depth", `[{"id":${nested(100_000)}}]`],
    ["a row longer than a window", `[{"id":"${"a".repeat(600_000)}"}]`],
    ["rows of hundreds of members", `[{"id":"${"a".repeat(50)}",${hundredsOfMembers()}}]`],
  ])("%s", (_, text) => {
    expect(check(Buffer.from(text), ["id"])).toBeUndefined();
  });

  /** Values that are not JSON, as a row's member and as an inner one. */
  const NO_VALUES = [
    ...["", "01", "-", "-a", "1.", ".5", "1e", "1e+", "+1", "NaN", "tru", "nulx", "fals1", "truex", "'a'", "0x1"],
    ...[
      '"a',
      '"\\',
      '"\\q"',
      '"\\u12"',
      '"\\u12g4"',
      '"\t"',
      '"\u001f"',
      '"\u0000"',
      "[1,]",
      "[,1]",
      "[1 2]",
      "[1}",
      "[}",
    ],
    ...[
      "{]",
      '{"y"}',
      '{"y" 1}',
      '{"y":}',
      '{"y":1,}',
      "{,}",
      "{y:1}",
      "{1:1}",
      '{"y":1]',
      '{"y":1 "z":2}',
      "\u000b1",
      "\u00a01",
    ],
  ];
  /** Lists that are not JSON, around a row. */
  const NO_LISTS = [
    '[{"id":1},]',
    '[,{"id":1}]',
    '[{"id":1}{"id":2}]',
    '[{"id":1} {"id":2}]',
    '[{"id":1}',
    '{"id":1}]',
    "[{]",
  ];
  const NO_ROWS = [
    '{"id":1,}',
    '{,"id":1}',
    '{"id":1 "x":2}',
    '{"id" 1}',
    '{"id":1]',
    "{id:1}",
    '{"id":1}}',
    '{"id"}',
    '{"id":}',
  ];

  test.each([
    ...NO_VALUES.flatMap((value) => [`[{"id":1,"x":${value}}]`, `[{"id":${value}}]`, `[{"id":1},{"id":[${value},0]}]`]),
    ...NO_LISTS,
    ...NO_ROWS.flatMap((row) => [`[${row}]`, `[{"id":1},${row}]`]),
  ])("malformed text: %j", (text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(check(Buffer.from(text), ["id"])).toBeUndefined();
  });

  test("more columns than there is room for, and none", () => {
    const bytes = Buffer.from('[{"id":1}]');
    expect(check(bytes, ["id", ...Array.from({ length: 127 }, (_, index) => `c${index}`)])).toHaveLength(128);
    expect(check(bytes, ["id", ...Array.from({ length: 128 }, (_, index) => `c${index}`)])).toBeUndefined();
    expect(check(bytes, [])).toBeUndefined();
  });

  test("everything, if the module cannot be used or fails", () => {
    const broken = new ColumnReader({ module: "AGFzbQ==" });
    expect([broken.isAvailable, reader.isAvailable]).toEqual([false, true]);
    expect(check(Buffer.from('[{"id":1}]'), ["id"], broken)).toBeUndefined();
    const failing = new ColumnReader({ module, windowBytes: 2 ** 31 });
    expect(check(Buffer.from(`[${'{"id":1},'.repeat(400_000)}{}]`), ["id"], failing)).toBeUndefined();
    expect(check(Buffer.from('[{"id":1}]'), ["id"], failing)).toEqual([1]);
  });
});
