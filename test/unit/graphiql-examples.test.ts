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

describe("ids found in the responses of other tabs", () => {
  test("are a VM with a ZBS volume, and the snapshot and task of a mutation", () => {
    const bare = { id: "Vm:bare", disks: [] };
    const noLun = { id: "Vm:no-lun", disks: [{ volume: { lun: null } }, { volume: null }] };
    const full = { id: "Vm:full", disks: [{ volume: { lun: { storageVolume: { zbsId: "z" } } } }] };
    const graph = response({ vms: { nodes: [bare, noLun, full] } });
    const mutation = response({ createVmSnapshot: { snapshot: { id: "VmSnapshot:s" }, task: { id: "Task:t" } } });
    expect(responseIds([null, graph, mutation])).toEqual({
      vmId: "Vm:full",
      snapshotId: "VmSnapshot:s",
      taskId: "Task:t",
    });
  });

  test("fall back to the first VM if none has a ZBS volume", () => {
    expect(responseIds([response({ vms: { nodes: [{ id: "Vm:first" }, { id: "Vm:second", disks: null }] } })])).toEqual(
      {
        vmId: "Vm:first",
      },
    );
  });

  test.each([
    ["no response", null],
    ["an empty response", ""],
    ["plain text", "Socket closed"],
    ["JSON that is not an object", "null"],
    ["errors without data", response(null)],
    ["a refused snapshot", response({ createVmSnapshot: { snapshot: null, task: null } })],
    ["no VMs", response({ vms: { nodes: [] } })],
    ["a field that failed", response({ vms: null })],
    ["another operation", response({ vms: { totalCount: 3 } })],
  ])("are none in %s", (_, text) => {
    expect(responseIds([text])).toEqual({});
  });
});

function response(data: unknown): string {
  return JSON.stringify({ data });
}
