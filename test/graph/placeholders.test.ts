import { expect, test } from "vitest";
import type { Simulator } from "../../src/simulator/simulator.js";
import { entities } from "../../src/upstream/wire/contract.js";
import type { Entity } from "../../src/upstream/wire/types.js";
import { startGateway } from "../support/gateway.js";
import { everything } from "./support/everything.js";
import { graphLists } from "./support/graph-lists.js";

const PLACEHOLDER = "placeholder-0d6d1a4e-8f57-4f6c-9c0e-3a8f6f0b4f11";
const FOREIGN = /(^|_)(local_id|uuid)$|^zbs_/;

/** Replaces each id of the cluster, in all rows and in what they embed, as if every object were being made. */
function makeAll({ control }: Simulator): void {
  for (const [entity, { fields }] of Object.entries(entities)) {
    const columns = Object.entries(fields).filter(([name, kind]) => FOREIGN.test(name) || kind.startsWith("json "));
    for (const row of control.rows(entity as Entity)) {
      const changes = columns.map(([name]) => [name, FOREIGN.test(name) ? PLACEHOLDER : replaced(row[name])]);
      control.patch(entity as Entity, row.id as string, Object.fromEntries(changes));
    }
  }
}

function replaced(value: unknown): unknown {
  const text = JSON.stringify(value ?? null, (name, inner) => (FOREIGN.test(name) && inner ? PLACEHOLDER : inner));
  return JSON.parse(text);
}

test("a placeholder is shown by no field of any list", async () => {
  const gateway = await startGateway();
  makeAll(gateway.simulator);
  const lists = graphLists();
  expect(lists.length).toBeGreaterThan(15);

  for (const { name, resource } of lists) {
    const { data, errors } = await gateway.query(
      `{ ${name}(first: 50) { nodes { ${everything(resource.typename)} } } }`,
    );
    expect([name, errors]).toEqual([name, undefined]);
    expect(JSON.stringify(data)).not.toContain("placeholder");
  }
});

test("a placeholder leads to nothing: no relation follows it, and no lookup sends it", async () => {
  const gateway = await startGateway();
  makeAll(gateway.simulator);
  gateway.simulator.calls.clear();

  const { vmSnapshots, vmVolumeSnapshots, iscsiLuns, iscsiLunSnapshots } = await gateway.data<
    Record<string, { nodes: Record<string, unknown>[] }>
  >(`{
    vmSnapshots(first: 5) { nodes { disks { lunSnapshot { id } volume { id } volumeSnapshot { id } image { id } storagePolicy { id } } } }
    vmVolumeSnapshots(first: 5) { nodes { lunSnapshot { id } } }
    iscsiLuns(first: 5) { nodes { storageVolume { zbsId } } }
    iscsiLunSnapshots(first: 5) { nodes { storageVolume { zbsId } } }
  }`);

  const found = JSON.stringify([vmSnapshots, vmVolumeSnapshots, iscsiLuns, iscsiLunSnapshots]);
  expect(found).toContain('"lunSnapshot":null');
  expect(found).not.toMatch(/"(id|zbsId)":"/);
  expect(JSON.stringify(gateway.simulator.calls.all.map(({ body }) => body))).not.toContain("placeholder");
});

test("an object in the making has no local id until it is made", async () => {
  const gateway = await startGateway();
  const vmId = gateway.simulator.control.rows("Vm", { name: "web-prod-01" })[0]?.id;
  const create =
    'mutation ($vmId: ID!) { createVmSnapshot(input: {vmId: $vmId, name: "s"}) { snapshot { id localId } } }';
  const { createVmSnapshot: made } = await gateway.data<{ createVmSnapshot: { snapshot: { id: string } } }>(create, {
    vmId,
  });
  const read = () => gateway.data("query ($id: ID!) { vmSnapshot(id: $id) { localId } }", { id: made.snapshot.id });

  expect(made).toEqual({ snapshot: { id: made.snapshot.id, localId: null } });
  expect(await read()).toEqual({ vmSnapshot: { localId: null } });
  gateway.simulator.advance(5000);
  expect(await read()).toEqual({ vmSnapshot: { localId: expect.stringMatching(/^[\da-f-]{36}$/) } });
});

test("no ZBS volume is found by a placeholder", async () => {
  const gateway = await startGateway();
  makeAll(gateway.simulator);

  const result = await gateway.data(
    "query($zbsId: String!, $id: ID!) { storageVolume(zbsId: $zbsId) { zbsId } node(id: $id) { id } }",
    { zbsId: PLACEHOLDER, id: `StorageVolume:${PLACEHOLDER}` },
  );

  expect(result).toEqual({ storageVolume: null, node: null });
});

test.each([
  ["isNull: true", { isNull: true }, [true, false, true]],
  ["isNull: false", { isNull: false }, [false, true, false]],
  ["eq", { eq: PLACEHOLDER }, [false, false, false]],
  ["in", { in: [PLACEHOLDER, "own"] }, [false, true, false]],
  ["not", { not: "other" }, [false, true, false]],
  ["notIn", { notIn: ["other"] }, [false, true, false]],
  ["gt", { gt: "a" }, [false, true, false]],
  ["startsWith", { startsWith: "p" }, [false, false, false]],
  ["notContains", { notContains: "x" }, [false, true, false]],
])("a filter by an id takes a placeholder for no value: %s", async (_, localId, expected) => {
  const gateway = await startGateway({ spoilsAnswers: true });
  const { control } = gateway.simulator;
  const ids = control
    .rows("Vm")
    .slice(0, 3)
    .map(({ id }) => id as string);
  for (const [index, id] of ids.entries()) control.patch("Vm", id, { local_id: [PLACEHOLDER, "own", null][index] });

  const { vms } = await gateway.data<{ vms: { nodes: { cloudTowerId: string }[] } }>(
    "query($filter: VmFilter) { vms(filter: $filter) { nodes { cloudTowerId localId } } }",
    { filter: { id: { in: ids }, localId } },
  );

  expect(ids.map((id) => vms.nodes.some(({ cloudTowerId }) => cloudTowerId === id))).toEqual(expected);
});
