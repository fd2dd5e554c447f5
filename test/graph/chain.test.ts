import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

test("a page of VMs with disks, volumes, LUNs and ZBS ids takes four upstream calls in three rounds", async () => {
  const gateway = await startGateway();
  const query =
    "{ vms(first: 40, includeRecycleBin: true) { nodes { name disks { type volume { name sizeBytes lun { name storageVolume { zbsId } } } } } } }";

  const { data, extensions } = await gateway.query<{ vms: { nodes: object[] } }>(query, undefined, {
    "x-towerql-cost": "1",
  });

  expect(data?.vms.nodes).toHaveLength(40);
  expect(gateway.simulator.calls.all.map((call) => call.endpoint).sort()).toEqual([
    "get-iscsi-luns",
    "get-vm-disks",
    "get-vm-volumes",
    "get-vms",
  ]);
  expect(extensions).toMatchObject({ upstream: { calls: 4, rounds: 3 } });
});
