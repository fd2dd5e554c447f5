import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";

interface Vms {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string }[];
}

/** A gateway whose first VM is in the recycle bin, with a folder, a label, a host and a snapshot. */
async function startWithRecycledVm() {
  const gateway = await startGateway({ simulator: { vms: 12 } });
  const { control } = gateway.simulator;
  for (const { id } of control.rows("Vm")) control.patch("Vm", id as string, { in_recycle_bin: false });
  const { vm } = control.rows("VmSnapshot").find((row) => row.vm !== null) as { vm: { id: string } };
  control.patch("Vm", vm.id, { in_recycle_bin: true });
  return { gateway, all: control.rows("Vm").map(({ id }) => `Vm:${id}`), recycled: `Vm:${vm.id}` };
}

async function idsOf(gateway: TestGateway, query: string, variables?: Record<string, unknown>): Promise<Set<string>> {
  const { vms } = await gateway.data<{ vms: Vms }>(query, variables);
  expect(vms.nodes, query).toHaveLength(vms.totalCount);
  return new Set(vms.nodes.map(({ id }) => id));
}

const LIST = `query ($filter: VmFilter, $include: Boolean! = false) {
  vms(first: 100, filter: $filter, includeRecycleBin: $include) { totalCount nodes { id } }
}`;

test("a list of VMs leaves out those in the recycle bin, and so does its count, unless the client asks for them", async () => {
  const { gateway, all, recycled } = await startWithRecycledVm();
  const others = new Set(all.filter((id) => id !== recycled));

  expect(await idsOf(gateway, "{ vms(first: 100) { totalCount nodes { id } } }")).toEqual(others);
  expect(await idsOf(gateway, LIST, { filter: { vcpuCount: { gt: 0 } } })).toEqual(others);
  expect(await idsOf(gateway, LIST, { include: true })).toEqual(new Set(all));
  expect(await idsOf(gateway, LIST, { filter: { inRecycleBin: { eq: true } } })).toEqual(new Set([recycled]));
  const nested = { or: [{ vcpuCount: { gt: 0 } }, { not: [{ inRecycleBin: { eq: false } }] }] };
  expect(await idsOf(gateway, LIST, { filter: nested })).toEqual(new Set(all));
  expect(await idsOf(gateway, LIST, { filter: { inRecycleBin: { isNull: false } } })).toEqual(new Set(all));
});

test("the lists below clusters, hosts, folders and labels leave them out as well", async () => {
  const { gateway, recycled } = await startWithRecycledVm();
  const lists = ["clusters", "hosts", "vmFolders", "labels"];
  const query = (argument: string) =>
    `{ ${lists.map((name) => `${name} { nodes { vms(first: 100${argument}) { totalCount nodes { id } } } }`).join(" ")} }`;
  const found = async (argument: string) => {
    const data = await gateway.data<Record<string, { nodes: { vms: Vms }[] }>>(query(argument));
    return lists.map((name) => {
      const below = data[name]?.nodes ?? [];
      for (const { vms } of below) expect(vms.nodes).toHaveLength(vms.totalCount);
      return below.flatMap(({ vms }) => vms.nodes.map(({ id }) => id));
    });
  };

  const [without, withThem] = [await found(""), await found(", includeRecycleBin: true")];

  expect(without.flat()).not.toContain(recycled);
  expect(without.flat().length).toBeGreaterThan(0);
  expect(withThem[0]).toContain(recycled);
  expect(withThem[1]).toContain(recycled);
  expect(await found(", filter: {inRecycleBin: {eq: true}}")).toEqual(
    withThem.map((ids) => ids.filter((id) => id === recycled)),
  );
});

test("whoever asks for an object, or who uses one, is always shown a VM in the recycle bin", async () => {
  const { gateway, recycled } = await startWithRecycledVm();
  const query = `query ($id: ID!) {
    vm(id: $id) {
      id
      disks(type: DISK) { vm { id } volume { vms { id } lun { storageVolume { vms { id } } } } }
      snapshots { nodes { vm { id } } }
    }
    node(id: $id) { id }
    nodes(ids: [$id]) { id }
    vmSnapshots(first: 100, filter: {vm: {inRecycleBin: {eq: true}}}) { nodes { vm { id } } }
  }`;

  const { vm, node, nodes, vmSnapshots } = await gateway.data<Found>(query, { id: recycled });

  const asked = { id: recycled };
  expect([vm.id, node, nodes]).toEqual([recycled, asked, [asked]]);
  expect(vm.disks.length).toBeGreaterThan(0);
  for (const disk of vm.disks) {
    expect(disk.vm).toEqual(asked);
    expect(disk.volume.vms).toContainEqual(asked);
    expect(disk.volume.lun.storageVolume.vms).toContainEqual(asked);
  }
  expect(vm.snapshots.nodes[0]?.vm).toEqual(asked);
  expect(vmSnapshots.nodes[0]?.vm).toEqual(asked);
});

test("a cursor of a list with the recycle bin is not one of a list without it", async () => {
  const { gateway } = await startWithRecycledVm();
  type Page = { vms: { pageInfo: { endCursor: string } } };
  const page = await gateway.data<Page>("{ vms(first: 2, includeRecycleBin: true) { pageInfo { endCursor } } }");
  const { endCursor } = page.vms.pageInfo;

  const { errors } = await gateway.query(`{ vms(first: 2, after: "${endCursor}") { nodes { id } } }`);

  expect(errors?.[0]?.extensions?.code).toBe("BAD_USER_INPUT");
});

type Asked = { readonly id: string };
interface Found {
  readonly vm: {
    readonly id: string;
    readonly disks: { vm: Asked; volume: { vms: Asked[]; lun: { storageVolume: { vms: Asked[] } } } }[];
    readonly snapshots: { nodes: { vm: Asked }[] };
  };
  readonly node: Asked;
  readonly nodes: Asked[];
  readonly vmSnapshots: { readonly nodes: { vm: Asked }[] };
}
