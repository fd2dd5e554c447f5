import { describe, expect, test } from "vitest";
import { columnsShown } from "../../src/graph/model/column.js";
import type { ResourceClass } from "../../src/graph/model/resource.js";
import { fullSchema } from "../../src/schema/schema.js";
import { entities } from "../../src/upstream/wire/contract.js";
import { arrivedIn, hasArrived, versionNumber } from "../../src/upstream/wire/versions.js";
import { startGateway } from "../support/gateway.js";
import { listOf } from "./support/relation-queries.js";

/** Fields that clients can filter or sort by and that a version certainly lacks: `[Vm.usedSizeBytes, argument of the list]`. */
function lacking(version: string) {
  const { schema, relations } = fullSchema();
  const types = new Set(relations.relations.flatMap(({ from, to }) => [from, to] as unknown as ResourceClass[]));
  return [...types]
    .filter(({ entity }) => entity !== undefined)
    .flatMap((type) =>
      [...columnsShown(type)].flatMap(([field, { name, filter, order }]) => {
        const arrival = `${type.entity}.${name}`;
        if (hasArrived(versionNumber(version) as number, arrival) !== false) return [];
        const list = listOf(schema, type.typename);
        const orderBy = field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
        return [
          ...(filter ? [`filter: {${field}: {isNull: false}}`, `filter: {not: [{${field}: {isNull: true}}]}`] : []),
          ...(order ? [`orderBy: {field: ${orderBy}}`] : []),
        ].map((argument) => ({ list, argument, entity: type.entity, field: `${type.typename}.${field}`, arrival }));
      }),
    );
}

describe.each(["2.7.0", "4.3.0", "4.6.0"])("with CloudTower %s", (version) => {
  test("a filter or an order that it lacks is refused by name, without a call", async () => {
    const gateway = await startGateway({ simulator: { apiVersion: version, vms: 1 } });
    const { calls } = gateway.simulator;
    const all = lacking(version);
    expect(all.length).toBeGreaterThan(10);

    for (const { list, argument, entity, field, arrival } of all) {
      for (const selection of ["nodes { id }", "totalCount"]) {
        const { data, errors } = await gateway.query(`{ ${list}(${argument}) { ${selection} } }`);

        expect(data, field).toEqual({ [list]: null });
        expect(errors, field).toMatchObject([
          {
            message: `CloudTower ${version} has no ${field} (since ${arrivedIn(arrival)}).`,
            extensions: { code: "BAD_USER_INPUT" },
          },
        ]);
      }
      expect(calls.count(`get-${entities[entity].path}`), field).toBe(0);
      expect(calls.count(`get-${entities[entity].path}-connection`), field).toBe(0);
    }
    expect(calls.counts).toEqual({ "get-version": 1 });
  });
});

test("a nested connection and a filter across relations are refused in the same words", async () => {
  const gateway = await startGateway({ simulator: { apiVersion: "4.3.0" } });
  const message = "CloudTower 4.3.0 has no Vm.usedSizeBytes (since 4.6).";

  const nested = await gateway.query<{ clusters: { nodes: { name: string; vms: null }[] } }>(
    "{ clusters(first: 2) { nodes { name vms(filter: {usedSizeBytes: {gt: 1}}) { nodes { name } } } } }",
  );
  expect(nested.data?.clusters.nodes).toEqual([
    { name: expect.any(String), vms: null },
    { name: expect.any(String), vms: null },
  ]);
  for (const error of nested.errors ?? []) expect(error.message).toBe(message);

  const across = await gateway.query(
    "{ clusters(filter: {vms: {some: {usedSizeBytes: {gt: 1}}}}) { nodes { name } } }",
  );
  expect(across.errors).toMatchObject([{ message }]);
});

test("a value of an enum that CloudTower lacks is refused by name", async () => {
  const gateway = await startGateway({ simulator: { apiVersion: "4.6.0" } });

  const { errors } = await gateway.query(
    "{ vms(filter: {usage: {in: [CLOUDTOWER, CLOUDTOWER_WITNESS]}}) { nodes { id } } }",
  );

  expect(errors).toMatchObject([{ message: "CloudTower 4.6.0 has no VmUsage.CLOUDTOWER_WITNESS (since 4.8)." }]);
  expect(gateway.simulator.calls.count("get-vms")).toBe(0);
});

test("a relation that CloudTower lacks is empty, without a call", async () => {
  const gateway = await startGateway({ simulator: { apiVersion: "2.7.0" } });

  const data = await gateway.data<{ vmVolumeSnapshots: { nodes: object[] }; labels: { nodes: object[] } }>(
    `{ vmVolumeSnapshots(first: 3) { nodes { labels { key } } }
       labels(first: 3) { nodes { vmVolumeSnapshots { totalCount nodes { name } } } } }`,
  );

  expect(data.vmVolumeSnapshots.nodes).toEqual(Array(3).fill({ labels: [] }));
  expect(data.labels.nodes).toEqual(Array(3).fill({ vmVolumeSnapshots: { totalCount: 0, nodes: [] } }));
  expect(gateway.simulator.calls.counts).toEqual({ "get-labels": 1, "get-version": 1, "get-vm-volume-snapshots": 1 });
});

test("with an unknown version CloudTower is asked", async () => {
  const gateway = await startGateway({ simulator: { apiVersion: "4.6.0" } });
  gateway.simulator.faults.add({ operation: "get-version", effect: { kind: "status", status: 404 } });

  const { vms } = await gateway.data<{ vms: { nodes: object[] } }>(
    "{ vms(first: 3, filter: {usedSizeBytes: {gte: 0}}) { nodes { id } } }",
  );

  expect(vms.nodes).toHaveLength(3);
});

test("what arrived at an unknown time between two documents is left to CloudTower", async () => {
  const gateway = await startGateway({ simulator: { apiVersion: "4.7.0" } });

  const { errors } = await gateway.query("{ vmVolumes(filter: {residentInCache: {eq: true}}) { nodes { id } } }");

  expect(errors).toMatchObject([{ message: "CloudTower refused the call (HTTP 400)." }]);
  expect(gateway.simulator.calls.count("get-vm-volumes")).toBe(1);
});

test("the version is not asked for by operations that every CloudTower can answer, and once by the others", async () => {
  const gateway = await startGateway();
  const { calls } = gateway.simulator;

  await gateway.data(
    '{ vms(filter: {name: {contains: "a"}}, orderBy: {field: NAME}) { totalCount nodes { usedSizeBytes } } }',
  );
  expect(calls.count("get-version")).toBe(0);

  const late = "{ vms(orderBy: {field: USED_SIZE_BYTES}) { totalCount nodes { id } } }";
  await Promise.all([gateway.data(late), gateway.data(late)]);
  await gateway.data(late);
  expect(calls.count("get-version")).toBe(1);
});
