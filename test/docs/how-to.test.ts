import { buildSchema, parse, validate } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ChangedSource } from "./support/changed-source.js";
import { codeBlocks, readPage } from "./support/pages.js";

const RESOURCE = "docs/adding-a-resource.md";
const RELATION = "docs/how-to/add-a-relation.md";
const MUTATION = "docs/how-to/add-a-mutation.md";
const SUBSCRIPTION = "docs/how-to/add-a-subscription.md";
const SETTING = "docs/how-to/add-a-setting.md";
const PAGES = [RESOURCE, RELATION, MUTATION, SUBSCRIPTION, SETTING];

/** VM of the README, which is running in the simulator's data. */
const VM_ID = "Vm:clre5s001002y0822q6q4nsi9";

let source: ChangedSource;
let schema: string;
let url: string;

beforeAll(async () => {
  source = new ChangedSource();
  for (const page of PAGES) source.apply(page);
  await source.compile();
  [schema, url] = await Promise.all([source.schema(), source.start()]);
}, 60_000);

afterAll(() => source.remove());

interface Result {
  readonly data: Record<string, unknown>;
  readonly errors?: readonly object[];
  readonly extensions?: { readonly upstream: { readonly calls: number } };
}

/** Sends an operation of a page to the changed gateway. */
async function send(query: string, to = url): Promise<Result> {
  const headers = { "content-type": "application/json", "x-towerql-cost": "1" };
  const response = await fetch(to, { method: "POST", headers, body: JSON.stringify({ query }) });
  return (await response.json()) as Result;
}

/** The first event of a subscription, over server-sent events. */
async function firstEvent(query: string): Promise<unknown> {
  const headers = { "content-type": "application/json", accept: "text/event-stream" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query }) });
  let text = "";
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    const event = /^event: (\w+)\ndata: ?(.*)\n\n/m.exec(text);
    if (event !== null) return event[1] === "next" ? JSON.parse(event[2] ?? "") : event[1];
  }
  return undefined;
}

function operationOf(page: string): string {
  return codeBlocks(readPage(page), "graphql")[0] ?? "";
}

/** A virtual switch of the simulator's data. */
const VDS = {
  ...{ name: "vds-vm", vlanCount: 3 },
  vlans: { nodes: Array.from({ length: 3 }, () => ({ onSwitch: { name: "vds-vm" } })) },
};

test("the resource is in the schema in both directions, and can be listed", async () => {
  expect(schema).toMatch(/^type VirtualSwitch implements Node \{[^}]*?\n {2}\): VlanConnection\n/m);
  expect(schema).toMatch(/^type Vlan implements Node \{[^}]*?\n {2}onSwitch: VirtualSwitch\n/m);
  expect(await send(operationOf(RESOURCE))).toMatchObject({
    data: { virtualSwitches: { nodes: [VDS, VDS, VDS, VDS] } },
    extensions: { upstream: { calls: 2 } },
  });
});

test("the relation leads to the volumes of all VMs with two calls", async () => {
  const { data, extensions } = await send(operationOf(RELATION));
  const { nodes } = (data as { vms: { nodes: { name: string; volumes: { name: string }[] }[] } }).vms;

  expect(nodes).toHaveLength(20);
  expect(
    nodes
      .find(({ name }) => name === "web-prod-01")
      ?.volumes.map(({ name }) => name)
      .sort(),
  ).toEqual(["web-prod-01-1", "web-prod-01-2"]);
  expect(extensions?.upstream.calls).toBe(1 + 2);
});

describe("the mutation", () => {
  test("does nothing to a VM that is off", async () => {
    const off = "{ vms(first: 1, filter: { status: { eq: STOPPED }, inRecycleBin: { eq: false } }) { nodes { id } } }";
    const { vms } = (await send(off)).data as { vms: { nodes: { id: string }[] } };
    const id = vms.nodes[0]?.id ?? "";
    const { data, errors } = await send(operationOf(MUTATION).replace(VM_ID, id));

    expect(errors).toBeUndefined();
    expect(data).toEqual({ shutDownVm: { vm: { id }, task: null, errors: [] } });
  });

  test("shuts down a VM that is running, and the subscription reports its task", async () => {
    const { shutDownVm } = (await send(operationOf(MUTATION))).data as { shutDownVm: { task: { id: string } } };
    expect(shutDownVm).toMatchObject({ task: { id: expect.stringMatching(/^Task:/) }, errors: [] });

    const event = await firstEvent(operationOf(SUBSCRIPTION));
    expect(event).toMatchObject({ data: { vmTasksProgress: { id: shutDownVm.task.id } } });
  });

  test("reports a VM that does not exist", async () => {
    const { data } = await send(operationOf(MUTATION).replace(VM_ID, "Vm:gone"));

    expect(data).toMatchObject({ shutDownVm: { task: null, errors: [{ code: "VM_NOT_FOUND" }] } });
  });
});

test("the subscription completes immediately if no task is open", async () => {
  const idle = "{ vms(first: 1, filter: { status: { eq: STOPPED }, inRecycleBin: { eq: false } }) { nodes { id } } }";
  const { vms } = (await send(idle)).data as { vms: { nodes: { id: string }[] } };
  const [vm] = vms.nodes;
  expect(await firstEvent(operationOf(SUBSCRIPTION).replace(VM_ID, vm?.id ?? ""))).toBe("complete");
});

test("the setting changes the simulator's data", async () => {
  const ids = (of: Result) => (of.data as { vms: { nodes: { id: string }[] } }).vms.nodes.map(({ id }) => id);
  const query = "{ vms(first: 3) { nodes { id } } }";
  const other = await source.start({ SIMULATOR_SEED: "7" });

  expect(ids(await send(query, other))).not.toEqual(ids(await send(query)));
});

test.each(PAGES)("%s shows only operations that the changed schema accepts", (page) => {
  for (const operation of codeBlocks(readPage(page), "graphql")) {
    expect(validate(buildSchema(schema), parse(operation)), operation).toEqual([]);
  }
});
