import { expect, test } from "vitest";
import type { LoadedRelation } from "../../src/graph/relations/relation.js";
import { stubColumns, stubLacks } from "../../src/graph/relations/stub.js";
import { Vm } from "../../src/resources/vm/vm.type.js";
import { fullSchema } from "../../src/schema/schema.js";
import { startGateway } from "../support/gateway.js";
import { startManySites } from "./support/many-sites.js";
import { relationQuery, relationsByType } from "./support/relation-queries.js";
import { startThinStubs } from "./support/thin-stubs.js";

const LABELS = `{ vms(filter: {labels: {some: {key: {eq: "env"}}}}) { nodes { name labels { key value } } } }`;

interface Labeled {
  readonly vms: { readonly nodes: { readonly labels: { readonly key: string; readonly value: string | null }[] }[] };
}

test.each([
  ["2.7.0", 1],
  ["4.0.0", 1],
  ["4.1.0", 0],
  ["4.8.0", 0],
])("the labels of VMs of CloudTower %s have keys and values, which takes %i more calls", async (apiVersion, calls) => {
  const gateway = await startGateway({ simulator: { apiVersion } });

  const { vms } = await gateway.data<Labeled>(LABELS);

  const labels = vms.nodes.flatMap((vm) => vm.labels);
  expect(labels.length).toBeGreaterThan(10);
  for (const { key } of labels) expect(key).toMatch(/./);
  expect(labels).toContainEqual({ key: "env", value: "prod" });
  expect(gateway.simulator.calls.count("get-labels")).toBe(calls);
});

test("a label without a value is no reason for a call if its stub shows that the version has values", () => {
  const labels = fullSchema().relations.relation("Vm", "labels") as LoadedRelation;
  const columns = stubColumns(labels, ["id", "value"]) ?? [];
  const lacks = (stub: object) => stubLacks(labels, new Vm({ id: "v", labels: [stub] } as never), columns);

  expect(lacks({ id: "a", key: "env", value: "prod" })).toBe(false);
  expect(lacks({ id: "a", key: "env", value: null })).toBe(false);
  expect(lacks({ id: "a", key: "env" })).toBe(false);
  expect(lacks({ id: "a" })).toBe(true);
});

test("labels are priced as what they can cost in any version", async () => {
  const gateway = await startGateway({ simulator: { apiVersion: "2.7.0" } });
  const cost = async (fields: string) => {
    const query = `{ vms(first: 50) { nodes { labels { ${fields} } } } }`;
    const { extensions = {} } = await gateway.query(query, {}, { "x-towerql-cost": "1" });
    const { estimated, spent } = extensions.cost as Record<"estimated" | "spent", { calls: number }>;
    return { estimated: estimated.calls, spent: spent.calls };
  };

  expect(await cost("key value")).toEqual({ estimated: 2, spent: 2 });
  expect(await cost("id")).toEqual({ estimated: 1, spent: 1 });
});

test("the ids of labels alone cost no call in any version", async () => {
  const gateway = await startGateway({ simulator: { apiVersion: "2.7.0" } });

  const { vms } = await gateway.data<{ vms: { nodes: { labels: object[] }[] } }>(
    "{ vms(first: 50) { nodes { labels { id } } } }",
  );

  expect(vms.nodes.flatMap(({ labels }) => labels).length).toBeGreaterThan(10);
  expect(gateway.simulator.calls.count("get-labels")).toBe(0);
});

test("what a stub lacks below an inverse relation is loaded for the objects that something leads back to", async () => {
  const gateway = await startGateway({ simulator: { apiVersion: "2.7.0" } });
  const { control, calls } = gateway.simulator;
  const [backup, other] = control.rows("Label") as [{ id: string }, { id: string }];
  const vm = control.rows("Vm", { name: "web-prod-01" })[0]?.id as string;
  for (const { id } of control.rows("Vm")) control.patch("Vm", id as string, { labels: [other.id] });
  control.patch("Vm", vm, { labels: [backup.id] });
  type Data = { vms: { nodes: { labels: object[]; snapshots: { nodes: object[] } }[] } };

  const { vms } = await gateway.data<Data>(
    `{ vms(first: 50) { nodes { labels { cloudTowerId }
       snapshots(first: 1, filter: {vm: {id: {eq: "${vm}"}}}) { nodes { vm { labels { key } } } } } } }`,
  );

  for (const { labels } of vms.nodes) expect(labels).toEqual([{ cloudTowerId: expect.any(String) }]);
  const { key } = control.rows("Label", { id: backup.id })[0] as { key: string };
  expect(vms.nodes.flatMap(({ snapshots }) => snapshots.nodes)).toEqual([{ vm: { labels: [{ key }] } }]);
  expect(calls.of("get-labels").map(({ body }) => body)).toMatchObject([{ where: { id_in: [backup.id] } }]);
});

test("an event of a subscription and the result of a mutation load what a stub lacks", async () => {
  const gateway = await startGateway({ simulator: { apiVersion: "2.7.0", taskSeconds: 0 } });
  const { control } = gateway.simulator;
  const [label] = control.rows("Label", { key: "backup" });
  const id = control.rows("Vm", { name: "web-prod-01" })[0]?.id as string;
  control.patch("Vm", id, { labels: [label?.id] });

  const { createVmSnapshot } = await gateway.data<{ createVmSnapshot: { snapshot: object } }>(
    `mutation ($id: ID!) { createVmSnapshot(input: {vmId: $id, name: "s"}) {
      snapshot { vm { name labels { key value } } } errors { message } } }`,
    { id },
  );

  expect(createVmSnapshot.snapshot).toEqual({
    vm: { name: "web-prod-01", labels: [{ key: "backup", value: "gold" }] },
  });
});

const stubbed = relationsByType().flatMap(([type, relations]) => {
  const withStubs = relations.filter((relation) => relation.kind === "loaded" && relation.stub !== undefined);
  return withStubs.length === 0 ? [] : [[type, withStubs] as const];
});

test.each(stubbed)(
  "from %s, every field that a stub may answer has the object's value if rows have only ids of related objects",
  async (_, relations) => {
    const proxy = await startThinStubs();
    const thin = await startManySites(3, { env: { CLOUDTOWER_URL: proxy.url } });
    proxy.forwardTo(thin.simulator.url);
    const whole = await startManySites(3);
    for (const relation of relations) {
      const { query, found } = relationQuery(relation, { stubOnly: true });
      const expected = await whole.data(query, { n: 3 });

      expect(await thin.data(query, { n: 3 }), `${relation.from.typename}.${relation.field}`).toEqual(expected);
      for (const { to } of found(expected)) expect(to).not.toHaveLength(0);
    }
  },
);
