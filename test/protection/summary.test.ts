import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { ago, DAY, startProtected } from "./support/vms.js";

interface Cluster {
  readonly cluster: { readonly name: string } | null;
  readonly protected: number;
  readonly stale: number;
  readonly unprotected: number;
  readonly unknown: number;
}
interface Node {
  readonly name: string;
  readonly protection: { readonly state: string };
  readonly cluster: { readonly name: string };
}

const CLUSTERS = "byCluster { cluster { name } protected stale unprotected unknown }";

test("the summary agrees with the VMs, in the simulator's inventory", async () => {
  const gateway = await startGateway();
  const lists = ["PROTECTED", "STALE", "UNPROTECTED", "UNKNOWN"].map(
    (state) =>
      `${state}: vms(state: ${state}) { name memoryBytes cluster { name } protection { state reasons { code } } }`,
  );
  const { vms } = await gateway.data<{ vms: { nodes: Node[] } }>(
    `{ vms(first: 100, filter: {inRecycleBin: {eq: false}}) { nodes { name cluster { name } protection { state } } } }`,
  );
  gateway.simulator.calls.clear();
  const { protectionSummary: summary } = await gateway.data<{
    protectionSummary: Record<string, Node[]> & { vmCount: number; byCluster: Cluster[]; checkedAt: string };
  }>(`{ protectionSummary { vmCount checkedAt ${CLUSTERS} ${lists.join(" ")} } }`);

  // The VMs, six lists of facts, and the VMs of three states: none is UNKNOWN.
  expect(gateway.simulator.calls.all).toHaveLength(1 + 6 + 3);
  expect(summary.vmCount).toBe(vms.nodes.length);
  for (const state of ["PROTECTED", "STALE", "UNPROTECTED"]) {
    const names = vms.nodes.filter(({ protection }) => protection.state === state).map(({ name }) => name);
    expect(summary[state]?.map(({ name }) => name).sort(), state).toEqual(names.sort());
    expect(names.length, state).toBeGreaterThan(0);
    for (const { protection } of summary[state] ?? []) expect(protection.state).toBe(state);
  }
  for (const { cluster, protected: good, stale, unprotected, unknown } of summary.byCluster) {
    const here = vms.nodes.filter((vm) => vm.cluster.name === cluster?.name);
    const count = (state: string) => here.filter(({ protection }) => protection.state === state).length;
    expect([good, stale, unprotected, unknown], cluster?.name).toEqual(
      ["PROTECTED", "STALE", "UNPROTECTED", "UNKNOWN"].map(count),
    );
  }
  expect(summary.byCluster).toHaveLength(3);
});

test("a summary has the VMs that match its filter, without the recycle bin and the system's", async () => {
  const { gateway, vms } = await startProtected();
  vms.snapshot(vms.vm("good"));
  vms.snapshot(vms.vm("old"), { local_created_at: ago(9 * DAY) });
  vms.vm("none");
  vms.vm("deleted", { in_recycle_bin: true });
  vms.vm("system", { internal: true });
  const summary = (args: string) =>
    gateway.data<{ protectionSummary: object }>(`{ protectionSummary${args} { vmCount ${CLUSTERS} } }`);

  expect((await summary("")).protectionSummary).toEqual({
    vmCount: 3,
    byCluster: [{ cluster: { name: "A" }, protected: 1, stale: 1, unprotected: 1, unknown: 0 }],
  });
  expect((await summary('(olderThanSeconds: 864000, filter: {name: {eq: "old"}})')).protectionSummary).toEqual({
    vmCount: 1,
    byCluster: [{ cluster: { name: "A" }, protected: 1, stale: 0, unprotected: 0, unknown: 0 }],
  });
  const { errors } = await gateway.query("{ protectionSummary { vms(state: STALE, first: 0) { name } } }");
  expect(errors?.[0]?.message).toBe("first must be between 1 and 5000, got 0.");
});

test("a summary of too many VMs is refused with what to do, before anything else is read", async () => {
  const { gateway, vms } = await startProtected();
  for (let n = 0; n <= 5000; n += 1) vms.vm(String(n));
  const { data, errors } = await gateway.query("{ protectionSummary { vmCount } }");

  expect(data).toEqual({ protectionSummary: null });
  expect(errors?.[0]).toMatchObject({
    message: "A protectionSummary has at most 5000 VMs, and more match. Pass a filter, such as one cluster at a time.",
    extensions: { code: "BAD_USER_INPUT" },
  });
  const { calls } = gateway.simulator;
  expect([calls.count("get-vms"), calls.count("get-vm-snapshots")]).toEqual([1, 0]);

  // The most that it has is within the budget, and its price is an upper bound.
  vms.simulator.control.remove("Vm", "A5000");
  const response = await gateway.post({ query: "{ protectionSummary { vmCount } }" }, { "x-towerql-cost": "1" });
  const { data: most, extensions } = (await response.json()) as {
    data: { protectionSummary: { vmCount: number } };
    extensions: { cost: { estimated: { calls: number }; spent: { calls: number } }; upstream: { rounds: number } };
  };
  expect(most.protectionSummary.vmCount).toBe(5000);
  expect(extensions.cost.spent.calls).toBe(1 + 10 * 6);
  expect(extensions.cost.estimated.calls).toBeGreaterThanOrEqual(61);
  expect(extensions.upstream.rounds).toBeLessThanOrEqual(3);
});
