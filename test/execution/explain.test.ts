import { parse } from "graphql";
import { expect, test } from "vitest";
import { createExecutor } from "../../src/graph/plan/execute.js";
import { fullSchema } from "../../src/schema/schema.js";
import { startGateway } from "../support/gateway.js";

const { schema, relations } = fullSchema();

function explain(query: string, variableValues?: Record<string, unknown>): string {
  const executor = createExecutor({ registry: relations, onColumnMisses() {} });
  return `\n${executor.explain({ schema, document: parse(query), variableValues })}\n`;
}

test("a plan shows the calls of each level, with the columns that are kept", () => {
  expect(
    explain("{ vms { nodes { id name disks(type: DISK) { volume { name lun { storageVolume { zbsId } } } } } } }"),
  ).toMatchInlineSnapshot(`
    "
    vms → Vm (id, name, vm_disks)                          get-vms
      disks → VmDisk (id, boot, key, type, vm, vm_volume)  get-vm-disks
        volume → VmVolume (id, lun, name)                  get-vm-volumes, beside disks
          lun → IscsiLun (id, zbs_volume_id)               get-iscsi-luns
            storageVolume → StorageVolume                  in the row above
    "
  `);
});

test("aliases, inverse relations, nodes and edges of the same objects are one line", () => {
  expect(
    explain(`{ vms {
      totalCount
      nodes { a: disks { id } b: disks(type: CD_ROM) { vm { host { name } } } }
      edges { cursor node { nics { vm { memoryBytes } } } }
    } }`),
  ).toMatchInlineSnapshot(`
    "
    vms → Vm (id, host, memory, vm_disks, vm_nics)              get-vms, get-vms-connection
      disks → VmDisk (id, boot, bus, key, type, vm, vm_volume)  get-vm-disks
      host → Host                                               in the row above
      nics → VmNic (id, order, vm)                              get-vm-nics
    "
  `);
});

test("what the parent's row holds is no call, and a connection is one for each set of arguments", () => {
  expect(
    explain(
      `query ($n: Int) { vmSnapshots { nodes {
        vm { id name }
        disks { sizeBytes lunSnapshot { storageVolume { zbsId } } }
        cluster { vms(first: 2) { nodes { name } } more: vms(first: $n) { totalCount nodes { status } } }
      } } }`,
      { n: 3 },
    ),
  ).toMatchInlineSnapshot(`
    "
    vmSnapshots → VmSnapshot (id, cluster, vm, vm_disks)                       get-vm-snapshots
      disks → VmSnapshotDisk                                                   in the row above
        lunSnapshot → IscsiLunSnapshot (id, local_id, name)                    get-iscsi-lun-snapshots
          storageVolume → StorageVolume                                        in the row above
      vm → Vm                                                                  in the row above
      cluster → Cluster (id, vm_num)                                           get-clusters
        vms({"first":2,"includeRecycleBin":false}) → Vm (id, cluster, name)    get-vms
        vms({"first":3,"includeRecycleBin":false}) → Vm (id, cluster, status)  get-vms, get-vms-connection
    "
  `);
});

test("a plan tells what is loaded only where a field below leads back", () => {
  expect(explain("{ vms { nodes { disks { vm { host { totalMemoryBytes } } } } } }")).toMatchInlineSnapshot(`
    "
    vms → Vm (id, host, vm_disks)               get-vms
      disks → VmDisk (id, boot, key, type, vm)  get-vm-disks
      host → Host (id, total_memory_bytes)      get-hosts, where a field below leads back
    "
  `);
});

test("an operation without a plan says why", () => {
  expect(explain("{ vms { nodes { name snapshotReadiness { possible } } } }")).toMatchInlineSnapshot(`
    "
    Executed field by field, with whole rows: Vm.snapshotReadiness is computed by a resolver.
    vms → Vm (all columns)  get-vms
    "
  `);
  expect(explain("{ __schema { description } }")).toMatchInlineSnapshot(`
    "
    No calls: the operation reads the schema.
    "
  `);
  expect(explain('mutation { deleteVmSnapshots(input: { ids: ["a"] }) { errors { code } } }')).toMatchInlineSnapshot(`
    "
    Executed field by field: only a query has a plan.
    "
  `);
});

const query = "{ vms(first: 2) { nodes { name } } }";

test("X-TowerQL-Cost: plan returns the plan and the calls in extensions", async () => {
  const gateway = await startGateway();

  const { extensions } = await gateway.query(query, undefined, { "x-towerql-cost": "plan" });

  expect(extensions).toEqual({
    plan: "vms → Vm (id, name)  get-vms",
    upstream: { calls: 1, rounds: 1, milliseconds: expect.any(Number) },
    cost: {
      estimated: { calls: 1, objects: 3 },
      spent: { calls: 1, rows: 3, objects: 3, resultBytes: expect.any(Number) },
    },
  });
});

test("X-TowerQL-Cost: plan names the types that node leads to", async () => {
  const gateway = await startGateway();
  const { vms } = await gateway.data<{ vms: { nodes: { id: string }[] } }>("{ vms(first: 1) { nodes { id } } }");
  const node = `{ node(id: "${vms.nodes[0]?.id}") { ... on Vm { name disks { key } } ... on Host { name } } }`;

  const { extensions } = await gateway.query(node, undefined, { "x-towerql-cost": "plan" });

  expect(extensions?.plan).toMatchInlineSnapshot(`
    "node → Vm (id, name, vm_disks)              get-vms
      disks → VmDisk (id, boot, key, type, vm)  get-vm-disks"
  `);
});

test("X-TowerQL-Cost: plan does not depend on what others have asked", async () => {
  const gateway = await startGateway();
  type Ids = Record<"vms" | "hosts", { nodes: [{ id: string }] }>;
  const { vms, hosts } = await gateway.data<Ids>("{ vms(first: 1) { nodes { id } } hosts(first: 1) { nodes { id } } }");
  const node = "query($id: ID!) { node(id: $id) { id ... on Vm { name } ... on Host { name } } }";
  const planOf = async (id: string) => {
    const { extensions } = await gateway.query(node, { id }, { "x-towerql-cost": "plan" });
    return extensions?.plan;
  };

  const first = await planOf(vms.nodes[0].id);
  await planOf(hosts.nodes[0].id);

  expect(await planOf(vms.nodes[0].id)).toBe(first);
});

test("a plan is not much longer than its request", () => {
  const roots = Array.from({ length: 49 }, (_, index) => `r${index}: vm(id: "a") { ...A }`).join(" ");
  const text = `query($f: VmFilter) { ${roots} } fragment A on Vm { cluster { vms(filter: $f) { nodes { id } } } }`;
  const or = Array.from({ length: 25 }, (_, index) => ({ name: { eq: `${index}`.padEnd(4_000, "x") } }));

  expect(explain(text, { f: { or } }).length).toBeLessThan(50_000);
});

test("X-TowerQL-Cost: plan is refused without a credential, and shows nothing for a made-up one", async () => {
  const gateway = await startGateway();
  const url = `${gateway.url}/graphql`;
  const post = (headers: Record<string, string>) =>
    fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-towerql-cost": "plan", ...headers },
      body: JSON.stringify({ query }),
    });

  const anonymous = await post({});
  expect(anonymous.status).toBe(401);
  expect(JSON.stringify(await anonymous.json())).toMatch(/^(?=.*UNAUTHENTICATED)(?!.*get-vms).*$/);

  const madeUp = await post({ authorization: "made-up" });
  expect(JSON.stringify(await madeUp.json())).toMatch(/^(?=.*UNAUTHENTICATED)(?!.*get-vms).*$/);
});

test.each([400, 404, 429, 500, 503])(
  "X-TowerQL-Cost: plan shows nothing while CloudTower fails with %i",
  async (status) => {
    const gateway = await startGateway({ spoilsAnswers: true });
    gateway.simulator.faults.add({ operation: "get-vms", effect: { kind: "status", status } });

    const headers = { authorization: "made-up", "x-towerql-cost": "plan" };
    const { errors, extensions } = await gateway.query(query, undefined, headers);

    expect(errors).toHaveLength(1);
    expect(extensions).not.toHaveProperty("plan");
  },
);
