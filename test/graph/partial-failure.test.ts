import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

const FAILING = { effect: { kind: "status", status: 500 } } as const;

interface Data {
  readonly vms: { readonly nodes: readonly Record<string, unknown>[]; readonly totalCount?: number | null };
}

test("a failing call nulls only its own fields, with path and code", async () => {
  const gateway = await startGateway({ simulator: { vms: 5 } });
  gateway.simulator.faults.add({ operation: "get-vm-nics", ...FAILING });

  const { data, errors } = await gateway.query<Data>(
    "{ vms(first: 5) { nodes { name disks { type } nics { macAddress } cluster { name version } } } }",
  );

  expect(data?.vms.nodes).toHaveLength(5);
  for (const vm of data?.vms.nodes ?? []) {
    expect(vm).toMatchObject({ name: expect.any(String), nics: null, cluster: { version: expect.any(String) } });
  }
  expect(errors?.map(({ path, extensions }) => [path?.join("."), extensions?.code])).toEqual(
    [0, 1, 2, 3, 4].map((index) => [`vms.nodes.${index}.nics`, "UPSTREAM_ERROR"]),
  );
});

test.each([
  ["get-vm-snapshots", "snapshots(first: 2) { nodes { name } }", "snapshots"],
  ["get-hosts", "host { model }", "host"],
  ["get-labels", "labels { createdAt }", "labels"],
  ["get-tasks", "tasks { nodes { status } }", "tasks"],
])("when %s fails, only that field of each VM is null", async (operation, selection, field) => {
  const gateway = await startGateway();
  gateway.simulator.faults.add({ operation, ...FAILING });

  const { data, errors } = await gateway.query<Data>(
    `{ vms(first: 40, includeRecycleBin: true) { nodes { name ${selection} } } }`,
  );

  expect(data?.vms.nodes).toHaveLength(40);
  expect(errors?.length).toBeGreaterThan(0);
  const failed = new Set(errors?.map(({ path }) => Number(path?.[2])));
  for (const error of errors ?? []) {
    expect(error.path).toEqual(["vms", "nodes", error.path?.[2], field]);
    expect(error.extensions).toMatchObject({ code: "UPSTREAM_ERROR", requestId: expect.any(String) });
  }
  for (const [index, vm] of (data?.vms.nodes ?? []).entries()) {
    expect(vm.name).toEqual(expect.any(String));
    // A VM without a host or a label needs no call, so it has no error.
    if (failed.has(index)) expect(vm[field]).toBeNull();
  }
});

test("when the count fails, only totalCount is null", async () => {
  const gateway = await startGateway({ simulator: { vms: 5 } });
  gateway.simulator.faults.add({ operation: "get-vms-connection", ...FAILING });

  const { data, errors } = await gateway.query<Data>("{ vms(first: 5) { totalCount nodes { name } } }");

  expect(data?.vms).toMatchObject({ totalCount: null });
  expect(data?.vms.nodes).toHaveLength(5);
  expect(errors).toMatchObject([{ path: ["vms", "totalCount"], extensions: { code: "UPSTREAM_ERROR" } }]);
});

test("when a relation fails, its siblings and the fields in its stub are still returned", async () => {
  const gateway = await startGateway({ simulator: { vms: 5 } });
  gateway.simulator.faults.add({ operation: "get-vm-volumes", ...FAILING });

  const { data, errors } = await gateway.query<Data>(
    "{ vms(first: 5) { nodes { disks(type: DISK) { type volume { sizeBytes } vm { name } } } } }",
  );

  const disks = data?.vms.nodes.flatMap((vm) => vm.disks as { type: string; volume: null; vm: object }[]) ?? [];
  expect(disks.length).toBeGreaterThan(0);
  for (const disk of disks)
    expect(disk).toMatchObject({ type: "DISK", volume: null, vm: { name: expect.any(String) } });
  expect(errors).toHaveLength(disks.length);
});

test("when one root field fails, the others are still returned", async () => {
  const gateway = await startGateway({ simulator: { vms: 5 } });
  gateway.simulator.faults.add({ operation: "get-hosts", ...FAILING });

  const { data, errors } = await gateway.query("{ hosts { nodes { name } } clusters { nodes { name } } }");

  expect(data).toMatchObject({ hosts: null, clusters: { nodes: expect.any(Array) } });
  expect(errors).toMatchObject([{ path: ["hosts"], extensions: { code: "UPSTREAM_ERROR" } }]);
});

test("storageVolume fails rather than being null without an error if one of its two lookups fails", async () => {
  const gateway = await startGateway({ simulator: { vms: 5 } });
  const zbsId = gateway.simulator.control.rows("IscsiLun")[0]?.zbs_volume_id;
  gateway.simulator.faults.add({ operation: "get-iscsi-lun-snapshots", ...FAILING });

  const query = "query ($zbsId: String!) { storageVolume(zbsId: $zbsId) { kind } }";
  const { data, errors } = await gateway.query(query, { zbsId });

  expect(data).toEqual({ storageVolume: null });
  expect(errors).toMatchObject([{ path: ["storageVolume"], extensions: { code: "UPSTREAM_ERROR" } }]);
});

test.each([
  ["host { totalMemoryBytes }", "b: host { id name }"],
  ["host { totalMemoryBytes cluster { name } }", "b: host { __typename cloudTowerId }"],
  ["labels { createdAt }", "b: labels { id key value }"],
])("what the parents' rows hold of a relation is there, although another alias fails: %s, %s", async (a, b) => {
  const gateway = await startGateway();
  const operation = a.startsWith("host") ? "get-hosts" : "get-labels";
  const alone = await gateway.data<Data>(`{ vms(first: 40) { nodes { name ${b} } } }`);
  gateway.simulator.faults.add({ operation, ...FAILING });

  const { data, errors } = await gateway.query<Data>(`{ vms(first: 40) { nodes { name a: ${a} ${b} } } }`);

  expect(errors?.length).toBeGreaterThan(0);
  for (const { path } of errors ?? []) expect(path?.[3]).toBe("a");
  expect(data?.vms.nodes.map(({ name, b: value }) => ({ name, b: value }))).toEqual(alone.vms.nodes);
});
