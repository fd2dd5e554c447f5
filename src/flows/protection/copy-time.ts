import { CLOCK_TOLERANCE_MS } from "../snapshot-data/clock-tolerance.js";

/** When something happened: ms since 1970, or why that is not known. */
export type CopyTime = number | "undated" | "future";

/**
 * Reads a time of CloudTower. One without a time zone could be hours away from what it seems to be, so it counts as undated; one that is
 * ahead of the gateway's clock by more than clocks may differ tells nothing either.
 *
 * @param now ms since 1970.
 */
export function copyTime(value: unknown, now: number): CopyTime {
  const at = typeof value === "string" && ZONED.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) return "undated";
  return at > now + CLOCK_TOLERANCE_MS ? "future" : at;
}

const ZONED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
