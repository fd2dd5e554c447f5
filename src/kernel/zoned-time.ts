/**
 * Milliseconds since 1970 of a time of CloudTower; NaN if there is none. A time without its zone could be hours away from what it seems to
 * be, so it counts as none.
 */
export function zonedMs(value: unknown): number {
  return typeof value === "string" && ZONED.test(value) ? Date.parse(value) : Number.NaN;
}

const ZONED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
