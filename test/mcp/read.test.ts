import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
} from "graphql";
import { describe, expect, test } from "vitest";
import { pathsInSchema } from "../../src/mcp/schema/paths.js";
import { clientSchema } from "../../src/schema/reduced-schemas.js";
import { fullSchema } from "../../src/schema/schema.js";
import { startGateway } from "../support/gateway.js";
import { connectAgent } from "./support/agent.js";

const MCP = { MCP: "true" };

interface Match {
  readonly name: string;
  readonly path: string;
}

describe("finding the way", () => {
  test("an agent searches the schema, checks a query and runs it with the calls that were predicted", async () => {
    const gateway = await startGateway({ env: MCP });
    const agent = await connectAgent(gateway);
    const { tools } = await agent.client.listTools();
    expect(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint])).toEqual([
      ["search_schema", true],
      ["describe_type", true],
      ["check_query", true],
      ["run_query", true],
    ]);
    expect(agent.client.getInstructions()).toContain("search_schema");

    const { value: found } = await agent.call<{ matches: Match[]; total: number }>("search_schema", {
      text: "zbs id of a storage volume",
    });
    expect(found.matches).toContainEqual(
      expect.objectContaining({ name: "StorageVolume.zbsId", path: expect.stringMatching(/storageVolume\.zbsId$/) }),
    );
    expect(found.matches.length).toBeLessThanOrEqual(15);

    const query =
      '{ vms(filter: {name: {eq: "web-prod-01"}}) { nodes { id disks(type: DISK) { volume { lun { storageVolume { zbsId } } } } } } }';
    const { value: checked } = await agent.call("check_query", { query });
    gateway.simulator.calls.clear();
    const { value: ran, isError } = await agent.call<{ data: object; upstreamCalls: number }>("run_query", { query });

    expect(checked).toEqual({
      valid: true,
      type: "query",
      canRun: true,
      cost: { calls: 4, objects: expect.any(Number) },
      limits: { calls: expect.any(Number), objects: expect.any(Number) },
    });
    expect(isError).toBe(false);
    expect(ran).toEqual({ data: await gateway.data(query), upstreamCalls: 4 });
  });

  test("words find what they mean", async () => {
    const agent = await connectAgent(await startGateway({ env: MCP }));
    for (const [text, name, path] of [
      ["vm", "Vm", "vm"],
      ["which VMs use a storage volume", "StorageVolume.vms", "storageVolume.vms"],
      ["snapshots of a vm", "Query.vmSnapshots", "vmSnapshots"],
      ["filter name contains", "StringFilter.contains", expect.stringContaining("(filter)")],
      ["task progress", "Task.progress", "task.progress"],
      ["xyzzy", undefined, undefined],
    ] as const) {
      const { value } = await agent.call<{ matches: Match[] }>("search_schema", { text });
      if (name === undefined) expect(value).toEqual({ matches: [], total: 0 });
      else expect(value.matches, text).toContainEqual(expect.objectContaining({ name, path }));
    }
  });

  test("every path is one by which a query reaches the type", () => {
    const schema = clientSchema(fullSchema().schema);
    const paths = pathsInSchema(schema);
    expect(paths.size).toBeGreaterThan(150);
    expect([...paths.keys()].filter((name) => /Input$/.test(name))).toEqual([]);
    for (const [typename, all] of paths) {
      for (const path of all) {
        expect(typeAt(schema, path)?.name, path).toBe(typename);
      }
    }
  });

  test("a type is described with its fields, arguments and paths, and in parts on request", async () => {
    const gateway = await startGateway({ env: MCP });
    const agent = await connectAgent(gateway);

    const { value: vm } = await agent.call<{ members: { name: string }[] }>("describe_type", { name: "Vm" });
    const { value: disks } = await agent.call("describe_type", { name: "Vm", contains: "disks" });
    const { value: status } = await agent.call("describe_type", { name: "VmStatus", contains: "running" });
    const unknown = await agent.call("describe_type", { name: "CreateVmSnapshotInput" });

    expect(vm).toMatchObject({ name: "Vm", type: "object", paths: ["vm", "vms.nodes"] });
    expect(vm.members.length).toBeGreaterThan(40);
    expect(disks).toMatchObject({
      members: expect.arrayContaining([
        expect.objectContaining({ name: "disks", type: "[VmDisk!]", arguments: ["type: VmDiskType"] }),
      ]),
    });
    expect(status).toMatchObject({ type: "enum", members: [{ name: "RUNNING", type: "value" }] });
    expect(unknown).toMatchObject({
      isError: true,
      value: { errors: [{ code: "BAD_USER_INPUT", message: expect.stringContaining("search_schema") }] },
    });
  });

  test("without introspection the schema cannot be searched, and no message suggests names", async () => {
    const gateway = await startGateway({ env: { ...MCP, INTROSPECTION: "false" } });
    const agent = await connectAgent(gateway);

    const { tools } = await agent.client.listTools();
    const { value } = await agent.call<{ errors: { message: string }[] }>("check_query", {
      query: "{ vmss { nodes { id } } }",
    });

    expect(tools.map(({ name }) => name)).toEqual(["check_query", "run_query"]);
    expect(value.errors.map(({ message }) => message)).toEqual(['Cannot query field "vmss" on type "Query".']);
  });
});

describe("what cannot be run", () => {
  test("writes, streams and wrong documents are refused before any call", async () => {
    const gateway = await startGateway({ env: MCP });
    const agent = await connectAgent(gateway);
    gateway.simulator.calls.clear();
    for (const [query, message] of [
      [
        'mutation { deleteVmSnapshots(input: {ids: ["VmSnapshot:x"]}) { errors { code } } }',
        /Only queries can be run, got a mutation/,
      ],
      ['subscription { taskProgress(taskId: "Task:x") { status } }', /Only queries can be run, got a subscription/],
      ["{ vms { nodes { nam } } }", /Cannot query field "nam" on type "Vm". Did you mean "name"/],
      ["{ vms(first: 1001) { nodes { name } } }", /first.* must be .*1000.*1001/],
      ["{ vms { nodes {", /Syntax Error/],
    ] as const) {
      const { isError, value } = await agent.call<{ errors: { message: string }[] }>("run_query", { query });
      expect(isError, query).toBe(true);
      expect(value.errors[0]?.message).toMatch(message);
    }
    expect(gateway.simulator.calls.all).toEqual([]);
  });

  test("a result that is too large is replaced by how to ask for less, and its work stops early", async () => {
    const gateway = await startGateway({ simulator: { vms: 300 }, env: { ...MCP, MCP_MAX_RESULT_KIB: "1" } });
    const agent = await connectAgent(gateway);

    const all = await agent.call<{ errors: { message: string }[] }>("run_query", {
      query: "{ vms(first: 300) { nodes { id name } } }",
    });
    const some = await agent.call<{ data: object }>("run_query", { query: "{ vms(first: 5) { nodes { name } } }" });
    const type = await agent.call<{ errors: { message: string }[] }>("describe_type", { name: "Vm" });

    expect(all).toMatchObject({ isError: true, value: { data: null } });
    expect(all.value.errors[0]?.message).toMatch(
      /at most 1024 bytes of result\. Request smaller pages or fewer fields/,
    );
    expect(some.isError).toBe(false);
    expect(type).toMatchObject({ isError: true, value: { errors: [{ code: "QUERY_TOO_EXPENSIVE" }] } });
    expect(type.value.errors[0]?.message).toMatch(/^Result too large: at most 1024 bytes, got \d+\. Ask for less/);
    for (const { text } of [all, some, type]) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024);
  });

  test("errors of single fields come with the rest of the data", async () => {
    const gateway = await startGateway({ env: MCP });
    const agent = await connectAgent(gateway);
    gateway.simulator.faults.add({ operation: "get-hosts", effect: { kind: "status", status: 500 } });

    const { isError, value } = await agent.call("run_query", {
      query: "{ clusters(first: 1) { nodes { id } } hosts { nodes { model } } }",
    });

    expect(isError).toBe(false);
    expect(value).toMatchObject({
      data: { clusters: { nodes: [{}] }, hosts: null },
      errors: [{ path: ["hosts"], code: "UPSTREAM_ERROR" }],
    });
  });
});

/** The type that a path leads to, such as `vms(filter).name`. */
function typeAt(schema: GraphQLSchema, path: string): GraphQLNamedType | undefined {
  let type: GraphQLNamedType | null | undefined = schema.getQueryType();
  let args: readonly GraphQLArgument[] = [];
  for (const [step] of path.matchAll(/\(\.\.\. on \w+\)|\(\w+\)|\w+/g)) {
    const name = step.replace(/^\((\.\.\. on )?|\)$/g, "");
    if (step.startsWith("(... on ")) type = schema.getType(name);
    else if (step.startsWith("(")) type = getNamedType(args.find((arg) => arg.name === name)?.type as GraphQLType);
    else {
      const field: GraphQLField<unknown, unknown> | undefined = (type as GraphQLObjectType).getFields()[name];
      args = field?.args ?? [];
      type = getNamedType(field?.type as GraphQLType);
    }
  }
  return type ?? undefined;
}
