import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

test("the relations from VMs to ZBS volumes and back work on CloudTower 2.7", async () => {
  const gateway = await startGateway({ simulator: { apiVersion: "2.7.0" } });
  const query = `{ vms(first: 5) { nodes { name usedSizeBytes biosUuid
    disks { volume { usedSizeBytes lun { storageVolume { zbsId vms { name } } } } }
    nics { type vpcNic { localId } } snapshots { nodes { snapshotGroup { name } disks { lunSnapshot { previous { name } } } } } } } }`;

  const { vms } = await gateway.data<{ vms: { nodes: { usedSizeBytes: null; biosUuid: null }[] } }>(query);

  expect(vms.nodes).toHaveLength(5);
  for (const vm of vms.nodes) expect(vm).toMatchObject({ usedSizeBytes: null, biosUuid: null });
});

test("an enum value added by a newer CloudTower is UNKNOWN and affects no other field", async () => {
  const gateway = await startGateway({ simulator: { vms: 3 }, spoilsAnswers: true });
  const { control } = gateway.simulator;
  const [vm] = control.rows("Vm");
  const id = vm?.id as string;
  control.patch("Vm", id, {
    status: "HIBERNATED",
    firmware: "COREBOOT",
    io_policy: "NEWER",
    entityAsyncStatus: "MOVING",
  });

  const data = await gateway.data("query ($id: ID!) { vm(id: $id) { name status firmware ioPolicy asyncStatus } }", {
    id,
  });

  expect(data).toEqual({
    vm: { name: vm?.name, status: "UNKNOWN", firmware: "UNKNOWN", ioPolicy: "UNKNOWN", asyncStatus: "UNKNOWN" },
  });
});

test("a null list, stub or number from CloudTower causes no error", async () => {
  const gateway = await startGateway({ simulator: { vms: 2 }, spoilsAnswers: true });
  const { control } = gateway.simulator;
  const id = control.rows("Vm")[0]?.id as string;
  const nulls = { memory: null, vcpu: null, cpu: null, name: null, ips: null, labels: null, local_created_at: "" };
  control.patch("Vm", id, nulls);

  const fields = "name memoryBytes vcpuCount cpu { cores } ips createdAt labels { key }";
  const data = await gateway.data(`query ($id: ID!) { vm(id: $id) { ${fields} } }`, { id });

  expect(data).toEqual({
    vm: { name: "", memoryBytes: null, vcpuCount: null, cpu: null, ips: [], createdAt: null, labels: [] },
  });
});
