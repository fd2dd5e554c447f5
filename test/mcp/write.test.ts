import { expect, test } from "vitest";
import { shown } from "../../src/mcp/tool.js";
import { clientsFile } from "../support/clients-file.js";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { connectAgent } from "./support/agent.js";

const WRITES = { MCP: "true", MCP_WRITES: "true", TASK_POLL_QUICK_MS: "10" };

interface Vm {
  readonly id: string;
  readonly name: string;
}

async function someVms(gateway: TestGateway): Promise<readonly [Vm, Vm]> {
  const { vms } = await gateway.data<{ vms: { nodes: Vm[] } }>(
    '{ vms(filter: {name: {startsWith: "web-"}}, first: 2) { nodes { id name } } }',
  );
  return vms.nodes as [Vm, Vm];
}

/** Calls that changed something. */
function writesOf(gateway: TestGateway): readonly string[] {
  return gateway.simulator.calls.all.map(({ endpoint }) => endpoint).filter((endpoint) => !endpoint.startsWith("get-"));
}

test("an agent takes a snapshot, finds it again, rolls back to it, builds a VM from it, and deletes it", async () => {
  const gateway = await startGateway({ env: WRITES });
  const agent = await connectAgent(gateway);
  const [vm] = await someVms(gateway);
  const named = { vmId: vm.id, vmName: vm.name };
  type Created = { data: { createVmSnapshot: { created: boolean; snapshot: { id: string } } } };

  const first = await agent.call<Created>("create_vm_snapshot", { ...named, snapshotName: "before-upgrade" });
  gateway.simulator.advance(60_000);
  const again = await agent.call<Created>("create_vm_snapshot", {
    ...named,
    snapshotName: "before-upgrade",
    waitSeconds: 5,
  });

  const { id } = first.value.data.createVmSnapshot.snapshot;
  expect(first).toMatchObject({
    isError: false,
    value: { data: { createVmSnapshot: { created: true, name: "before-upgrade", errors: [] } } },
  });
  expect(again.value.data.createVmSnapshot).toMatchObject({ created: false, snapshot: { id }, ready: true });

  const snapshot = { snapshotId: id, snapshotName: "before-upgrade" };
  const rebuilt = await agent.call("rebuild_vm_from_snapshot", { ...named, ...snapshot, newVmName: "web-copy" });
  gateway.simulator.advance(600_000);
  const rolledBack = await agent.call("rollback_vm", { ...named, ...snapshot });
  gateway.simulator.advance(600_000);
  const deleted = await agent.call("delete_vm_snapshots", { ...named, snapshots: [{ id, name: "before-upgrade" }] });

  expect(rebuilt).toMatchObject({
    isError: false,
    value: { data: { rebuildVmFromSnapshot: { task: { id: expect.any(String) }, errors: [] } } },
  });
  expect(rolledBack).toMatchObject({
    isError: false,
    value: { data: { rollbackVm: { task: { id: expect.any(String) }, errors: [] } } },
  });
  expect(deleted).toMatchObject({
    isError: false,
    value: { data: { deleteVmSnapshots: { results: [{ task: { id: expect.any(String) }, errors: [] }], errors: [] } } },
  });
});

test("nothing is written unless VM and snapshots have the names that the agent gives", async () => {
  const gateway = await startGateway({ env: WRITES });
  const agent = await connectAgent(gateway);
  const [vm, other] = await someVms(gateway);
  const created = await gateway.data<{ createVmSnapshot: { snapshot: { id: string } } }>(
    `mutation { createVmSnapshot(input: {vmId: "${other.id}", name: "of-other"}) { snapshot { id } } }`,
  );
  const snapshotId = created.createVmSnapshot.snapshot.id;
  gateway.simulator.advance(60_000);
  gateway.simulator.calls.clear();
  const named = { vmId: vm.id, vmName: vm.name };
  const cases: [tool: string, args: Record<string, unknown>, message: RegExp][] = [
    ["create_vm_snapshot", { vmId: vm.id, vmName: other.name, snapshotName: "s" }, /does not have the name/],
    ["create_vm_snapshot", { vmId: vm.id, vmName: `${vm.name} `, snapshotName: "s" }, /does not have the name/],
    ["create_vm_snapshot", { vmId: "Vm:gone", vmName: vm.name, snapshotName: "s" }, /There is no VM "Vm:gone"/],
    ["create_vm_snapshot", { vmId: snapshotId, vmName: "of-other", snapshotName: "s" }, /Not the id of a VM/],
    ["create_vm_snapshot", { vmId: vm.id.slice(3), vmName: vm.name, snapshotName: "s" }, /Not a global id/],
    [
      "delete_vm_snapshots",
      { ...named, snapshots: [{ id: snapshotId, name: "of-other" }] },
      /not known to be one of the VM/,
    ],
    [
      "delete_vm_snapshots",
      { vmId: other.id, vmName: other.name, snapshots: [{ id: snapshotId, name: "nightly" }] },
      /does not have the name "nightly"/,
    ],
    ["rollback_vm", { ...named, snapshotId, snapshotName: "of-other" }, /not known to be one of the VM/],
    [
      "rollback_vm",
      { vmId: other.id, vmName: vm.name, snapshotId, snapshotName: "of-other" },
      /does not have the name/,
    ],
    [
      "rebuild_vm_from_snapshot",
      { vmId: other.id, vmName: other.name, snapshotId, snapshotName: "x", newVmName: "y" },
      /does not have the name "x"/,
    ],
  ];
  for (const [tool, args, message] of cases) {
    const { isError, value } = await agent.call<{ errors: { message: string; code: string }[] }>(tool, args);
    expect(isError, tool).toBe(true);
    expect(value.errors[0]?.message, tool).toMatch(message);
    expect(value.errors[0]?.message).not.toContain(`"${other.name === args.vmName ? vm.name : other.name}"`);
  }
  gateway.simulator.faults.add({ operation: "get-vms", times: 10, effect: { kind: "status", status: 500 } });
  const unread = await agent.call<{ errors: { message: string }[] }>("create_vm_snapshot", {
    ...named,
    snapshotName: "s",
  });
  const incomplete = await agent.call("delete_vm_snapshots", { vmId: vm.id, snapshots: [{ id: snapshotId }] });

  expect(unread.value.errors[0]?.message).toMatch(/Nothing was written, since the names could not be compared\.$/);
  expect(incomplete).toMatchObject({ isError: true, text: expect.stringMatching(/vmName/) });
  expect(writesOf(gateway)).toEqual([]);
});

test("what CloudTower refuses is an error of the tool, with its code", async () => {
  const gateway = await startGateway({ env: WRITES });
  const agent = await connectAgent(gateway);
  const [vm] = await someVms(gateway);
  gateway.simulator.faults.add({ operation: "create-vm-snapshot", effect: { kind: "status", status: 403 } });

  const { isError, value } = await agent.call("create_vm_snapshot", {
    vmId: vm.id,
    vmName: vm.name,
    snapshotName: "s",
  });

  expect(isError).toBe(true);
  expect(value).toMatchObject({
    data: { createVmSnapshot: { created: false, errors: [{ code: "PERMISSION_DENIED" }] } },
  });
});

test("what was written is told at any length, and nothing else", () => {
  const value = { results: Array(50).fill({ task: { id: "Task:cl2k9x0a0" } }) };

  expect(shown({ value, isWritten: true }, 1024)).toEqual({
    content: [{ type: "text", text: JSON.stringify(value) }],
    isError: false,
  });
  expect(shown({ value }, 1024)).toMatchObject({
    content: [{ text: expect.stringContaining("QUERY_TOO_EXPENSIVE") }],
    isError: true,
  });
});

test("without MCP_WRITES there are no tools that write", async () => {
  const gateway = await startGateway({ env: { MCP: "true" } });
  const agent = await connectAgent(gateway);
  const { tools } = await agent.client.listTools();

  expect(tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)).toEqual([]);
  await expect(agent.call("delete_vm_snapshots")).rejects.toThrow(/Unknown tool "delete_vm_snapshots"/);
});

test("a tool beyond the role of the key is neither listed nor run, and reads nothing", async () => {
  const roles = ["read", "snapshot"].map((role) => ({ name: `key-of-${role}`, role }));
  const gateway = await startGateway({ env: { ...WRITES, ...clientsFile(roles).env } });
  const listed = async (key: string) => {
    const { tools } = await (await connectAgent(gateway, { authorization: key })).client.listTools();
    return tools.filter(({ annotations }) => annotations?.readOnlyHint !== true).map(({ name }) => name);
  };
  const agent = await connectAgent(gateway, { authorization: "key-of-read" });
  const snapshots = [{ id: "VmSnapshot:a", name: "a" }];
  const args = { vmId: "Vm:a", vmName: "a", snapshotId: "VmSnapshot:a", snapshotName: "a", newVmName: "b", snapshots };
  gateway.simulator.calls.clear();

  const tools = ["create_vm_snapshot", "delete_vm_snapshots", "rollback_vm", "rebuild_vm_from_snapshot"];
  for (const tool of tools) {
    expect(await agent.call(tool, args), tool).toMatchObject({
      isError: true,
      value: { errors: [{ code: "FORBIDDEN", requestId: expect.any(String), message: expect.stringContaining(tool) }] },
    });
  }
  expect(gateway.simulator.calls.all).toEqual([]);
  expect(await listed("key-of-read")).toEqual([]);
  expect(await listed("key-of-snapshot")).toEqual(["create_vm_snapshot"]);
});
