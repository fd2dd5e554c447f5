import { getOperationAST, parse } from "graphql";
import { expect, test } from "vitest";
import { connectAgent } from "../mcp/support/agent.js";
import { startGateway } from "../support/gateway.js";
import { codeBlocks, readPage } from "./support/pages.js";

const PAGE = readPage("docs/agents.md");

test("an agent runs each operation of the page, and gets what it is for", async () => {
  const gateway = await startGateway({ env: { MCP: "true" } });
  const agent = await connectAgent(gateway);
  const { vms, vmSnapshots, tasks } = await gateway.data<Record<"vms" | "vmSnapshots" | "tasks", { nodes: never[] }>>(
    `{ vms(filter: {name: {eq: "web-prod-01"}}) { nodes { id disks(type: DISK) { volume { lun { storageVolume { zbsId } } } } } }
       vmSnapshots(first: 1) { nodes { vm { id } } } tasks(first: 1) { nodes { id } } }`,
  );
  const [vm] = vms.nodes as { disks: { volume: { lun: { storageVolume: { zbsId: string } } } }[] }[];
  const variables: Record<string, object> = {
    VmsOfVolume: { zbsId: vm?.disks[0]?.volume.lun.storageVolume.zbsId },
    VmByName: { name: "web-prod-01" },
    SnapshotsOfVm: { vmId: (vmSnapshots.nodes[0] as { vm: { id: string } } | undefined)?.vm.id },
    TaskState: { id: (tasks.nodes[0] as { id: string } | undefined)?.id },
    FailedTasks: {},
  };
  const operations = codeBlocks(PAGE, "graphql");
  expect(operations.map((text) => getOperationAST(parse(text))?.name?.value)).toEqual(Object.keys(variables));

  const results = [];
  for (const [index, values] of Object.values(variables).entries()) {
    const { isError, value } = await agent.call<{ data: object }>("run_query", {
      query: operations[index],
      variables: values,
    });
    expect(isError).toBe(false);
    results.push(value.data);
  }

  expect(results).toEqual([
    { storageVolume: { sizeBytes: expect.any(Number), vms: [expect.objectContaining({ name: "web-prod-01" })] } },
    { vms: { nodes: [expect.objectContaining({ disks: [expect.anything(), expect.anything()] })] } },
    { vm: expect.objectContaining({ snapshots: expect.objectContaining({ totalCount: expect.any(Number) }) }) },
    { task: expect.objectContaining({ status: expect.any(String) }) },
    { tasks: { nodes: expect.any(Array) } },
  ]);
});

test("the page lists all tools, with their arguments", async () => {
  const gateway = await startGateway({ env: { MCP: "true", MCP_WRITES: "true" } });
  const { tools } = await (await connectAgent(gateway)).client.listTools();
  const listed = [...PAGE.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

  expect(listed).toEqual(tools.map(({ name }) => name));
  for (const { name, inputSchema } of tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)) {
    expect(inputSchema.required, name).toEqual(expect.arrayContaining(["vmId", "vmName"]));
  }
});
