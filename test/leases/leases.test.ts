import { expect, test } from "vitest";
import { EXPIRES_KEY, labelText, OWNER_KEY } from "../../src/resources/vm-snapshot/lease-labels.js";
import type { Fault } from "../../src/simulator/http/faults.js";
import { HOUR_MS, type Leasing, startLeasing } from "./support/leases.js";

const VMS = ["web-prod-01", "数据库主节点", "容灾应用-01", "legacy-billing"];

/** Creates a leased snapshot of one of the VMs, whose task then ends. */
async function leased(gateway: Leasing, { vm = "web-prod-01", name = "nightly-1", seconds = 3600 } = {}) {
  const input = { vmId: gateway.vmId(vm), name, lease: { owner: "nightly", seconds } };
  const created = await gateway.createLeased(input);
  gateway.simulator.advance(60_000);
  return { ...created, id: created.snapshot?.cloudTowerId ?? "", lease: created.snapshot?.lease };
}

function labelWrites({ simulator }: Leasing): string[] {
  return simulator.calls.all
    .map(({ endpoint }) => endpoint)
    .filter((name) => /-labels?(-|$)/.test(name) && !/^get/.test(name));
}

function expiryOf(gateway: Leasing, id: string): string[] {
  return gateway.labelsOf(id).filter((label) => label.startsWith(EXPIRES_KEY));
}

test("a lease is given, extended, never shortened, and released, as labels in steps of a quarter of an hour", async () => {
  const gateway = await startLeasing();
  const before = Date.now();
  const { id, lease, errors } = await leased(gateway);
  expect(errors).toEqual([]);
  expect(lease).toMatchObject({ owner: "nightly", expired: false });
  const expiresMs = Date.parse(lease?.expiresAt ?? "");
  expect(expiresMs % (HOUR_MS / 4)).toBe(0);
  expect(expiresMs).toBeGreaterThanOrEqual(before + HOUR_MS);
  expect(expiresMs).toBeLessThan(Date.now() + 1.25 * HOUR_MS);
  expect(gateway.labelsOf(id)).toEqual([`${EXPIRES_KEY}=${labelText(expiresMs)}`, `${OWNER_KEY}=nightly`]);
  expect(labelWrites(gateway)).toEqual(["create-label", "add-labels-to-resources"]);

  // The same call again finds the snapshot, and its lease needs no write.
  gateway.simulator.calls.clear();
  expect(await leased(gateway)).toMatchObject({ created: false, id, lease: { owner: "nightly" }, errors: [] });
  expect(labelWrites(gateway)).toEqual([]);

  const { results } = await gateway.renew([`VmSnapshot:${id}`], 10 * 3600);
  expect(results).toMatchObject([{ inputId: `VmSnapshot:${id}`, errors: [], snapshot: { lease: { expired: false } } }]);
  const laterMs = Date.parse(results[0]?.snapshot?.lease?.expiresAt ?? "");
  expect(laterMs).toBeGreaterThanOrEqual(before + 10 * HOUR_MS);
  expect(expiryOf(gateway, id)).toEqual([`${EXPIRES_KEY}=${labelText(laterMs)}`]);
  // First the new label, then the old one.
  expect(labelWrites(gateway)).toEqual(["create-label", "add-labels-to-resources", "remove-labels-from-resources"]);

  gateway.simulator.calls.clear();
  expect((await gateway.renew([id], 60)).results).toMatchObject([{ errors: [] }]);
  expect(expiryOf(gateway, id)).toEqual([`${EXPIRES_KEY}=${labelText(laterMs)}`]);
  expect(gateway.simulator.calls.count("add-labels-to-resources")).toBe(0);

  expect((await gateway.release([id])).results).toMatchObject([{ errors: [], snapshot: { lease: null } }]);
  expect(gateway.labelsOf(id)).toEqual([]);
  expect((await gateway.release([id])).results).toMatchObject([{ errors: [], snapshot: { lease: null } }]);
  expect((await gateway.renew([id])).results).toMatchObject([{ errors: [{ code: "SNAPSHOT_NOT_LEASED" }] }]);
});

test("each item of a call has its own error, and bad values are refused before anything is written", async () => {
  const gateway = await startLeasing();
  const { id } = await leased(gateway);
  gateway.simulator.calls.clear();
  const { results } = await gateway.renew(["a b", "none", `VmSnapshot:${id}`, id, "Vm:x"]);
  expect(results.map(({ errors }) => errors.map(({ code }) => code))).toEqual([
    ["INVALID_ID"],
    ["SNAPSHOT_NOT_FOUND"],
    [],
    ["REPEATED_ID"],
    ["INVALID_ID"],
  ]);
  gateway.simulator.calls.clear();
  for (const seconds of [0, -1, 2_000_000_000]) {
    expect((await gateway.renew([id], seconds)).errors).toMatchObject([{ code: "INVALID_INPUT" }]);
  }
  for (const ids of [[], Array.from({ length: 101 }, (_, index) => `s${index}`)]) {
    expect((await gateway.release(ids)).errors).toMatchObject([{ code: "INVALID_INPUT" }]);
  }
  const vmId = gateway.vmId("web-prod-01");
  for (const owner of ["", "a b", "-x", "é", "x".repeat(64), "a\n"]) {
    const request = { vmId, name: "refused", lease: { owner, seconds: 60 } };
    expect(await gateway.createLeased(request)).toMatchObject({ snapshot: null, errors: [{ code: "INVALID_INPUT" }] });
    const many = { snapshots: [{ vmId, name: "refused" }], lease: { owner, seconds: 60 } };
    expect(await gateway.createManyLeased(many)).toMatchObject({ results: [], errors: [{ code: "INVALID_INPUT" }] });
  }
  expect(gateway.simulator.calls.count()).toBe(0);
});

test("a snapshot that was created and could not be leased is in its result, and the call again leases it", async () => {
  const gateway = await startLeasing({ spoilsAnswers: true });
  const faults: [string, Fault["effect"], string][] = [
    ["add-labels-to-resources", { kind: "status", status: 304, body: "empty" }, "LEASE_UNCHANGED"],
    ["add-labels-to-resources", { kind: "empty-list" }, "LEASE_UNCHANGED"],
    ["add-labels-to-resources", { kind: "status", status: 403 }, "PERMISSION_DENIED"],
    ["add-labels-to-resources", { kind: "reset" }, "WRITE_OUTCOME_UNKNOWN"],
    ["create-label", { kind: "status", status: 500 }, "WRITE_OUTCOME_UNKNOWN"],
    ["get-labels", { kind: "status", status: 400 }, "UPSTREAM_FAILED"],
  ];
  for (const [index, [operation, effect, code]] of faults.entries()) {
    const vm = VMS[index % VMS.length] as string;
    const request = { vm, name: `fault-${index}`, seconds: 3600 * (index + 1) };
    gateway.simulator.faults.add({ operation, effect: effect as never });
    const first = await leased(gateway, request);
    expect(first).toMatchObject({ created: true, errors: [{ code: "LEASE_NOT_SET", reason: { code } }] });
    expect(first.id).not.toBe("");
    gateway.simulator.faults.clear();
    // A write in doubt is not sent again.
    if (code === "WRITE_OUTCOME_UNKNOWN") continue;
    expect(await leased(gateway, request)).toMatchObject({ created: false, id: first.id, errors: [] });
    expect(expiryOf(gateway, first.id)).toHaveLength(1);
  }
});

test("the effect of a label write whose response was lost, empty or 304 is found by reading it back", async () => {
  const gateway = await startLeasing({ spoilsAnswers: true });
  const { simulator } = gateway;
  const { id } = await leased(gateway);
  for (const [index, operation] of ["create-label", "add-labels-to-resources"].entries()) {
    simulator.faults.add({ operation, times: 1, effect: { kind: "lost-answer" } });
    simulator.calls.clear();
    expect((await gateway.renew([id], 3600 * (index + 3))).results).toMatchObject([{ errors: [] }]);
    expect(expiryOf(gateway, id)).toHaveLength(1);
    expect(simulator.calls.count(operation)).toBe(1);
  }
  // Somebody else puts the same label on in the same moment: 304, and the lease is as it should be.
  simulator.faults.add({
    operation: "add-labels-to-resources",
    times: 1,
    match: (body) => {
      const { where } = body as { where: { id_in: string[] } };
      simulator.control.patch("VmSnapshot", id, { labels: [...where.id_in, gateway.label(OWNER_KEY, "nightly")] });
      return true;
    },
    effect: { kind: "status", status: 304, body: "empty" },
  });
  expect((await gateway.renew([id], 9 * 3600)).results).toMatchObject([{ errors: [] }]);
  simulator.faults.add({ operation: "remove-labels-from-resources", times: 1, effect: { kind: "lost-answer" } });
  expect((await gateway.release([id])).results).toMatchObject([{ errors: [] }]);
  expect(gateway.labelsOf(id)).toEqual([]);
});

test("an old label that could not be taken off does not matter: the latest counts, and the next renewal takes it off", async () => {
  const gateway = await startLeasing({ spoilsAnswers: true });
  const { id } = await leased(gateway);
  gateway.simulator.faults.add({ operation: "remove-labels-from-resources", times: 1, effect: { kind: "reset" } });
  const [renewed] = (await gateway.renew([id], 5 * 3600)).results;
  expect(renewed).toMatchObject({ errors: [] });
  expect(expiryOf(gateway, id)).toHaveLength(2);
  expect(Date.parse(renewed?.snapshot?.lease?.expiresAt ?? "")).toBeGreaterThan(Date.now() + 4.9 * HOUR_MS);
  await gateway.renew([id], 8 * 3600);
  expect(expiryOf(gateway, id)).toHaveLength(1);
});

test("a CloudTower with one value per key is noticed if it keeps the old value, and does no harm if it takes the new one", async () => {
  const gateway = await startLeasing();
  const { id, lease } = await leased(gateway);
  gateway.simulator.control.setQuirks({ labelValuesPerKey: "first" });
  const kept = await gateway.renew([id], 5 * 3600);
  expect(kept.results).toMatchObject([{ errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] }]);
  expect(expiryOf(gateway, id)).toEqual([`${EXPIRES_KEY}=${labelText(Date.parse(lease?.expiresAt ?? ""))}`]);
  gateway.simulator.control.setQuirks({ labelValuesPerKey: "last" });
  expect((await gateway.renew([id], 6 * 3600)).results).toMatchObject([{ errors: [] }]);
  expect(expiryOf(gateway, id)).toHaveLength(1);
});

test("a lease of another owner is neither taken over nor hidden", async () => {
  const gateway = await startLeasing();
  const { id } = await leased(gateway);
  const request = { vmId: gateway.vmId("web-prod-01"), name: "nightly-1", lease: { owner: "other", seconds: 60 } };
  expect(await gateway.createLeased(request)).toMatchObject({
    created: false,
    snapshot: { cloudTowerId: id, lease: { owner: "nightly" } },
    errors: [{ code: "LEASE_NOT_SET", reason: { code: "LEASE_OF_ANOTHER_OWNER" } }],
  });
  gateway.setLease(id, { owners: ["nightly", "other"], expiresMs: HOUR_MS });
  expect((await gateway.renew([id])).results).toMatchObject([{ snapshot: { lease: { owner: null } }, errors: [] }]);
});

test("the lease and the filters by it say the same, at every version, also of labels that are malformed", async () => {
  for (const apiVersion of ["3.4.4", "4.8.0"]) {
    const gateway = await startLeasing({ simulator: { apiVersion } });
    const [live = "", expired = "", odd = "", ownerOnly = "", none = ""] = gateway.simulator.control
      .rows("VmSnapshot")
      .map(({ id }) => String(id));
    for (const { id } of gateway.simulator.control.rows("VmSnapshot")) {
      gateway.simulator.control.patch("VmSnapshot", String(id), { labels: [] });
    }
    gateway.setLease(live, { owners: ["a"], expiresMs: HOUR_MS });
    gateway.setLease(expired, { owners: ["a"], expiresMs: -HOUR_MS });
    gateway.setLease(ownerOnly, { owners: ["a"] });
    gateway.simulator.control.patch("VmSnapshot", odd, { labels: [gateway.label(EXPIRES_KEY, "tomorrow")] });
    const read = async (lease: object) => {
      const query = `query($filter: VmSnapshotFilter) { vmSnapshots(first: 100, filter: $filter) { nodes { cloudTowerId lease { owner expired } } } }`;
      const data = await gateway.data<{ vmSnapshots: { nodes: { cloudTowerId: string; lease: object | null }[] } }>(
        query,
        {
          filter: { lease },
        },
      );
      return new Map(data.vmSnapshots.nodes.map((node) => [node.cloudTowerId, node.lease]));
    };
    const now = new Date().toISOString();
    expect(await read({ exists: true })).toEqual(
      new Map<string, object>([
        [live, { owner: "a", expired: false }],
        [expired, { owner: "a", expired: true }],
        [odd, { owner: null, expired: null }],
      ]),
    );
    expect([...(await read({ owner: "a", expiresBefore: now })).keys()]).toEqual([expired]);
    expect([...(await read({ owner: "a", expiresAfter: now })).keys()]).toEqual([live]);
    const without = await read({ exists: false });
    expect(without.get(none)).toBeNull();
    expect(without.get(ownerOnly)).toBeNull();
    expect((await gateway.query("{ vmSnapshots(filter: {lease: {}}) { nodes { id } } }")).errors).toHaveLength(1);
  }
});

test("labels that nothing has any longer are deleted a day after their time, and no others", async () => {
  const gateway = await startLeasing();
  const { control, calls } = gateway.simulator;
  const { id } = await leased(gateway);
  const past = (hours: number) => gateway.label(EXPIRES_KEY, labelText(Date.now() - hours * HOUR_MS));
  const stale = past(30);
  const [used, young] = [past(31), past(20)];
  const odd = gateway.label(EXPIRES_KEY, "0");
  const others = gateway.label("towerql/expires-not", labelText(0));
  control.patch("Vm", gateway.vmId("web-prod-01"), { labels: [used] });
  await gateway.renew([id], 4 * 3600);
  expect(control.row("Label", stale)).toBeUndefined();
  for (const label of [used, young, odd, others]) expect(control.row("Label", label)).toBeDefined();
  expect(calls.of("delete-label").map(({ body }) => body)).toEqual([{ where: { id_in: [stale] } }]);
});

test("a new snapshot that CloudTower shows late is leased when it does, and one that it does not show says that it is not leased", async () => {
  const gateway = await startLeasing();
  const { simulator } = gateway;
  simulator.control.setLags({ snapshotVisibleMs: 2000 });
  const input = (name: string) => ({
    vmId: gateway.vmId("legacy-billing"),
    name,
    lease: { owner: "nightly", seconds: 60 },
  });

  let isDone = false;
  const pending = gateway.createLeased(input("late")).finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await Promise.race([pending, simulator.calls.next("get-vm-snapshots")]);
    if (simulator.calls.count("create-label") > 0) simulator.advance(500);
  }
  expect(await pending).toMatchObject({ created: true, snapshot: { lease: { owner: "nightly" } }, errors: [] });
  expect(simulator.calls.count("add-labels-to-resources")).toBe(1);

  simulator.advance(60_000);
  expect(await gateway.createLeased(input("hidden"))).toMatchObject({
    created: true,
    snapshot: { cloudTowerId: expect.any(String) },
    errors: [{ code: "LEASE_NOT_SET", reason: { code: "SNAPSHOT_NOT_FOUND" } }],
  });
  simulator.advance(60_000);
  expect(await gateway.createLeased(input("hidden"))).toMatchObject({
    created: false,
    snapshot: { lease: {} },
    errors: [],
  });
});
