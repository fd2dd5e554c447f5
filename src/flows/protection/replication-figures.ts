import type { ReplicationPlan } from "../../resources/replication-plan/replication-plan.type.js";
import { lastSuccess } from "./plan-executions.js";

/** A number of seconds, or null, and what it was derived from. */
export interface DerivedSeconds {
  readonly seconds: number | null;
  readonly from: string;
}

const DAY = 86_400;
/** The longest that one unit of `period` can last: a month has up to 31 days. */
const UNIT_SECONDS: ReadonlyMap<string, number> = new Map(
  Object.entries({ MINUTELY: 60, HOURLY: 3_600, DAILY: DAY, WEEKLY: 7 * DAY, MONTHLY: 31 * DAY }),
);
const MAX_INT = 2 ** 31 - 1;

/**
 * The longest time between two executions of a plan: interval times period. Null if executions are skipped in a way that this does not
 * cover, or if there are none.
 */
export function rpo({ row }: ReplicationPlan): DerivedSeconds {
  const { period, interval } = row;
  const none = (from: string): DerivedSeconds => ({ seconds: null, from });
  if (row.status !== "WORKING") return none("The plan is not being executed.");
  const unit = UNIT_SECONDS.get(period ?? "");
  if (unit === undefined) return none("The plan's period is unknown.");
  if (typeof interval !== "number" || !Number.isInteger(interval) || interval < 1)
    return none("The plan's interval is not a whole number of 1 or more.");
  if (row.weekdays && !Array.isArray(row.weekdays)) return none("The plan's weekdays are unknown.");
  const weekdays = new Set(row.weekdays ?? []).size;
  if (unit <= DAY && weekdays > 0 && weekdays < 7) return none("The plan is not executed on every day of the week.");
  if (unit < DAY && row.enable_window !== false) return none("The plan is executed only at a time of the day.");
  const seconds = interval * unit;
  if (seconds > MAX_INT) return none("The plan's interval is too long to be a number of seconds.");
  return { seconds, from: `interval ${interval}, period ${period}` };
}

/** The time since the plan's last execution, if that succeeded as a whole; else null. */
export function lag({ row }: ReplicationPlan, now: number): DerivedSeconds {
  const { at, mayBeLater } = lastSuccess(row, now);
  if (at === undefined) return { seconds: null, from: "No execution that the plan's row tells of has succeeded." };
  const time = new Date(at).toISOString();
  if (mayBeLater)
    return { seconds: null, from: `The execution at ${time} succeeded, and it is unclear what a later one has done.` };
  const seconds = Math.max(0, Math.floor((now - at) / 1000));
  return { seconds: Math.min(seconds, MAX_INT), from: `execution at ${time}` };
}
