import { describe, expect, test, vi } from "vitest";
import { asError } from "../../../src/kernel/errors.js";
import { chunk, groupByKey, indexByKey } from "../../../src/kernel/group.js";
import { once } from "../../../src/kernel/once.js";

const rows = [
  { key: "a", n: 1 },
  { key: null, n: 2 },
  { key: "b", n: 3 },
  { key: "a", n: 4 },
  { key: undefined, n: 5 },
];

describe("grouping", () => {
  test("groups rows by key in their order, and omits rows without a key", () => {
    expect([...groupByKey(rows, (row) => row.key)]).toEqual([
      [
        "a",
        [
          { key: "a", n: 1 },
          { key: "a", n: 4 },
        ],
      ],
      ["b", [{ key: "b", n: 3 }]],
    ]);
  });

  test("handles keys such as __proto__ like any other", () => {
    const odd = ["__proto__", "constructor", "toString"];
    expect([...groupByKey(odd, (key) => key).keys()]).toEqual(odd);
  });

  test("keeps the first of several rows with one key", () => {
    expect(indexByKey(rows, (row) => row.key).get("a")).toEqual({ key: "a", n: 1 });
  });
});

describe("chunk", () => {
  test.each([
    [0, []],
    [1, [1]],
    [500, [500]],
    [501, [500, 1]],
    [1_200, [500, 500, 200]],
  ])("splits %i items into chunks of at most 500: %j", (length, sizes) => {
    const list = Array.from({ length }, (_, index) => index);
    const chunks = chunk(list, 500);
    expect(chunks.map(({ length }) => length)).toEqual(sizes);
    expect(chunks.flat()).toEqual(list);
  });
});

describe("once", () => {
  test("calls the function once and returns the same value again, even if it is undefined", () => {
    const make = vi.fn(() => undefined);
    const get = once(make);
    expect([get(), get()]).toEqual([undefined, undefined]);
    expect(make).toHaveBeenCalledOnce();
  });
});

describe("asError", () => {
  test("returns an error unchanged and wraps anything else", () => {
    const error = new TypeError("kept");
    expect(asError(error)).toBe(error);
    expect(asError("thrown text")).toMatchObject({ cause: "thrown text" });
    expect(asError(undefined)).toBeInstanceOf(Error);
  });
});
