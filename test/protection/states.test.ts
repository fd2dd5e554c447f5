import { expect, test } from "vitest";
import { ago, brief, DAY, executed, HOUR, type ProtectedVms, protections, startProtected } from "./support/vms.js";

/** What a VM has, and the state and reasons that follow. */
const CASES: Record<string, readonly [(vms: ProtectedVms, name: string) => void, string]> = {
  nothing: [(vms, name) => vms.vm(name), "UNPROTECTED NO_COPY NO_PLAN"],
  "a snapshot of today": [(vms, name) => vms.snapshot(vms.vm(name)), "PROTECTED RECENT_COPY NO_PLAN"],
  "an old snapshot": [
    (vms, name) => vms.snapshot(vms.vm(name), { local_created_at: ago(9 * DAY) }),
    "STALE OLD_COPY NO_PLAN",
  ],
  "an old and a new snapshot": [
    (vms, name) => {
      const vm = vms.vm(name);
      vms.snapshot(vm, { local_created_at: ago(9 * DAY) });
      vms.snapshot(vm);
    },
    "PROTECTED RECENT_COPY NO_PLAN",
  ],
  "a snapshot in the making": [
    (vms, name) => vms.snapshot(vms.vm(name), { entityAsyncStatus: "CREATING" }),
    "UNPROTECTED NO_COPY NO_PLAN",
  ],
  "a snapshot being deleted": [
    (vms, name) => vms.snapshot(vms.vm(name), { entityAsyncStatus: "DELETING" }),
    "UNPROTECTED NO_COPY NO_PLAN",
  ],
  "a snapshot in an unknown state": [
    (vms, name) => vms.snapshot(vms.vm(name), { entityAsyncStatus: "MOVING" }),
    "UNKNOWN COPY_STATE_UNKNOWN NO_COPY NO_PLAN",
  ],
  "a snapshot without a time": [
    (vms, name) => vms.snapshot(vms.vm(name), { local_created_at: null }),
    "UNKNOWN COPY_UNDATED NO_COPY NO_PLAN",
  ],
  "an old snapshot and one without a time": [
    (vms, name) => {
      const vm = vms.vm(name);
      vms.snapshot(vm, { local_created_at: ago(9 * DAY) });
      vms.snapshot(vm, { local_created_at: "" });
    },
    "UNKNOWN COPY_UNDATED OLD_COPY NO_PLAN",
  ],
  "a snapshot with a time in no time zone": [
    (vms, name) => vms.snapshot(vms.vm(name), { local_created_at: ago(HOUR).replace("T", " ").replace("Z", "") }),
    "UNKNOWN COPY_UNDATED NO_COPY NO_PLAN",
  ],
  "a snapshot of tomorrow": [
    (vms, name) => vms.snapshot(vms.vm(name), { local_created_at: ago(-DAY) }),
    "UNKNOWN COPY_FROM_FUTURE NO_COPY NO_PLAN",
  ],
  "a snapshot by a clock that is a minute ahead": [
    (vms, name) => vms.snapshot(vms.vm(name), { local_created_at: ago(-60_000) }),
    "PROTECTED RECENT_COPY NO_PLAN",
  ],
  "a restore point": [
    (vms, name) => {
      const plan = vms.backupPlan();
      vms.restorePoint(vms.vm(name, { backup_plans: [plan] }), plan);
    },
    "PROTECTED RECENT_COPY",
  ],
  "an old restore point of a paused plan": [
    (vms, name) => {
      const plan = vms.backupPlan({ ...executed(9 * DAY), status: "PAUSED" });
      vms.restorePoint(vms.vm(name, { backup_plans: [plan] }), plan, { local_created_at: ago(9 * DAY) });
    },
    "STALE OLD_COPY PLAN_NOT_EXECUTED",
  ],
  "a backup plan that succeeded, but no restore point": [
    (vms, name) => vms.vm(name, { backup_plans: [vms.backupPlan()] }),
    "UNKNOWN ROWS_MISSING NO_COPY",
  ],
  "a backup plan that succeeded before the VM was created": [
    (vms, name) => vms.vm(name, { backup_plans: [vms.backupPlan()], local_created_at: ago(60_000) }),
    "UNPROTECTED NO_COPY",
  ],
  "a backup plan that was never executed": [
    (vms, name) => vms.vm(name, { backup_plans: [vms.backupPlan(executed(HOUR, "NEVER_EXECUTE"))] }),
    "UNPROTECTED NO_COPY",
  ],
  "a backup plan that failed": [
    (vms, name) => vms.vm(name, { backup_plans: [vms.backupPlan(executed(HOUR, "FAILED"))] }),
    "UNPROTECTED NO_COPY PLAN_FAILED",
  ],
  "an old restore point, and an execution that failed for some": [
    (vms, name) => {
      const plan = vms.backupPlan(executed(HOUR, "PARTIAL_SUCCESS"));
      vms.restorePoint(vms.vm(name, { backup_plans: [plan] }), plan, { local_created_at: ago(3 * DAY) });
    },
    "STALE OLD_COPY PLAN_FAILED",
  ],
  "a restore point after it was taken out of its plan": [
    (vms, name) => vms.restorePoint(vms.vm(name), vms.backupPlan()),
    "PROTECTED RECENT_COPY NO_PLAN",
  ],
  "a restore point of a failed replication": [
    (vms, name) => vms.restorePoint(vms.vm(name), vms.backupPlan(), { creation: "SYNC_REPLICATION_ERROR" }),
    "UNPROTECTED NO_COPY NO_PLAN",
  ],
  "a restore point made in an unknown way": [
    (vms, name) => vms.restorePoint(vms.vm(name), vms.backupPlan(), { creation: "BY_MAGIC" }),
    "UNKNOWN COPY_STATE_UNKNOWN NO_COPY NO_PLAN",
  ],
  "a restore point that is older than the last success of its plan": [
    (vms, name) => {
      const plan = vms.backupPlan();
      const created = { local_created_at: ago(30 * DAY) };
      vms.restorePoint(vms.vm(name, { backup_plans: [plan], ...created }), plan, { local_created_at: ago(9 * DAY) });
    },
    "UNKNOWN ROWS_MISSING OLD_COPY",
  ],
  "a restore point as old as the last success of its plan": [
    (vms, name) => {
      const plan = vms.backupPlan(executed(9 * DAY));
      vms.restorePoint(vms.vm(name, { backup_plans: [plan] }), plan, { local_created_at: ago(9 * DAY - HOUR) });
    },
    "STALE OLD_COPY",
  ],
  "a restore point made in a way that every object inherits": [
    (vms, name) => vms.restorePoint(vms.vm(name), vms.backupPlan(), { creation: "constructor" }),
    "UNKNOWN COPY_STATE_UNKNOWN NO_COPY NO_PLAN",
  ],
  "a plan that is not listed": [
    (vms, name) => {
      const plan = vms.backupPlan();
      vms.vm(name, { backup_plans: [plan] });
      vms.simulator.control.remove("BackupPlan", plan);
    },
    "UNKNOWN PLAN_UNREADABLE NO_COPY",
  ],
  "a suspended snapshot plan": [
    (vms, name) =>
      vms.vm(name, { snapshot_plan: vms.snapshotPlan({ status: "SUSPENDED", last_execute_status: "FAILED" }) }),
    "UNPROTECTED NO_COPY PLAN_NOT_EXECUTED PLAN_FAILED",
  ],
  "a replica": [
    (vms, name) => {
      const vm = vms.vm(name);
      vms.replica(vm, vms.replicationPlan([vm]));
    },
    "PROTECTED RECENT_COPY",
  ],
  "a replica of a plan that was executed long ago": [
    (vms, name) => {
      const vm = vms.vm(name);
      vms.replica(vm, vms.replicationPlan([vm], { ...executed(9 * DAY), status: "STOPPED" }));
    },
    "STALE OLD_COPY PLAN_NOT_EXECUTED",
  ],
  "a replica of a plan that failed": [
    (vms, name) => {
      const vm = vms.vm(name);
      vms.replica(vm, vms.replicationPlan([vm], executed(HOUR, "FAILED")));
    },
    "UNKNOWN REPLICA_UNCERTAIN NO_COPY PLAN_FAILED",
  ],
  "a replica of a plan that failed after it was executed by hand": [
    (vms, name) => {
      const vm = vms.vm(name);
      const manual = { last_manual_execute_status: "SUCCESS", last_manual_executed_at: ago(2 * HOUR) };
      vms.replica(vm, vms.replicationPlan([vm], { ...executed(HOUR, "FAILED"), ...manual }));
    },
    "PROTECTED RECENT_COPY REPLICA_UNCERTAIN PLAN_FAILED",
  ],
  "a replica that was made after the last execution": [
    (vms, name) => {
      const vm = vms.vm(name);
      vms.replica(vm, vms.replicationPlan([vm], executed(9 * DAY)), { createdAt: ago(HOUR) });
    },
    "UNKNOWN REPLICA_UNCERTAIN OLD_COPY",
  ],
  "a replica of a plan that it was taken out of": [
    (vms, name) => vms.replica(vms.vm(name), vms.replicationPlan([])),
    "UNKNOWN REPLICA_UNCERTAIN NO_COPY NO_PLAN",
  ],
  "a replica that is not ready": [
    (vms, name) => {
      const vm = vms.vm(name);
      vms.replica(vm, vms.replicationPlan([vm]), { state: "NOT_READY" });
    },
    "UNPROTECTED NO_COPY",
  ],
  "a replica that was failed over to": [
    (vms, name) => {
      const vm = vms.vm(name);
      vms.replica(vm, vms.replicationPlan([vm]), { state: "FAILOVER" });
    },
    "UNKNOWN REPLICA_UNCERTAIN NO_COPY",
  ],
  "a replica whose plan is gone": [
    (vms, name) => vms.replica(vms.vm(name), null),
    "UNKNOWN REPLICA_UNCERTAIN NO_COPY NO_PLAN",
  ],
  "a replication plan without a replica": [
    (vms, name) => vms.replicationPlan([vms.vm(name)]),
    "UNKNOWN ROWS_MISSING NO_COPY",
  ],
  "a replication plan that was never executed": [
    (vms, name) => vms.replicationPlan([vms.vm(name)], { ...executed(HOUR, "NEVER_EXECUTE"), last_executed_at: null }),
    "UNPROTECTED NO_COPY",
  ],
  "a recent snapshot in the recycle bin": [
    (vms, name) => vms.snapshot(vms.vm(name, { in_recycle_bin: true })),
    "PROTECTED RECENT_COPY IN_RECYCLE_BIN NO_PLAN",
  ],
  "the recycle bin alone": [
    (vms, name) => vms.vm(name, { in_recycle_bin: true }),
    "UNPROTECTED NO_COPY IN_RECYCLE_BIN NO_PLAN",
  ],
};

test("the state of a VM follows from its copies, and what cannot be known is UNKNOWN", async () => {
  const { gateway, vms } = await startProtected({ spoilsAnswers: true });
  for (const [name, [build]] of Object.entries(CASES)) build(vms, name);
  const found = await protections(gateway);

  const expected = Object.fromEntries(Object.entries(CASES).map(([name, [, text]]) => [name, text]));
  const states = Object.fromEntries(Object.entries(found).map(([name, protection]) => [name, brief(protection)]));
  expect(states).toEqual(expected);
  expect(found["a replica"]?.newestCopyKind).toBe("REPLICA");
  expect(found["a restore point"]?.newestCopyKind).toBe("RESTORE_POINT");

  // The limit decides between recent and old, and nothing else does.
  const patient = await protections(gateway, "(olderThanSeconds: 864000)");
  expect(patient["an old snapshot"]?.state).toBe("PROTECTED");
  expect(patient.nothing?.state).toBe("UNPROTECTED");
  const strict = await protections(gateway, "(olderThanSeconds: 60)");
  expect(strict["a snapshot of today"]?.state).toBe("STALE");
});

test("a limit out of range is refused, with the range", async () => {
  const { gateway, vms } = await startProtected();
  vms.vm("a");
  for (const [field, path] of [
    ["vms(first: 1) { nodes { protection(olderThanSeconds: 0) { state } } }", "protection"],
    ["protectionSummary(olderThanSeconds: 0) { vmCount }", "protectionSummary"],
  ]) {
    const { errors } = await gateway.query(`{ ${field} }`);
    expect(errors?.[0]).toMatchObject({
      message: "olderThanSeconds must be between 1 and 315360000, got 0.",
      extensions: { code: "BAD_USER_INPUT" },
    });
    expect(errors?.[0]?.path).toContain(path);
  }
});

test("every value of a protection leads to the object that it was derived from", async () => {
  const { gateway, vms } = await startProtected();
  const backup = vms.backupPlan({ backup_plan_executions: [{ id: "e" }] });
  const snapshots = vms.snapshotPlan();
  const vm = vms.vm("v", { snapshot_plan: snapshots, backup_plans: [backup] });
  const snapshot = vms.snapshot(vm);
  const point = vms.restorePoint(vm, backup);
  const plan = vms.replicationPlan([vm], { interval: 4 });
  const replica = vms.replica(vm, plan);
  const query = `{ vm(id: "${vm}") { protection {
    newestSnapshot { cloudTowerId name createdAt } newestRestorePoint { cloudTowerId createdAt }
    snapshotPlan { cloudTowerId status } backupPlans { cloudTowerId lastExecutionStatus }
    replication { plan { cloudTowerId } replica { cloudTowerId } rpoSeconds rpoDerivedFrom lagSeconds lagDerivedFrom } } } }`;

  gateway.simulator.calls.clear();
  const { vm: found } = await gateway.data<{ vm: { protection: { replication: { lagSeconds: number } } } }>(query);

  expect(gateway.simulator.calls.all).toHaveLength(7);
  expect(found.protection).toMatchObject({
    newestSnapshot: { cloudTowerId: snapshot, createdAt: expect.any(String) },
    newestRestorePoint: { cloudTowerId: point },
    snapshotPlan: { cloudTowerId: snapshots, status: "NORMAL" },
    backupPlans: [{ cloudTowerId: backup, lastExecutionStatus: "SUCCEEDED" }],
    replication: {
      ...{ plan: { cloudTowerId: plan }, replica: { cloudTowerId: replica } },
      ...{ rpoSeconds: 14_400, rpoDerivedFrom: "interval 4, period HOURLY" },
      lagDerivedFrom: expect.stringMatching(/^execution at 20/),
    },
  });
  expect(Math.abs(found.protection.replication.lagSeconds - 3600)).toBeLessThan(600);

  // Other fields of the newest copies are loaded, for all VMs together.
  const more = `{ vm(id: "${vm}") { protection { newestSnapshot { memoryBytes } newestRestorePoint { sizeBytes vm { name } } } } }`;
  expect(await gateway.data(more)).toMatchObject({
    vm: { protection: { newestSnapshot: { memoryBytes: 0 }, newestRestorePoint: { vm: { name: "v" } } } },
  });
});
