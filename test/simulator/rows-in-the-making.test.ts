import { expect, test } from "vitest";
import type { Entity } from "../../src/upstream/wire/types.js";
import { Client } from "./support/client.js";

const PLACEHOLDER = /^placeholder-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Writes that make an object. The test fills in the ids. */
const MAKING: [string, Entity, (client: Client) => unknown][] = [
  ["create-vm-snapshot", "VmSnapshot", (client) => ({ data: [{ vm_id: idOf(client, "Vm"), name: "s" }] })],
  ["rebuild-vm-from-snapshot", "Vm", (client) => [{ name: "s", rebuild_from_snapshot_id: idOf(client, "VmSnapshot") }]],
  [
    "create-iscsi-lun-snapshot",
    "IscsiLunSnapshot",
    (client) => [{ name: "s", iscsi_lun_id: idOf(client, "IscsiLun"), iscsi_target_id: idOf(client, "IscsiTarget") }],
  ],
  [
    "create-vm-volume-snapshot",
    "VmVolumeSnapshot",
    (client) => [{ name: "s", volume_id: idOf(client, "VmVolume"), description: "" }],
  ],
  [
    "create-consistency-snapshot-group",
    "ConsistencyGroupSnapshot",
    (client) => [{ name: "s", consistency_group_id: idOf(client, "ConsistencyGroup") }],
  ],
];

function idOf({ simulator }: Client, entity: Entity): string {
  return String(simulator.control.rows(entity)[0]?.id);
}

test.each(MAKING)(
  "%s: the id in the cluster is a placeholder until the status is clear",
  async (endpoint, entity, body) => {
    const client = await Client.open({ vms: 5 });
    const { control } = client.simulator;
    control.setLags({ asyncStatusMs: 1000 });
    const [made] = await client.post<[{ data: { id: string } }]>(endpoint, body(client));
    const row = () => control.row(entity, made.data.id);

    expect(row()).toMatchObject({ entityAsyncStatus: "CREATING", local_id: expect.stringMatching(PLACEHOLDER) });
    client.simulator.advance(4500);
    expect(row()).toMatchObject({ entityAsyncStatus: "CREATING", local_id: expect.stringMatching(PLACEHOLDER) });
    client.simulator.advance(1000);
    expect(row()).toMatchObject({ entityAsyncStatus: null, local_id: expect.not.stringContaining("placeholder") });
  },
);

test("a VM in the recycle bin has another name, and keeps its own as original_name", async () => {
  const client = await Client.open({ vms: 12 });

  const recycled = await client.post<object[]>("get-vms", { where: { in_recycle_bin: true } });

  const name = expect.stringMatching(/^in-recycle-bin-[\da-f-]{36}$/);
  expect(recycled).toMatchObject([{ name, original_name: "old-fileserver", deleted_at: expect.any(String) }]);
});

test("a task's snapshot is JSON text with the id of its resource", async () => {
  const client = await Client.open({ vms: 5 });
  await client.post("create-vm-snapshot", { data: [{ vm_id: idOf(client, "Vm"), name: "s" }] });

  const tasks = await client.post<{ snapshot: string; resource_id: string; resource_type: string }[]>("get-tasks");

  for (const { snapshot, resource_id: id, resource_type: typename } of tasks) {
    expect(JSON.parse(snapshot)).toEqual({ typename, id });
  }
});
