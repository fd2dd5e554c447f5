import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

const ODD: readonly unknown[] = [null, 5, "text", [], {}, { id: null }, { id: "" }, { id: 7, name: "a number as id" }];

/** What must never be shown of such a row. */
const INVENTED = /undefined|:null"|:7"|"[A-Z][A-Za-z]+:"|a number as id|"name":""/;

async function start() {
  const gateway = await startGateway({ spoilsAnswers: true, env: { UPSTREAM_READ_ATTEMPTS: "1" } });
  const { faults, control } = gateway.simulator;
  return {
    gateway,
    control,
    /** Sends a query to a CloudTower that sends an odd row in the list of an endpoint. */
    async send(operation: string, row: unknown, query: string, variables?: Record<string, unknown>) {
      faults.clear();
      faults.add({ operation, effect: { kind: "odd-row", row } });
      const result = await gateway.query<Record<string, never>>(query, variables);
      faults.clear();
      const text = JSON.stringify(result.data);
      expect(text, `${operation}: ${JSON.stringify(row)}`).not.toMatch(INVENTED);
      return result as {
        data: Record<string, unknown>;
        errors?: { message: string; path: unknown[]; extensions: object }[];
      };
    },
  };
}

function messageOf(entity: string, endpoint: string): string {
  return `CloudTower sent a ${entity} that is not an object with an id (${endpoint}).`;
}

test("a list with a row that is no object with an id is an error that names it, and the other lists are shown", async () => {
  const { send } = await start();
  const orders = [
    "",
    "orderBy: {field: NAME}",
    "orderBy: {field: STATUS}",
    "orderBy: {field: HOSTNAME, direction: DESC}",
  ];
  for (const [at, row] of ODD.entries()) {
    const query = `{ vms(first: 3 ${orders[at % orders.length]}) { nodes { id name } } hosts(first: 1) { nodes { id name } } }`;
    const { data, errors } = await send("get-vms", row, query);

    expect(errors, JSON.stringify(row)).toMatchObject([
      { path: ["vms"], message: messageOf("Vm", "get-vms"), extensions: { code: "UPSTREAM_ERROR" } },
    ]);
    expect(data).toMatchObject({ vms: null, hosts: { nodes: [{ name: expect.any(String) }] } });
  }
});

test("lists below objects with such a row are errors, and the objects themselves are shown", async () => {
  const { send } = await start();
  const query = `{ clusters(first: 2) { nodes { name vms(first: 2) { nodes { id name } } } }
    vms(first: 2) { nodes { name disks { id key } snapshots(first: 2) { nodes { id name } } labels { id key createdAt } } } }`;
  const lists: [string, string][] = [
    ["Vm", "get-vms"],
    ["VmDisk", "get-vm-disks"],
    ["VmSnapshot", "get-vm-snapshots"],
  ];
  for (const [at, row] of ODD.entries()) {
    const [entity, endpoint] = lists[at % lists.length] as [string, string];
    const { data, errors = [] } = await send(endpoint, row, query);

    expect(errors.length, `${endpoint}: ${JSON.stringify(row)}`).toBeGreaterThan(0);
    for (const error of errors) expect(error.message).toBe(messageOf(entity, endpoint));
    expect((data.clusters as { nodes: { name: string }[] }).nodes[0]?.name).not.toBe("");
  }
});

test("an object that such a row may have been is an error; those whose rows came are shown", async () => {
  const { send, control } = await start();
  const [first, second] = control
    .rows("Vm")
    .map(({ id }) => `Vm:${id}`)
    .toSorted();
  const query = `query ($ids: [ID!]!) {
    nodes(ids: $ids) { id ... on Vm { host { id status } cluster { ip } disks { volume { id sizeBytes } } } }
  }`;
  for (const row of ODD) {
    const { data, errors } = await send("get-vms", row, query, { ids: [first, second] });
    expect(errors).toMatchObject([{ path: ["nodes", 0], message: messageOf("Vm", "get-vms") }]);
    expect(data.nodes).toMatchObject([null, { id: second }]);
  }
  for (const [entity, endpoint] of [
    ["Host", "get-hosts"],
    ["VmVolume", "get-vm-volumes"],
  ] as const) {
    const { data, errors = [] } = await send(
      endpoint,
      null,
      "{ vms(first: 20) { nodes { id host { id status } disks { volume { id sizeBytes } } } } }",
    );
    expect(new Set(errors.map(({ message }) => message))).toEqual(new Set([messageOf(entity, endpoint)]));
    type Node = { host: object | null; disks: { volume: object | null }[] };
    const { nodes } = data.vms as { nodes: Node[] };
    const values = nodes.flatMap((vm) => (entity === "Host" ? [vm.host] : vm.disks.map(({ volume }) => volume)));
    expect(values.some((value) => value !== null)).toBe(true);
  }
});

test("a stub without an id is no object", async () => {
  const { send, control } = await start();
  const [vm] = control.rows("Vm");
  const { data, errors = [] } = await send(
    "get-vms",
    { ...vm, labels: [null], host: { name: "nameless" } },
    "{ vms(first: 1) { nodes { name host { id name } labels { id } } } }",
  );

  expect(errors.length).toBeGreaterThan(0);
  expect(JSON.stringify(data)).not.toContain("nameless");
});
