import { expect, test } from "vitest";
import { CreateKind } from "../../src/flows/create/create-kind.js";
import { identityKey } from "../../src/flows/create/find-existing.js";
import type { SnapshotOutcome } from "../../src/flows/create/snapshot-outcome.js";
import { runWrites } from "../../src/flows/writes/run-writes.js";
import { VmWrites } from "../../src/flows/writes/vm-writes.js";
import type { Effect } from "../../src/simulator/http/faults.js";
import { Random } from "../../src/simulator/random.js";
import { forwardedCredential } from "../../src/upstream/credentials/credential.js";
import { type Backup, type Outcome, startBackup } from "./support/backup.js";

const VMS = ["web-prod-01", "数据库主节点", "appliance", "legacy-billing"];

const READ_FAILURES: readonly Effect[] = [
  ...[400, 401, 403, 404, 429, 500, 503].map((status): Effect => ({ kind: "status", status })),
  { kind: "malformed" },
  { kind: "reset" },
  { kind: "truncated" },
];
const READS = ["get-vm-snapshots", "get-tasks", "get-vms", "get-iscsi-lun-snapshots", /^get-/];

test("whichever read fails at whatever point after a write was accepted, the payload names the snapshot", async () => {
  const backup = await startBackup({
    simulator: { taskSeconds: 0 },
    spoilsAnswers: true,
    env: { TASK_POLL_QUICK_MS: "10", TASK_POLL_SLOW_MS: "100", UPSTREAM_READ_ATTEMPTS: "1" },
  });
  const { simulator } = backup;
  const random = new Random(20_261_127);
  for (let count = 0; count < 200; count += 1) {
    const name = `s${count}`;
    const vmIds = VMS.slice(0, random.pick([1, 1, 2, 4])).map((vm) => backup.vmId(vm));
    const fault = {
      operation: random.pick(READS),
      skip: random.int(0, 3),
      times: random.int(1, 4),
      effect: random.pick(READ_FAILURES),
    };
    const armed = simulator.faults.add({
      operation: "create-vm-snapshot",
      match() {
        simulator.faults.add(fault);
        return false;
      },
    });
    const waitSeconds = random.chance(0.1) ? 1 : 0;
    const snapshots = vmIds.map((vmId) => ({ vmId, name }));
    const results: readonly Outcome[] =
      vmIds.length === 1
        ? [await backup.create({ ...snapshots[0], waitSeconds })]
        : (await backup.createMany({ snapshots, waitSeconds })).results;
    armed();
    simulator.faults.clear();

    const situation = `${name} on ${vmIds.length} VMs, ${JSON.stringify(fault)}`;
    for (const { vm, created, snapshot } of results) {
      const row = simulator.control.row("VmSnapshot", snapshot?.cloudTowerId ?? "");
      expect({ created, vm: row?.vm, name: row?.name }, situation).toMatchObject({
        created: true,
        name,
        vm: { id: vm?.cloudTowerId },
      });
    }
  }
  expect(backup.writes()).toBe(200);
}, 120_000);

/** A gateway's writes, without its HTTP server: a restart is a new one. */
class Gateway {
  private readonly vmWrites = new VmWrites({ verifyMs: 60, doubtMs: 3_600_000, pollMs: 3 });

  constructor(
    private readonly backup: Backup,
    readonly name: string,
  ) {}

  /** From the task of an accepted write the gateway learns its caller's user. */
  async introduce(vmId: string): Promise<void> {
    const { created } = await this.create(vmId, `${this.name} is here`, `${this.name}-introduction`);
    expect(created).toBe(true);
  }

  async create(vmId: string, name: string, requestId: string): Promise<SnapshotOutcome> {
    const { app, token } = this.backup;
    const signal = new AbortController().signal;
    const session = app.upstream.open({ credential: forwardedCredential(token), language: "en-US", signal, requestId });
    const requested = { requestedConsistency: "CRASH_CONSISTENT", onToolsNotRunning: "FAIL" } as const;
    const request = { vmId, name, ...requested };
    const kind = new CreateKind(this.vmWrites.users);
    const policy = { onLocked: "FAIL", maxWaitMs: 0 } as const;
    const outcomes = await runWrites(this.vmWrites, { session, kind, items: [request], policy });
    return outcomes.get(identityKey(request)) as SnapshotOutcome;
  }
}

const LOST: readonly Effect[] = [
  { kind: "late-commit", afterMs: 1_000 },
  { kind: "late-commit", afterMs: 60_000 },
  { kind: "lost-answer" },
  { kind: "reset" },
  { kind: "status", status: 500 },
  { kind: "status", status: 502 },
  { kind: "truncated" },
];

test("late commits, lost responses, restarts, repetitions and other clients never make two snapshots of one call", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 }, spoilsAnswers: true });
  const { simulator } = backup;
  const operator = simulator.users.find(({ username }) => username === "operator")?.token ?? "";
  const visible = await backup.data<{ vms: { nodes: { cloudTowerId: string }[] } }>(
    '{ vms(filter: { name: { eq: "容灾应用-01" } }) { nodes { cloudTowerId } } }',
    {},
    { authorization: operator },
  );
  const vmId = visible.vms.nodes[0]?.cloudTowerId ?? "";
  const userOf = (username: string) => simulator.control.rows("User", { username })[0]?.id;
  const random = new Random(7);
  for (let count = 0; count < 120; count += 1) {
    const name = `s${count}`;
    const steps: string[] = [];
    simulator.calls.clear();
    let gateway = new Gateway(backup, `g${count}-0`);
    let restarts = 0;
    await gateway.introduce(vmId);
    for (let step = 0; step < 6; step += 1) {
      const action = random.pick(["create", "create", "lose", "lose", "twice", "time", "other", "race", "restart"]);
      steps.push(action);
      const situation = `${name}: ${steps.join(", ")}`;
      if (action === "time") simulator.advance(random.pick([500, 1_000, 60_000]));
      if (action === "restart") {
        gateway = new Gateway(backup, `g${count}-${++restarts}`);
        await gateway.introduce(vmId);
      }
      if (action === "other") await createAs(backup, operator, { vmId, name });
      if (!["create", "lose", "twice", "race"].includes(action)) continue;
      const fault = { operation: "create-vm-snapshot", times: 1, effect: random.pick(LOST) };
      const race = () => {
        insertAs(backup, { vmId, name, user: userOf("operator") });
        return true;
      };
      const armed =
        action === "create" ? () => {} : simulator.faults.add(action === "race" ? { ...fault, match: race } : fault);
      const requestIds =
        action === "twice" ? [`${gateway.name}-${step}-a`, `${gateway.name}-${step}-b`] : [`${gateway.name}-${step}`];
      const outcomes = await Promise.all(requestIds.map((id) => gateway.create(vmId, name, id)));
      armed();
      for (const [index, outcome] of outcomes.entries()) {
        const sends = sendsOf(backup, name, requestIds[index] ?? "");
        expect(sends, situation).toBeLessThanOrEqual(1);
        if (!outcome.created) continue;
        const [task] = simulator.control.rows("Task", { resource_id: outcome.snapshot?.cloudTowerId });
        expect({ sends, user: (task?.user as { id: string } | null)?.id }, situation).toEqual({
          sends: 1,
          user: userOf("admin"),
        });
      }
      for (const { snapshot, duplicates } of outcomes) {
        if (snapshot === null) continue;
        // Each twin is reported: by this call or, if it came later, by the next one.
        expect(duplicates.length, situation).toBeLessThan(backup.snapshotsNamed(vmId, name));
      }
    }
    simulator.advance(120_000);
    const byGateway = new Map<string, number>();
    for (const { headers, body } of simulator.calls.of("create-vm-snapshot")) {
      const id = /^(g\d+-\d+)-/.exec(String(headers["x-request-id"]))?.[1];
      if (id !== undefined && JSON.stringify(body).includes(`"${name}"`))
        byGateway.set(id, (byGateway.get(id) ?? 0) + 1);
    }
    for (const [id, sends] of byGateway) expect(sends, `${id}: ${steps.join(", ")}`).toBe(1);
    const others = steps.filter((action) => action === "other" || action === "race").length;
    expect(backup.snapshotsNamed(vmId, name), steps.join(", ")).toBeLessThanOrEqual(byGateway.size + others);
    if (backup.snapshotsNamed(vmId, name) === 0) continue;
    const last = await gateway.create(vmId, name, `${gateway.name}-last`);
    expect(last.created, steps.join(", ")).toBe(false);
    expect(1 + last.duplicates.length, steps.join(", ")).toBe(backup.snapshotsNamed(vmId, name));
  }
}, 120_000);

/** Number of times a request sent the creation of a name. */
function sendsOf({ simulator }: Backup, name: string, requestId: string): number {
  const sent = simulator.calls.of("create-vm-snapshot");
  return sent.filter(
    ({ headers, body }) => headers["x-request-id"] === requestId && JSON.stringify(body).includes(`"${name}"`),
  ).length;
}

/** Another client of CloudTower creates a snapshot of the same name, without the gateway. */
async function createAs(
  { simulator }: Backup,
  token: string,
  { vmId, name }: { readonly vmId: string; readonly name: string },
): Promise<void> {
  const response = await fetch(`${simulator.url}/create-vm-snapshot`, {
    method: "POST",
    headers: { authorization: token, "content-type": "application/json" },
    body: JSON.stringify({ data: [{ vm_id: vmId, name }] }),
  });
  expect(response.status).toBe(200);
}

/** The same, while a call of the gateway is under way. */
function insertAs({ simulator }: Backup, { vmId, name, user }: { vmId: string; name: string; user: unknown }): void {
  const { control } = simulator;
  const cluster = (control.row("Vm", vmId)?.cluster as { id: string } | undefined)?.id;
  const local_created_at = new Date().toISOString();
  const id = control.insert("VmSnapshot", { name, vm: vmId, cluster, local_created_at });
  const args = { data: [{ vm_id: vmId, name }] };
  const task = { args, resource_id: id, resource_mutation: "createVmSnapshot", status: "SUCCESSED", user };
  control.insert("Task", { ...task, local_created_at });
}
