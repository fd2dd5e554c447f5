import { expect, test } from "vitest";
import { create, remove } from "./support/mutations.js";
import { startOver, startTower } from "./support/odd-tower.js";

test.each(["get-tasks", "get-vm-snapshots", "get-vms"])(
  "rows that are no objects neither prevent a write nor hide the effect of a lost one: %s",
  async (odd) => {
    const { tower, url } = await startTower();
    const gateway = await startOver(url);
    const vmId = tower.addVm("a");
    let isLost = false;
    tower.intercept = (endpoint, body) => {
      if (endpoint === "create-vm-snapshot" && isLost) {
        tower.write(endpoint, body);
        return "reset";
      }
      if (endpoint !== odd) return undefined;
      return { body: [null, ...(tower.rows[odd.slice("get-".length)] ?? []), 5, "text", []] };
    };

    const accepted = await create(gateway, { vmId, name: "s" });
    isLost = true;
    const lost = await create(gateway, { vmId, name: "t" });

    expect(accepted).toMatchObject({ created: true, errors: [] });
    expect(lost).toMatchObject({ snapshot: {}, errors: [] });
    const ids = [accepted, lost].map(({ snapshot }) => snapshot?.cloudTowerId ?? "");
    expect(await remove(gateway, ids)).toMatchObject([{ errors: [] }, { errors: [] }]);
  },
);
