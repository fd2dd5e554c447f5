import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { describe, expect, test } from "vitest";
import { type Layout, layOut, NODE } from "../../src/graphiql/graph-view/layout.js";
import { openAsQuery } from "../../src/graphiql/graph-view/open-as-query.js";
import { MAX_OBJECTS, responseGraph } from "../../src/graphiql/graph-view/response-graph.js";
import { targetOf } from "../../src/graphiql/graph-view/tree-keys.js";
import { typePaths } from "../../src/graphiql/graph-view/type-paths.js";

const schema = buildSchema(readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8"));

describe("the graph of a response", () => {
  test("has one object for each id, wherever it is found, with the fields of all places", () => {
    const { objects, edges } = responseGraph({
      vms: { nodes: [{ id: "Vm:a", disks: [{ id: "VmDisk:1", volume: { id: "VmVolume:s", name: "shared" } }] }] },
      other: { id: "Vm:b", disks: [{ id: "VmDisk:2", volume: { id: "VmVolume:s", sizeBytes: 5 } }] },
    });
    expect([...objects.keys()]).toEqual(["Vm:a", "VmDisk:1", "VmVolume:s", "Vm:b", "VmDisk:2"]);
    expect(Object.fromEntries(objects.get("VmVolume:s")?.fields ?? [])).toEqual({
      id: "VmVolume:s",
      name: "shared",
      sizeBytes: 5,
    });
    expect(edges.filter(({ to }) => to === "VmVolume:s").map(({ from }) => from)).toEqual(["VmDisk:1", "VmDisk:2"]);
  });

  test("knows types and ids by the document, aliases and fragments included", () => {
    const document = parse(`
      query { first: vms(first: 1) { nodes { ...Chain } } }
      fragment Chain on Vm { mine: disks(type: DISK) { volume { lun { ... on IscsiLun { storageVolume { zbsId } } } } } cloudTowerId }`);
    const zbs = { zbsId: "z" };
    const data = { first: { nodes: [{ mine: [{ volume: { lun: { storageVolume: zbs } } }], cloudTowerId: "a" }] } };
    const { objects } = responseGraph(data, typePaths(schema, document));
    expect([...objects.values()].map(({ type, id }) => [type, id])).toEqual([
      ["Vm", "Vm:a"],
      ...["VmDisk", "VmVolume", "IscsiLun"].map((type) => [type, undefined]),
      ["StorageVolume", "StorageVolume:z"],
    ]);
  });

  test("takes no object for a connection because of an alias", () => {
    const document = parse("{ vms(first: 1) { nodes { id nodes: disks(type: DISK) { id } } } }");
    const data = { vms: { nodes: [{ id: "Vm:a", nodes: [{ id: "VmDisk:1" }] }] } };
    const { objects, edges } = responseGraph(data, typePaths(schema, document));
    expect([...objects.keys()]).toEqual(["Vm:a", "VmDisk:1"]);
    expect(edges).toEqual([{ from: "Vm:a", to: "VmDisk:1", label: "nodes" }]);
  });

  test("is drawn by place without ids, and without a schema", () => {
    const disks = (size: number) => [
      { size, volume: { name: "v" } },
      { size: 2, volume: { name: "w" } },
    ];
    const { objects, edges } = responseGraph({ vms: { nodes: [{ disks: disks(1) }, { disks: disks(1) }] } });
    const chain = ["vms", "disks", "volume", "disks", "volume"];
    expect([...objects.values()].map(({ type }) => type)).toEqual([...chain, ...chain]);
    expect([...objects.values()].map(({ title }) => title).slice(0, 3)).toEqual(["vm 1", "disk 1", "v"]);
    expect(new Set(edges.map(({ to }) => to)).size).toBe(edges.length);
  });

  test("does not take rows of one list for those of another, which has other arguments", () => {
    const { objects } = responseGraph({
      a: { id: "Vm:a", disks: [{ boot: 1 }] },
      b: { id: "Vm:a", disks: [{ boot: 2 }] },
    });
    expect([...objects.values()].filter(({ type }) => type === "disks")).toHaveLength(2);
  });

  test.each([
    ["nothing", undefined],
    ["null", null],
    ["a failed field", { vms: null }],
    ["rows that are null", { vms: { nodes: [null], totalCount: 1 } }],
    ["scalars", { eventCursor: "abc" }],
    ["an edge without a node", { vms: { edges: [null, { node: null }] } }],
  ])("is empty for %s", (_, data) => {
    expect(responseGraph(data).objects.size).toBe(0);
    expect(layOut(responseGraph(data)).nodes).toEqual([]);
  });

  test("says how much it leaves out", () => {
    const nodes = Array.from({ length: MAX_OBJECTS + 7 }, (_, index) => ({ id: `Vm:${index}` }));
    expect(responseGraph({ vms: { nodes } })).toMatchObject({ objects: { size: MAX_OBJECTS }, omitted: 7 });
  });
});

describe("the layout", () => {
  const random = (seed: number) => {
    let state = seed;
    return (below: number) => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return state % below;
    };
  };

  test("never draws one object over another, leaves none out, and puts each in the column of its type", () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const graph = responseGraph({ root: randomObject(random(seed), 6) });
      const { nodes, columns } = layOut(graph);
      expect(nodes).toHaveLength(graph.objects.size);
      expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size, `seed ${seed}`).toBe(nodes.length);
      for (const { object, column } of nodes) expect(columns[column]?.split(", ")).toContain(object.type);
    }
  });

  test("has a tree that is one: levels, positions and siblings agree", () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const { nodes } = layOut(responseGraph({ root: randomObject(random(seed), 6), other: { id: "Vm:0" } }));
      const level = new Map(nodes.map((node) => [node.object.key, node.level]));
      for (const node of nodes) {
        expect(node.level).toBe(node.parent === undefined ? 1 : (level.get(node.parent) ?? 0) + 1);
        const siblings = nodes.filter(({ parent }) => parent === node.parent);
        expect(node.siblings).toBe(siblings.length);
        expect(siblings.indexOf(node) + 1).toBe(node.position);
      }
    }
  });

  test("puts the chain into columns from left to right, a snapshot below the disks", () => {
    const layout = layOut(responseGraph(CHAIN));
    expect(layout.columns).toEqual([
      "Vm",
      "VmDisk, VmSnapshot",
      "VmVolume, VmSnapshotDisk",
      "IscsiLun, IscsiLunSnapshot",
      "StorageVolume",
    ]);
    expect(nodeOf(layout, "VmSnapshot:s").y).toBeGreaterThan(nodeOf(layout, "VmDisk:1").y);
    expect(nodeOf(layout, "StorageVolume:z").y).toBe(nodeOf(layout, "Vm:a").y);
    expect(layout.width).toBe(2 * NODE.margin + 5 * NODE.width + 4 * NODE.gapX);
  });

  test("takes any number of objects in a row, and a circle of types", () => {
    const vms = [{ id: "Vm:a" }, { id: "Vm:b", disks: [{ id: "VmDisk:1", vm: { id: "Vm:b" } }] }];
    const { nodes } = layOut(responseGraph({ storageVolume: { id: "StorageVolume:z", vms } }));
    expect(nodes.map(({ object, column }) => `${column} ${object.key}`)).toEqual([
      "0 StorageVolume:z",
      "1 Vm:a",
      "1 Vm:b",
      "2 VmDisk:1",
    ]);
  });

  test("leads the keys along the tree, and to a shared object that is below another", () => {
    const layout = layOut(
      responseGraph({ vms: [CHAIN.vm, { id: "Vm:b", disks: [{ id: "VmDisk:2", volume: { id: "VmVolume:v" } }] }] }),
    );
    const to = (key: string, ...presses: string[]) =>
      presses.reduce((current, press) => targetOf(layout, current, press) ?? current, key);
    expect(to("Vm:b", "ArrowRight", "ArrowRight")).toBe("VmVolume:v");
    expect(to("VmVolume:v", "ArrowLeft", "ArrowLeft")).toBe("Vm:a");
    expect(to("Vm:a", "ArrowUp")).toBe("Vm:a");
    expect(to("Vm:a", "End", "Home")).toBe("Vm:a");
    expect(targetOf(layout, "Vm:a", " ")).toBeUndefined();
  });
});

test("any object with an id and a type that can be read by id opens as a valid query", () => {
  const types = Object.values(schema.getTypeMap()).map(({ name }) => name);
  const objects = types.map((type) => ({ key: "k", id: `${type}:1`, type, title: "t", fields: new Map() }));
  const opened = objects.map((object) => openAsQuery(object, schema)).filter((operation) => operation !== undefined);
  expect(opened.length).toBeGreaterThan(15);
  for (const { query } of opened) expect(validate(schema, parse(query)), query).toEqual([]);
  expect(openAsQuery({ key: "k", id: undefined, type: "Vm", title: "t", fields: new Map() }, schema)).toBeUndefined();
});

const CHAIN = {
  vm: {
    id: "Vm:a",
    snapshots: {
      nodes: [
        {
          id: "VmSnapshot:s",
          disks: [
            {
              __typename: "VmSnapshotDisk",
              lunSnapshot: { id: "IscsiLunSnapshot:l", storageVolume: { id: "StorageVolume:y" } },
            },
          ],
        },
      ],
    },
    disks: [
      {
        id: "VmDisk:1",
        volume: { id: "VmVolume:v", lun: { id: "IscsiLun:l", storageVolume: { id: "StorageVolume:z" } } },
      },
    ],
  },
};

function nodeOf({ nodes }: Layout, key: string) {
  const node = nodes.find(({ object }) => object.key === key);
  if (node === undefined) throw new Error(`${key} is not drawn`);
  return node;
}

/** An object of one of few types with one of few ids, so that responses share objects and lead back. */
function randomObject(below: (limit: number) => number, depth: number): Record<string, unknown> {
  const type = ["Vm", "VmDisk", "VmVolume", "VmSnapshot"][below(4)];
  const children = Array.from({ length: depth === 0 ? 0 : below(4) }, () => randomObject(below, depth - 1));
  return {
    id: `${type}:${below(9)}`,
    [`field${below(3)}`]: children,
    ...(below(2) === 0 && { own: { size: below(5) } }),
  };
}
