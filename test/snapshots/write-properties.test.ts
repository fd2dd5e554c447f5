import { expect, test } from "vitest";
import { createGroupSnapshot } from "../../src/flows/consistency/create/create-group-snapshot.js";
import { CreateKind } from "../../src/flows/create/create-kind.js";
import { identityKey } from "../../src/flows/create/find-existing.js";
import type { SnapshotOutcome } from "../../src/flows/create/snapshot-outcome.js";
import { runWrites } from "../../src/flows/writes/run-writes.js";
import { VmWrites } from "../../src/flows/writes/vm-writes.js";
import type { Effect } from "../../src/simulator/http/faults.js";
import { Random } from "../../src/simulator/random.js";
import { forwardedCredential } from "../../src/upstream/credentials/credential.js";
import type { UpstreamSession } from "../../src/upstream/session.js";
import { type Backup, type Outcome, startBackup } from "./support/backup.js";
import { createGroup, groupOf } from "./support/groups.js";

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

test("the same for a snapshot of a consistency group", async () => {
  const backup = await startBackup({
    simulator: { taskSeconds: 0 },
    spoilsAnswers: true,
    env: { TASK_POLL_QUICK_MS: "10", TASK_POLL_SLOW_MS: "100", UPSTREAM_READ_ATTEMPTS: "1" },
  });
  const { simulator } = backup;
  const { groupId } = groupOf(backup);
  const random = new Random(20_261_128);
  for (let count = 0; count < 60; count += 1) {
    const name = `s${count}`;
    const fault = {
      operation: random.pick(["get-consistency-group-snapshots", "get-tasks", "get-iscsi-lun-snapshots", /^get-/]),
      skip: random.int(0, 2),
      times: random.int(1, 4),
      effect: random.pick(READ_FAILURES),
    };
    const match = () => {
      simulator.faults.add(fault);
      return false;
    };
    const armed = simulator.faults.add({ operation: "create-consistency-snapshot-group", match });
    const waitSeconds = random.chance(0.2) ? 1 : 0;
    const { created, snapshot } = await createGroup(backup, { consistencyGroupId: groupId, name, waitSeconds });
    armed();
    simulator.faults.clear();

    const row = simulator.control.row("ConsistencyGroupSnapshot", snapshot?.cloudTowerId ?? "");
    expect({ created, name: row?.name }, `${name}, ${JSON.stringify(fault)}`).toEqual({ created: true, name });
  }
  expect(backup.writes("create-consistency-snapshot-group")).toBe(60);
}, 120_000);

/** A VM or a consistency group: what snapshots are created of, once per name. */
interface Subject {
  readonly id: string;
  readonly endpoint: string;
  readonly entity: "VmSnapshot" | "ConsistencyGroupSnapshot";
  /** The snapshots' column with the subject. */
  readonly column: "vm" | "consistency_group";
  /** The body of a creation. */
  body(name: string): object;
  create(vmWrites: VmWrites, session: UpstreamSession, name: string): Promise<Outcomes>;
}

type Outcomes = Pick<SnapshotOutcome, "created"> & {
  readonly snapshot: { readonly cloudTowerId: string } | null;
  readonly duplicates: readonly unknown[];
};

const FAIL = { onLocked: "FAIL", maxWaitMs: 0 } as const;

function vmOf(id: string): Subject {
  return {
    ...{ id, endpoint: "create-vm-snapshot", entity: "VmSnapshot", column: "vm" },
    body: (name) => ({ data: [{ vm_id: id, name }] }),
    async create(vmWrites, session, name) {
      const requested = { requestedConsistency: "CRASH_CONSISTENT", onToolsNotRunning: "FAIL" } as const;
      const request = { vmId: id, name, ...requested };
      const kind = new CreateKind(vmWrites.users);
      const outcomes = await runWrites(vmWrites, { session, kind, items: [request], policy: FAIL });
      return outcomes.get(identityKey(request)) as SnapshotOutcome;
    },
  };
}

function groupWith(id: string): Subject {
  return {
    ...{ id, endpoint: "create-consistency-snapshot-group" },
    ...{ entity: "ConsistencyGroupSnapshot", column: "consistency_group" },
    body: (name) => [{ consistency_group_id: id, name }],
    create: (vmWrites, session, name) =>
      createGroupSnapshot(session, vmWrites, { inputId: id, name, policy: FAIL, waitMs: 0 }),
  };
}

/** A gateway's writes, without its HTTP server: a restart is a new one. */
class Gateway {
  private readonly vmWrites = new VmWrites({ verifyMs: 60, doubtMs: 3_600_000, pollMs: 3 });

  constructor(
    private readonly backup: Backup,
    readonly subject: Subject,
    readonly name: string,
  ) {}

  /** From the task of an accepted write the gateway learns its caller's user. */
  async introduce(): Promise<void> {
    const { created } = await this.create(`${this.name} is here`, `${this.name}-introduction`);
    expect(created).toBe(true);
  }

  create(name: string, requestId: string): Promise<Outcomes> {
    const { app, token } = this.backup;
    const signal = new AbortController().signal;
    const session = app.upstream.open({ credential: forwardedCredential(token), language: "en-US", signal, requestId });
    return this.subject.create(this.vmWrites, session, name);
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

test.each([
  ["a VM", 120],
  ["a consistency group", 40],
])(
  "late commits, lost responses, restarts, repetitions and other clients never make two snapshots of one call, of %s",
  async (what, rounds) => {
    const backup = await startBackup({ simulator: { taskSeconds: 0 }, spoilsAnswers: true });
    const { simulator } = backup;
    const operator = simulator.users.find(({ username }) => username === "operator")?.token ?? "";
    const visible = await backup.data<{ vms: { nodes: { cloudTowerId: string }[] } }>(
      '{ vms(filter: { name: { eq: "容灾应用-01" } }) { nodes { cloudTowerId } } }',
      {},
      { authorization: operator },
    );
    const subject =
      what === "a VM" ? vmOf(visible.vms.nodes[0]?.cloudTowerId ?? "") : groupWith(groupOf(backup).groupId);
    const { endpoint } = subject;
    const named = (name: string) =>
      simulator.control.rows(subject.entity, { [subject.column]: { id: subject.id }, name }).length;
    const userOf = (username: string) => simulator.control.rows("User", { username })[0]?.id;
    const random = new Random(7);
    for (let count = 0; count < rounds; count += 1) {
      const name = `s${count}`;
      const steps: string[] = [];
      simulator.calls.clear();
      let gateway = new Gateway(backup, subject, `g${count}-0`);
      let restarts = 0;
      await gateway.introduce();
      for (let step = 0; step < 6; step += 1) {
        const action = random.pick(["create", "create", "lose", "lose", "twice", "time", "other", "race", "restart"]);
        steps.push(action);
        const situation = `${name}: ${steps.join(", ")}`;
        if (action === "time") simulator.advance(random.pick([500, 1_000, 60_000]));
        if (action === "restart") {
          gateway = new Gateway(backup, subject, `g${count}-${++restarts}`);
          await gateway.introduce();
        }
        // The operator may not see the group.
        if (action === "other" && what === "a VM") await createAs(backup, operator, subject, name);
        else if (action === "other") insertAs(backup, subject, name, userOf("operator"));
        if (!["create", "lose", "twice", "race"].includes(action)) continue;
        const fault = { operation: endpoint, times: 1, effect: random.pick(LOST) };
        const race = () => {
          insertAs(backup, subject, name, userOf("operator"));
          return true;
        };
        const armed =
          action === "create" ? () => {} : simulator.faults.add(action === "race" ? { ...fault, match: race } : fault);
        const requestIds =
          action === "twice" ? [`${gateway.name}-${step}-a`, `${gateway.name}-${step}-b`] : [`${gateway.name}-${step}`];
        const outcomes = await Promise.all(requestIds.map((id) => gateway.create(name, id)));
        armed();
        for (const [index, outcome] of outcomes.entries()) {
          const sends = sendsOf(backup, endpoint, name, requestIds[index] ?? "");
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
          expect(duplicates.length, situation).toBeLessThan(named(name));
        }
      }
      simulator.advance(120_000);
      const byGateway = new Map<string, number>();
      for (const { headers, body } of simulator.calls.of(endpoint)) {
        const id = /^(g\d+-\d+)-/.exec(String(headers["x-request-id"]))?.[1];
        if (id !== undefined && JSON.stringify(body).includes(`"${name}"`))
          byGateway.set(id, (byGateway.get(id) ?? 0) + 1);
      }
      for (const [id, sends] of byGateway) expect(sends, `${id}: ${steps.join(", ")}`).toBe(1);
      const others = steps.filter((action) => action === "other" || action === "race").length;
      expect(named(name), steps.join(", ")).toBeLessThanOrEqual(byGateway.size + others);
      if (named(name) === 0) continue;
      const last = await gateway.create(name, `${gateway.name}-last`);
      expect(last.created, steps.join(", ")).toBe(false);
      expect(1 + last.duplicates.length, steps.join(", ")).toBe(named(name));
    }
  },
  120_000,
);

/** Number of times a request sent the creation of a name. */
function sendsOf({ simulator }: Backup, endpoint: string, name: string, requestId: string): number {
  return simulator.calls
    .of(endpoint)
    .filter(({ headers, body }) => headers["x-request-id"] === requestId && JSON.stringify(body).includes(`"${name}"`))
    .length;
}

/** Another client of CloudTower creates a snapshot of the same name, without the gateway. */
async function createAs(
  { simulator }: Backup,
  token: string,
  { endpoint, body }: Subject,
  name: string,
): Promise<void> {
  const response = await fetch(`${simulator.url}/${endpoint}`, {
    method: "POST",
    headers: { authorization: token, "content-type": "application/json" },
    body: JSON.stringify(body(name)),
  });
  expect(response.status).toBe(200);
}

/** The same, while a call of the gateway is under way. */
function insertAs(
  { simulator }: Backup,
  { id: target, entity, column, body }: Subject,
  name: string,
  user: unknown,
): void {
  const { control } = simulator;
  const owner = control.row(entity === "VmSnapshot" ? "Vm" : "ConsistencyGroup", target);
  const cluster = (owner?.cluster as { id: string } | undefined)?.id;
  const local_created_at = new Date().toISOString();
  const ofCluster = entity === "VmSnapshot" ? { cluster } : {};
  const id = control.insert(entity, { name, [column]: target, ...ofCluster, local_created_at });
  const mutation = entity === "VmSnapshot" ? "createVmSnapshot" : "createConsistencyGroupSnapshot";
  const task = { args: { data: body(name) }, resource_id: id, resource_mutation: mutation, status: "SUCCESSED", user };
  control.insert("Task", { ...task, local_created_at });
}
