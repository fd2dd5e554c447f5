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
