import { expect, test } from "vitest";
import { startBackup } from "./support/backup.js";
import { collect } from "./support/stream.js";

const READY = `subscription($id: ID!) { vmSnapshotReady(snapshotId: $id) { ready task { resourceMutation } } }`;

test.each(["APPLICATION", "BACKUP", "REPLICATION"])(
  "a task of type %s, which another product runs, neither delays a snapshot that it names nor counts as its creation",
  async (type) => {
    const backup = await startBackup({ simulator: { taskSeconds: 0 } });
    const { snapshot } = await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });
    const names = { resource_type: "VmSnapshot", resource_id: snapshot?.cloudTowerId };
    for (const resource_mutation of ["backupVm", "createVmSnapshot"]) {
      backup.simulator.control.insert("Task", {
        ...{ type, resource_mutation, ...names, status: "EXECUTING", description: "Back up" },
        local_created_at: "2020-01-01T00:00:00.000Z",
      });
    }

    const all = await collect(backup.socket(), READY, { id: snapshot?.id }).done;

    expect(all).toEqual([
      { data: { vmSnapshotReady: { ready: true, task: { resourceMutation: "createVmSnapshot" } } } },
    ]);
    const query = "query ($id: ID!) { vmSnapshot(id: $id) { task { status } } }";
    expect(await backup.data(query, { id: snapshot?.id })).toEqual({ vmSnapshot: { task: { status: "SUCCEEDED" } } });
  },
);
