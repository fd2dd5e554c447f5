import { describe, expect, test } from "vitest";
import { ColumnGuard, Columns } from "../../src/upstream/columns.js";
import { ProgressScale } from "../../src/upstream/progress-scale.js";
import { normalizeTasks, progressOf } from "../../src/upstream/task-rows.js";
import type { Row } from "../../src/upstream/wire/types.js";

const ended = (progress: unknown, count = 1) =>
  Array.from({ length: count }, (_, index) => ({ id: `${progress} ${index}`, status: "SUCCESSED", progress }));

describe("progress is read on the scale of the installation", () => {
  test.each([
    ["0 to 1", ended(1), 0.7, 0.7],
    ["percent", ended(100), 0.7, 0.007],
    ["0 to 1, despite an odd row", [...ended(100), ...ended(1, 3)], 0.7, 0.7],
    ["percent, despite an odd row", [...ended(1), ...ended(100, 3)], 0.7, 0.007],
    ["unknown: too low rather than too high", [], 0.7, 0.007],
    ["unknown, but no fraction", [], 35, 0.35],
    ["unknown, as nothing can be learned from these", ended("1"), 0.7, 0.007],
  ])("%s", (_, rows, progress, expected) => {
    const scale = new ProgressScale();
    scale.learn(rows);
    expect(scale.fractionOf({ progress })).toBeCloseTo(expected, 6);
  });

  test("until it is known the steps tell, but never more than the value could mean", () => {
    const scale = new ProgressScale();
    const steps = [{ current: 50, total: 100 }, { finished: true }];
    expect(scale.fractionOf({ progress: 0.7, steps })).toBe(0.5);
    expect(scale.fractionOf({ progress: 0.3, steps })).toBe(0.3);
    for (const odd of [[], "x", [null], [{ current: 5 }], [{ current: 5, total: 0 }], [{ current: "5", total: 9 }]]) {
      expect(scale.fractionOf({ progress: 0.7, steps: odd })).toBeCloseTo(0.007, 6);
    }
  });

  test("values that are no progress are 0", () => {
    const scale = new ProgressScale();
    for (const progress of [null, undefined, "0.5", Number.NaN, -3, {}]) expect(scale.fractionOf({ progress })).toBe(0);
  });

  test("asks for a sample only if it matters, and at most once a minute", () => {
    const scale = new ProgressScale();
    expect(scale.needsSample(0)).toBe(false);
    scale.fractionOf({ progress: 0.7 });
    expect([scale.needsSample(0), scale.needsSample(59_000), scale.needsSample(61_000)]).toEqual([true, false, true]);
    scale.learn(ended(1));
    expect(scale.needsSample(200_000)).toBe(false);
  });
});

test("rows of tasks get their progress and the request's language, also if columns are dropped; odd rows stay", () => {
  const message = `x ${JSON.stringify({ error: { msg: JSON.stringify({ "zh-CN": "满", "en-US": "full" }) } })}`;
  const response = [...ended(100), null, 7, { id: "b", status: "EXECUTING", progress: 50, error_message: message }];
  const columns = new Columns("Task", new Set(["description"]), new ColumnGuard());
  const options = { language: "zh-CN", scale: new ProgressScale() } as const;
  const rows = normalizeTasks(columns.pick(response), options) as Row<"Task">[];
  expect(rows[1]).toBeNull();
  expect(progressOf(rows[3] as object)).toBe(0.5);
  expect(rows[3]?.error_message).toContain("满");
  expect(rows[3]?.error_message).not.toContain("full");
  expect(normalizeTasks({ no: "list" }, options)).toEqual({ no: "list" });
});
