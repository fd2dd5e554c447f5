import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";

const UUID = "cb29c284-3a5f-4ed6-9f0e-6f1a2f0f2d11";

interface Policies {
  readonly vmSnapshots: {
    readonly nodes: { readonly disks: { readonly storagePolicy: { readonly name: string } | null }[] }[];
  };
}

/** A gateway with one snapshot of one disk, whose policy has this id, and policies with these local ids in the same cluster. */
async function startWith(policyId: string, localIds: readonly string[]) {
  const gateway = await startGateway({ spoilsAnswers: true });
  const { control } = gateway.simulator;
  const cluster = String(control.rows("Cluster")[0]?.id);
  for (const { id } of control.rows("ElfStoragePolicy")) control.remove("ElfStoragePolicy", String(id));
  for (const local_id of localIds) control.insert("ElfStoragePolicy", { name: local_id, local_id, cluster });
  const disk = { type: "DISK", bus: "VIRTIO", index: 0, storage_policy_uuid: policyId };
  control.insert("VmSnapshot", { name: "with-policy", cluster, vm_disks: [disk] });
  return { gateway, cluster };
}

async function policyOf(gateway: TestGateway) {
  const query = `{ vmSnapshots(filter: {name: {eq: "with-policy"}}) { nodes { disks { storagePolicy { name } } } } }`;
  return gateway.query<Policies>(query);
}

const nameIn = (data: Policies | null | undefined) => data?.vmSnapshots.nodes[0]?.disks[0]?.storagePolicy?.name;

test("every frozen data disk of the inventory leads to its storage policy", async () => {
  const gateway = await startGateway();
  const query = `{ vmSnapshots(first: 100) { nodes { disks(type: DISK) { storagePolicyUuid storagePolicy { localId } } } } }`;

  type Disk = { storagePolicyUuid: string; storagePolicy: { localId: string } | null };
  const { vmSnapshots } = await gateway.data<{ vmSnapshots: { nodes: { disks: Disk[] | null }[] } }>(query);

  const disks = vmSnapshots.nodes.flatMap(({ disks }) => disks ?? []);
  expect(disks.length).toBeGreaterThan(10);
  for (const { storagePolicyUuid, storagePolicy } of disks) {
    expect(storagePolicy?.localId).toMatch(new RegExp(`^.{36}:${storagePolicyUuid}$`));
  }
  expect(gateway.simulator.calls.count("get-elf-storage-policies")).toBe(1);
});

test.each([
  ["a colon", UUID, `7b1f0ad0-94f2-4f6a-8a3c-0f9f1a2b3c4d:${UUID}`],
  ["an underscore", UUID, `7b1f0ad0-94f2-4f6a-8a3c-0f9f1a2b3c4d_${UUID}`],
  ["a hyphen", UUID, `7b1f0ad0-94f2-4f6a-8a3c-0f9f1a2b3c4d-${UUID}`],
  ["no prefix", UUID, UUID],
  ["a colon, before an id that is no UUID", "policy-1", "cluster:policy-1"],
])("a policy is found by the end of its local id after %s", async (_, policyId, localId) => {
  const { gateway } = await startWith(policyId, [localId, "cluster:another"]);

  const { data, errors } = await policyOf(gateway);

  expect(errors).toBeUndefined();
  expect(nameIn(data)).toBe(localId);
});

test.each([
  ["is the end of a longer id", UUID, `cluster:1${UUID}`],
  ["is the end of another UUID", "6f1a2f0f2d11", `cluster:${UUID}`],
  ["is the prefix", UUID, `${UUID}:policy`],
  ["differs in case", UUID, `cluster:${UUID.toUpperCase()}`],
])("no policy is found by an id that %s", async (_, policyId, localId) => {
  const { gateway } = await startWith(policyId, [localId]);

  const { data, errors } = await policyOf(gateway);

  expect(errors).toBeUndefined();
  expect(data?.vmSnapshots.nodes).toEqual([{ disks: [{ storagePolicy: null }] }]);
});

test("two policies with the same id in one cluster are an error, and one in another cluster is ignored", async () => {
  const { gateway, cluster } = await startWith(UUID, [`a:${UUID}`]);
  const { control } = gateway.simulator;
  const other = control.rows("Cluster").find(({ id }) => id !== cluster)?.id;
  control.insert("ElfStoragePolicy", { name: "elsewhere", local_id: `b:${UUID}`, cluster: other });
  expect(nameIn((await policyOf(gateway)).data)).toBe(`a:${UUID}`);

  control.insert("ElfStoragePolicy", { name: "second", local_id: `c:${UUID}`, cluster });
  const { errors } = await policyOf(gateway);

  expect(errors).toMatchObject([{ extensions: { code: "AMBIGUOUS_NAME" } }]);
});
