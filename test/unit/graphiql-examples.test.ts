import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { describe, expect, test } from "vitest";
import { examples } from "../../src/graphiql/examples.js";
import { responseIds } from "../../src/graphiql/response-ids.js";

describe("the example tabs of GraphiQL", () => {
  test("are valid against schema.graphql", () => {
    const schema = buildSchema(readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8"));
    for (const { query } of examples) expect(validate(schema, parse(query)), query).toEqual([]);
  });

  test("have a line length that needs no scrolling on a laptop", () => {
    for (const { query } of examples)
      expect(Math.max(...query.split("\n").map((line) => line.length))).toBeLessThanOrEqual(57);
  });
});

describe("ids found in the answers of other tabs", () => {
  test("are a VM with a ZBS volume, and the snapshot and task of a mutation", () => {
    const bare = { id: "Vm:bare", disks: [] };
    const noLun = { id: "Vm:no-lun", disks: [{ volume: { lun: null } }, { volume: null }] };
    const full = { id: "Vm:full", disks: [{ volume: { lun: { storageVolume: { zbsId: "z" } } } }] };
    const graph = answer({ vms: { nodes: [bare, noLun, full] } });
    const mutation = answer({ createVmSnapshot: { snapshot: { id: "VmSnapshot:s" }, task: { id: "Task:t" } } });
    expect(responseIds([null, graph, mutation])).toEqual({
      vmId: "Vm:full",
      snapshotId: "VmSnapshot:s",
      taskId: "Task:t",
    });
  });

  test("fall back to the first VM where none has a ZBS volume", () => {
    expect(responseIds([answer({ vms: { nodes: [{ id: "Vm:first" }, { id: "Vm:second", disks: null }] } })])).toEqual({
      vmId: "Vm:first",
    });
  });

  test.each([
    ["no answer", null],
    ["an empty one", ""],
    ["plain text", "Socket closed"],
    ["JSON that is no object", "null"],
    ["errors without data", answer(null)],
    ["a refused snapshot", answer({ createVmSnapshot: { snapshot: null, task: null } })],
    ["no VMs", answer({ vms: { nodes: [] } })],
    ["a field that failed", answer({ vms: null })],
    ["another operation", answer({ vms: { totalCount: 3 } })],
  ])("are none in %s", (_, response) => {
    expect(responseIds([response])).toEqual({});
  });
});

function answer(data: unknown): string {
  return JSON.stringify({ data });
}
