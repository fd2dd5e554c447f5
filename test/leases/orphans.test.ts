import { expect, test } from "vitest";
import { HOUR_MS } from "./support/leases.js";
import { startReaping } from "./support/reaping.js";

const ORPHANS = `query($olderThan: DateTime!, $owner: String, $first: Int, $after: ID) {
  orphanSnapshots(olderThan: $olderThan, owner: $owner, first: $first, after: $after) {
    uniqueSizeBytes endCursor nodes { reason uniqueSizeBytes snapshot { cloudTowerId } } } }`;
const DELETE = `mutation($input: DeleteExpiredSnapshotsInput!) { result: deleteExpiredSnapshots(input: $input) {
  results { deleted task { id } keptBecause { code } snapshot { cloudTowerId } errors { code } } endCursor errors { code message } } }`;

interface Orphans {
  readonly orphanSnapshots: {
    readonly uniqueSizeBytes: number | null;
    readonly endCursor: string | null;
    readonly nodes: readonly { reason: string; uniqueSizeBytes: number | null; snapshot: { cloudTowerId: string } }[];
  };
}

interface Deleted {
  readonly result: {
    readonly results: readonly {
      deleted: boolean;
      task: object | null;
      keptBecause: { code: string }[];
      snapshot: { cloudTowerId: string };
    }[];
    readonly endCursor: string | null;
    readonly errors: readonly { code: string }[];
  };
}

test("orphans are those without a lease or with an expired one, that no plan took and nothing uses, with what they occupy", async () => {
  const gateway = await startReaping("off");
  const { simulator, victim, newer, setLease } = gateway;
  const { control } = simulator;
  const now = new Date().toISOString();
  const orphans = async (variables: object) =>
    (await gateway.data<Orphans>(ORPHANS, { olderThan: now, ...variables })).orphanSnapshots;
  const all = async (variables: object = {}) => {
    const nodes = [];
    for (let after: string | null = null, more = true; more; more = after !== null) {
      const page: Orphans["orphanSnapshots"] = await orphans({ ...variables, first: 3, after });
      expect(page.nodes.length).toBeLessThanOrEqual(3);
      nodes.push(...page.nodes);
      after = page.endCursor;
    }
    return new Map(nodes.map((node) => [node.snapshot.cloudTowerId, node]));
  };
  for (const { id } of control.rows("Task", { status_in: ["PENDING", "PAUSED", "EXECUTING"] }))
    control.patch("Task", String(id), { status: "SUCCESSED" });

  const planned = control.rows("VmSnapshot").filter(({ snapshot_group }) => snapshot_group !== null);
  expect(planned.length).toBeGreaterThan(0);
  const before = await all();
  expect([...before.keys()].sort()).toEqual(
    control
      .rows("VmSnapshot")
      .filter(({ snapshot_group }) => snapshot_group === null)
      .map(({ id }) => String(id))
      .sort(),
  );

  setLease(victim, { owners: ["nightly"], expiresMs: -HOUR_MS });
  setLease(newer, { owners: ["nightly"], expiresMs: HOUR_MS });
  const after = await all();
  expect(after.get(victim)?.reason).toBe("LEASE_EXPIRED");
  expect(after.has(newer)).toBe(false);
  expect(after.size).toBe(before.size - 1);
  expect([...(await all({ owner: "nightly" })).keys()]).toEqual([victim]);
  expect((await all({ owner: "Nightly" })).size).toBe(0);
  const { local_created_at: taken } = control.row("VmSnapshot", victim) as { local_created_at: string };
  expect((await all({ owner: "nightly", olderThan: taken })).size).toBe(0);

  // The size is that of its LUN snapshots, or unknown.
  const { vm_disks } = control.row("VmSnapshot", victim) as { vm_disks: { type: string; snapshot_local_id: string }[] };
  const names = vm_disks.filter(({ type }) => type === "DISK").map(({ snapshot_local_id }) => snapshot_local_id);
  const data = control.rows("IscsiLunSnapshot", { name_in: names });
  const bytes = data.reduce((sum, { unique_size }) => sum + Number(unique_size), 0);
  expect(await orphans({ owner: "nightly" })).toMatchObject({
    uniqueSizeBytes: bytes,
    nodes: [{ uniqueSizeBytes: bytes }],
  });
  control.remove("IscsiLunSnapshot", String(data[0]?.id));
  expect(await orphans({ owner: "nightly" })).toMatchObject({
    uniqueSizeBytes: null,
    nodes: [{ uniqueSizeBytes: null }],
  });

  control.insert("Task", { resource_id: victim, status: "EXECUTING", description: "read", steps: [] });
  expect((await all({ owner: "nightly" })).size).toBe(0);

  for (const bad of [{ first: 0 }, { first: 501 }, { after: "a b" }, { owner: "a b" }]) {
    const { errors } = await gateway.query(ORPHANS, { olderThan: now, ...bad });
    expect(errors?.[0]?.extensions?.code, JSON.stringify(bad)).toBe("BAD_USER_INPUT");
  }
});

test("deleteExpiredSnapshots only says what it would do by default, and deletes by the rules of the reaper after the grace", async () => {
  const gateway = await startReaping("off");
  const { simulator, victim, newer } = gateway;
  const run = async (input: object) => {
    const { result } = await gateway.data<Deleted>(DELETE, { input: { owner: "nightly", ...input } });
    simulator.advance(60_000);
    return {
      ...result,
      kept: new Map(result.results.map((one) => [one.snapshot.cloudTowerId, one.keptBecause.map(({ code }) => code)])),
    };
  };
  gateway.expireBoth();
  expect((await run({ dryRun: false })).kept).toEqual(
    new Map([
      [victim, ["SEEN_TOO_LATELY"]],
      [newer, ["SEEN_TOO_LATELY", "BASE"]],
    ]),
  );
  gateway.pass(25);
  const dry = await run({});
  expect(dry.kept).toEqual(
    new Map([
      [victim, []],
      [newer, ["BASE"]],
    ]),
  );
  expect(dry.results.every(({ deleted, task }) => !deleted && task === null)).toBe(true);
  expect((await run({ owner: "Nightly", dryRun: false })).results).toEqual([]);
  expect(simulator.calls.count("delete-vm-snapshot")).toBe(0);

  const pages = [await run({ dryRun: false, first: 1 })];
  while (pages.at(-1)?.endCursor) pages.push(await run({ dryRun: false, first: 1, after: pages.at(-1)?.endCursor }));
  const results = pages.flatMap((page) => page.results);
  expect(results.map(({ deleted, snapshot }) => [snapshot.cloudTowerId, deleted])).toEqual([
    [victim, true],
    [newer, false],
  ]);
  expect(results[0]?.task).not.toBeNull();
  expect([victim, newer].map(gateway.exists)).toEqual([false, true]);

  for (const bad of [{ owner: "" }, { first: 0 }, { first: 101 }, { after: "a b" }]) {
    expect((await run(bad)).errors, JSON.stringify(bad)).toMatchObject([{ code: "INVALID_INPUT" }]);
  }
});
