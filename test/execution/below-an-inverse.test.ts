import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

const BELOW =
  "host { totalMemoryBytes } folder { vmCount } snapshots { nodes { name } } tasks { totalCount } nics { id } cluster { version }";

test("what is selected below an inverse relation costs nothing where nothing leads back", async () => {
  const gateway = await startGateway();

  const query = `{ vms(filter: {name: {eq: "diskless-pxe"}}) { nodes { name disks { vm { ${BELOW} } } } } }`;
  const data = await gateway.data(query);

  expect(data).toEqual({ vms: { nodes: [{ name: "diskless-pxe", disks: [] }] } });
  expect(gateway.simulator.calls.counts).toEqual({ "get-vms": 1, "get-vm-disks": 1 });
});

test("... and reads nothing for parents that nothing leads back to", async () => {
  const gateway = await startGateway();

  const below = "disks { id } nics { id } tasks(first: 1) { nodes { id } }";
  const snapshots = `snapshots(first: 1, filter: {name: {eq: "none"}}) { nodes { vm { ${below} } } }`;
  await gateway.data(`{ vms(first: 40) { nodes { ${snapshots} } } }`);

  expect(gateway.simulator.calls.counts).toEqual({ "get-vms": 1, "get-vm-snapshots": 1 });
});

interface Loaded {
  readonly vms: {
    readonly nodes: readonly {
      readonly host: Host;
      readonly disks: readonly { readonly vm: { readonly host: Host } }[];
    }[];
  };
}
interface Host {
  readonly name: string;
  readonly cluster?: { readonly version: string };
}

test("a relation selected above and below an inverse is loaded once, and each selection below it for its own objects", async () => {
  const gateway = await startGateway();

  const query = "{ vms(first: 40) { nodes { host { name } disks { vm { host { name cluster { version } } } } } } }";
  const { vms } = await gateway.data<Loaded>(query);

  expect(gateway.simulator.calls.counts).toEqual({
    "get-vms": 1,
    "get-vm-disks": 1,
    "get-hosts": 1,
    "get-clusters": 1,
  });
  const withDisks = vms.nodes.find(({ host, disks }) => host !== null && disks.length > 0);
  expect(withDisks?.disks[0]?.vm.host).toEqual({ ...withDisks?.host, cluster: { version: expect.any(String) } });
});

test("relations behind two inverse relations in a row are loaded together", async () => {
  const gateway = await startGateway();

  const query = "{ hosts { nodes { vms { nodes { disks { vm { host { name cluster { version } } } } } } } } }";
  await gateway.data(query);

  const { counts } = gateway.simulator.calls;
  expect(counts).toMatchObject({ "get-hosts": 1, "get-vms": 1, "get-vm-disks": 1, "get-clusters": 1 });
});

test("what the row holds of a relation is not loaded for all, if only selections below an inverse need more", async () => {
  const gateway = await startGateway();
  const { control, calls } = gateway.simulator;
  const [vm] = control.rows("Vm", { name: "web-prod-01" }) as [{ id: string; host: { id: string } }];
  const below = "{ nodes { vm { host { status } } } }";
  const snapshots = (id: string) => `snapshots(first: 1, filter: {vm: {id: {eq: "${id}"}}}) ${below}`;
  type Host = { host: { id: string; name?: string; status?: string } };
  type Data = { vms: { nodes: (Host & { id: string; snapshots: { nodes: { vm: Host }[] } })[] } };
  const query = (id: string) => `{ vms(first: 40) { nodes { id host { id name } ${snapshots(id)} } } }`;

  const none = await gateway.data<Data>(query("unknown"));
  expect(calls.counts).toEqual({ "get-vms": 1, "get-vm-snapshots": 1 });

  calls.clear();
  const one = await gateway.data<Data>(query(vm.id));
  expect(one.vms.nodes.map(({ host }) => host)).toEqual(none.vms.nodes.map(({ host }) => host));
  const back = one.vms.nodes.flatMap(({ snapshots: { nodes } }) => nodes.map((node) => node.vm.host));
  expect(back).toEqual([{ status: expect.any(String) }]);
  const [call] = calls.of("get-hosts").map(({ body }) => JSON.stringify(body));
  expect(calls.counts).toEqual({ "get-vms": 1, "get-vm-snapshots": 1, "get-hosts": 1 });
  expect(call).toContain(`{"id_in":["${vm.host.id}"]}`);
});
