import { expect, test } from "vitest";
import { History } from "./support/history.js";
import { Scenario } from "./support/plan.js";

const NAMES = { vm: "数据库主节点", other: "oracle-rac-03" };

/** Number of random histories; each has its own seed. */
const HISTORIES = Number(process.env.PLAN_HISTORIES ?? 12);
const FIRST_SEED = 13;

test("no plan says INCREMENTAL where the simulator knows that data was replaced", { timeout: 600_000 }, async () => {
  const counts = { INCREMENTAL: 0, FULL: 0 };
  for (let seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
    const scenario = await Scenario.start(NAMES.vm, { simulator: { taskSeconds: 2 }, spoilsAnswers: true });
    const { control } = scenario;
    const history = new History(scenario.backup, seed, NAMES);
    await history.play(8 + (seed % 8));

    const usable = history.snapshots.filter((id) => control.row("VmSnapshot", id)?.entityAsyncStatus === null);
    const lineageOf = (zbsId: string | null) => {
      const [row] = control.rows("IscsiLunSnapshot", { local_id: zbsId });
      return row === undefined ? undefined : control.lineage(String(row.id));
    };
    for (const [index, since] of usable.entries()) {
      for (const to of usable.slice(index + 1)) {
        const plan = await scenario.plan(since, to);
        for (const disk of plan.disks) {
          const isTrue = disk.mode === "INCREMENTAL" && lineageOf(disk.baseZbsId) === lineageOf(disk.targetZbsId);
          counts[disk.mode] += 1;
          expect(disk.mode === "FULL" || isTrue, `seed ${seed}, ${since} to ${to}: ${JSON.stringify(disk)}`).toBe(true);
        }
      }
    }
  }
  // The histories are neither harmless throughout nor hopeless.
  expect(counts.INCREMENTAL).toBeGreaterThan(HISTORIES);
  expect(counts.FULL).toBeGreaterThan(HISTORIES);
});
