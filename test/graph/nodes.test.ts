import { getNamedType } from "graphql";
import { expect, test } from "vitest";
import { fullSchema } from "../../src/schema/schema.js";
import { startGateway } from "../support/gateway.js";

type Ids = Record<string, { nodes: { id: string }[] }>;

test("nodes finds objects of every type by the ids from their lists", async () => {
  const gateway = await startGateway({ simulator: { vms: 12 } });
  const { schema } = fullSchema();
  const lists = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(({ type }) =>
    getNamedType(type).name.endsWith("Connection"),
  );
  const data = await gateway.data<Ids>(
    `{ ${lists.map(({ name }) => `${name}(first: 2) { nodes { id } }`).join(" ")} }`,
  );
  const ids = Object.values(data).flatMap(({ nodes }) => nodes.map(({ id }) => id));
  const types = schema.getPossibleTypes(schema.getType("Node") as never).map(({ name }) => name);

  expect(new Set(ids.map((id) => id.split(":")[0]))).toEqual(new Set(types.filter((name) => name !== "StorageVolume")));
  const { nodes } = await gateway.data<{ nodes: { __typename: string; id: string }[] }>(
    "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }",
    { ids },
  );

  expect(nodes).toEqual(ids.map((id) => ({ __typename: id.split(":")[0], id })));
});

test("disks and NICs keep their ids when CloudTower re-creates them", async () => {
  const gateway = await startGateway({ simulator: { vms: 12 } });
  const query = "{ vms { nodes { cloudTowerId disks { id cloudTowerId } nics { id cloudTowerId } } } }";
  type Device = { id: string; cloudTowerId: string };
  type Data = { vms: { nodes: { cloudTowerId: string; disks: Device[]; nics: Device[] }[] } };
  const before = (await gateway.data<Data>(query)).vms.nodes;
  for (const { cloudTowerId } of before) gateway.simulator.control.recreateDisks(cloudTowerId);

  const after = (await gateway.data<Data>(query)).vms.nodes;

  const devices = (vms: Data["vms"]["nodes"]) => vms.flatMap(({ disks, nics }) => [...disks, ...nics]);
  expect(devices(after).map(({ id }) => id)).toEqual(devices(before).map(({ id }) => id));
  const old = new Set(devices(before).map(({ cloudTowerId }) => cloudTowerId));
  expect(devices(after).some(({ cloudTowerId }) => old.has(cloudTowerId))).toBe(false);
  const ids = devices(before).map(({ id }) => id);
  const { nodes } = await gateway.data<{ nodes: { id: string }[] }>(
    "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on VmNic { macAddress vm { id } } ... on VmDisk { bus vm { id } } } }",
    { ids },
  );
  expect(nodes.map((node) => node.id)).toEqual(ids);
});

test("a NIC without a MAC address is identified by its local id", async () => {
  const gateway = await startGateway({ simulator: { vms: 3 } });
  const { control } = gateway.simulator;
  const nic = control.rows("VmNic")[0];
  control.patch("VmNic", nic?.id as string, { mac_address: null });
  const id = `VmNic:${(nic?.vm as { id: string } | undefined)?.id}:${nic?.local_id}`;

  const data = await gateway.data("query ($id: ID!) { node(id: $id) { id ... on VmNic { macAddress localId } } }", {
    id,
  });

  expect(data).toEqual({ node: { id, macAddress: null, localId: nic?.local_id } });
});

test("nodes returns null for an object that is gone, whatever its type", async () => {
  const gateway = await startGateway({ simulator: { vms: 2 } });
  const ids = [
    "Label:gone",
    "VmNic:gone:52:54:00:00:00:01",
    "ConsistencyGroup:gone",
    "StorageVolume:gone",
    "Vlan:gone",
  ];

  expect(await gateway.data("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", { ids })).toEqual({
    nodes: ids.map(() => null),
  });
});

test("a relation to an object that is gone still has the id and the name, but is null if more is selected", async () => {
  const gateway = await startGateway({ simulator: { vms: 12 } });
  const { control } = gateway.simulator;
  const vm = control.rows("Vm").find((row) => row.host !== null);
  const host = vm?.host as { id: string; name: string } | undefined;
  control.remove("Host", host?.id ?? "");
  const variables = { id: vm?.id };

  const stub = await gateway.data("query ($id: ID!) { vm(id: $id) { host { cloudTowerId name } } }", variables);
  const whole = await gateway.data("query ($id: ID!) { vm(id: $id) { host { name model } } }", variables);

  expect(stub).toEqual({ vm: { host: { cloudTowerId: host?.id, name: host?.name } } });
  expect(whole).toEqual({ vm: { host: null } });
});

test("no field of the schema shows credentials, contacts or raw task input", async () => {
  const gateway = await startGateway();
  const { schema } = fullSchema();
  const names = Object.values(schema.getTypeMap()).flatMap((type) =>
    "getFields" in type ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
  );
  const forbidden = /chap.*(name|secret)|secret|password|recover.*qa|e?mail|phone|ldap|^Task\.(args|snapshot)$/i;

  expect(names.filter((name) => forbidden.test(name))).toEqual([]);
  const { iscsiTargets } = await gateway.data<Record<"iscsiTargets", object>>(
    "{ iscsiTargets(filter: {chapEnabled: {eq: true}}) { nodes { name chapEnabled ipWhitelist iqnWhitelist description } } }",
  );
  expect(JSON.stringify(iscsiTargets)).toContain('"chapEnabled":true');
  expect(JSON.stringify(iscsiTargets)).not.toContain("chap-secret");
});
