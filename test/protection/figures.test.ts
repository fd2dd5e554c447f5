import { describe, expect, test } from "vitest";
import { copyTime } from "../../src/flows/protection/copy-time.js";
import { judgeVm } from "../../src/flows/protection/judge-vm.js";
import { noCopies } from "../../src/flows/protection/newest-copies.js";
import { lag, rpo } from "../../src/flows/protection/replication-figures.js";
import { ReplicationPlan } from "../../src/resources/replication-plan/replication-plan.type.js";

const NOW = Date.parse("2026-11-01T12:00:00.000Z");
const HOURLY = { status: "WORKING", period: "HOURLY", interval: 1, enable_window: false, weekdays: [] as string[] };

function plan(values: Record<string, unknown>): ReplicationPlan {
  return new ReplicationPlan({ id: "p", ...HOURLY, ...values } as never);
}

test.each([
  [{}, 3600],
  [{ interval: 15, period: "MINUTELY" }, 900],
  [{ interval: 2, period: "DAILY" }, 172_800],
  [{ interval: 1, period: "WEEKLY", weekdays: ["MON", "FRI"] }, 604_800],
  [{ interval: 1, period: "MONTHLY" }, 2_678_400],
  [{ weekdays: ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"] }, 3600],
  [{ weekdays: ["MON"] }, null],
  [{ period: "DAILY", weekdays: ["MON"] }, null],
  [{ enable_window: true }, null],
  [{ enable_window: null }, null],
  [{ period: "DAILY", enable_window: true }, 86_400],
  [{ status: "PAUSED" }, null],
  [{ status: "RESTING" }, null],
  [{ interval: 0 }, null],
  [{ interval: null }, null],
  [{ interval: 1.5 }, null],
  [{ period: "FORTNIGHTLY" }, null],
  [{ interval: 2 ** 31 - 1 }, null],
])("a plan with %j has an RPO of %s s", (values, seconds) => {
  expect(rpo(plan(values)).seconds).toBe(seconds);
});

test.each([
  ["SUCCESS", "2026-11-01T11:00:00.000Z", "NEVER_EXECUTE", null, 3600],
  ["SUCCESS", "2026-11-01T11:00:00.000Z", "SUCCESS", "2026-11-01T11:30:00.000Z", 1800],
  ["SUCCESS", "2026-11-01T11:00:00.000Z", "FAILED", "2026-11-01T10:00:00.000Z", 3600],
  ["SUCCESS", "2026-11-01T11:00:00.000Z", "FAILED", "2026-11-01T11:30:00.000Z", null],
  ["SUCCESS", "2026-11-01T11:00:00.000Z", "FAILED", null, null],
  ["PARTIAL_SUCCESS", "2026-11-01T11:00:00.000Z", "NEVER_EXECUTE", null, null],
  ["RUNNING", "2026-11-01T11:00:00.000Z", "NEVER_EXECUTE", null, null],
  ["SUCCESS", null, "NEVER_EXECUTE", null, null],
  ["SUCCESS", "2026-11-01 11:00:00", "NEVER_EXECUTE", null, null],
  ["SUCCESS", "2026-11-02T11:00:00.000Z", "NEVER_EXECUTE", null, null],
  ["SUCCESS", "2026-11-01T12:01:00.000Z", "NEVER_EXECUTE", null, 0],
  ["NEVER_EXECUTE", null, "NEVER_EXECUTE", null, null],
  [undefined, undefined, undefined, undefined, null],
])("%s at %s and by hand %s at %s is a lag of %s s", (status, at, manual, manualAt, seconds) => {
  const executions = { last_execute_status: status, last_executed_at: at };
  const byHand = { last_manual_execute_status: manual, last_manual_executed_at: manualAt };

  expect(lag(plan({ ...executions, ...byHand }), NOW).seconds).toBe(seconds);
});

describe("a time of CloudTower", () => {
  test.each([
    ["2026-11-01T11:00:00.000Z", NOW - 3_600_000],
    ["2026-11-01T19:00:00+08:00", NOW - 3_600_000],
    ["2026-11-01T12:05:00Z", NOW + 300_000],
    ["2026-11-01T12:05:01Z", "future"],
    ["9999-12-31T00:00:00Z", "future"],
    ["2026-11-01T11:00:00", "undated"],
    ["2026-11-01", "undated"],
    ["2026-13-01T00:00:00Z", "undated"],
    ["yesterday", "undated"],
    ["", "undated"],
    [null, "undated"],
    [1_730_000_000, "undated"],
  ])("%j is %s", (value, time) => {
    expect(copyTime(value, NOW)).toBe(time);
  });
});

test("snapshots that the VM's row names and no list shows make it UNKNOWN", () => {
  const nothing = { value: { byId: new Map(), byVm: new Map(), unreadable: new Map() } };
  const facts = {
    now: NOW,
    ...{ snapshots: { value: noCopies<"VmSnapshot">() }, restorePoints: { value: noCopies<"BackupRestorePoint">() } },
    ...{ snapshotPlans: nothing, backupPlans: nothing, replicationPlans: nothing, replicas: nothing },
  };
  const named = [{ id: "s", name: "s" }];

  expect(judgeVm({ id: "v", snapshots: named }, facts, 1000)).toMatchObject({
    state: "UNKNOWN",
    reasons: [{ code: "ROWS_MISSING" }, { code: "NO_COPY" }, { code: "NO_PLAN" }],
  });
  expect(judgeVm({ id: "v", snapshots: null }, facts, 1000).state).toBe("UNPROTECTED");
});
