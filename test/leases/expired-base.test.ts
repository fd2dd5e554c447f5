import { expect, test } from "vitest";
import { EXPIRES_KEY } from "../../src/resources/vm-snapshot/lease-labels.js";
import { Scenario } from "../snapshots/support/plan.js";

test.each(["3.4.4", "4.8.0"])(
  "as CloudTower %s, a base whose lease has expired is none until it is renewed",
  async (apiVersion) => {
    const scenario = await Scenario.start("legacy-billing", { simulator: { apiVersion } });
    const { control } = scenario;
    const [since, to] = [await scenario.snapshot("a"), await scenario.snapshot("b")];
    scenario.change(to, 0, { size: 1 });
    const set = (...values: string[]) => {
      const labels = values.map((value) => control.insert("Label", { key: EXPIRES_KEY, value, createdAt: "" }));
      control.patch("VmSnapshot", since, { labels });
    };

    set("2020-01-01T00:00Z");
    // What would be full for another reason still says so.
    expect(await scenario.reasons(since, to)).toEqual(["RESIZED", "BASE_EXPIRED", "BASE_EXPIRED"]);
    set("2020-01-01T00:00Z", "2999-01-01T00:00Z");
    expect(await scenario.reasons(since, to)).toEqual(["RESIZED", null, null]);
    // Whether it has expired is not known.
    set("2020-01-01T00:00Z", "yesterday");
    expect(await scenario.reasons(since, to)).toEqual(["RESIZED", null, null]);
    set();
    expect(await scenario.reasons(since, to)).toEqual(["RESIZED", null, null]);
  },
);

test("before 4.1, labels that cannot be read fail the plan, unless the caller may not read them", async () => {
  const scenario = await Scenario.start("legacy-billing", { simulator: { apiVersion: "3.4.4" } });
  const { control } = scenario;
  const [since, to] = [await scenario.snapshot("a"), await scenario.snapshot("b")];
  const expired = control.insert("Label", { key: EXPIRES_KEY, value: "2020-01-01T00:00Z", createdAt: "" });
  control.patch("VmSnapshot", since, { labels: [expired] });
  const query = `query ($vm: ID!, $since: ID!, $to: ID!) {
    vm(id: $vm) { incrementalPlan(sinceSnapshotId: $since, toSnapshotId: $to) { disks { mode } } } }`;
  const variables = { vm: scenario.vm, since, to };
  for (const [status, code] of [
    [503, "UPSTREAM_UNAVAILABLE"],
    [403, undefined],
  ] as const) {
    scenario.backup.simulator.faults.add({ operation: "get-labels", effect: { kind: "status", status } });
    const { errors } = await scenario.backup.query(query, variables);
    expect(errors?.[0]?.extensions?.code, String(status)).toBe(code);
    scenario.backup.simulator.faults.clear();
  }
});
