import { expect, test } from "vitest";
import { Client } from "./support/client.js";

const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

test("rows are ordered by id by default, and pages have no gap or overlap", async () => {
  const client = await Client.open();
  const all = ids(await client.list("Vm", "vms"));
  expect(all).toEqual([...all].sort());
  const walked: string[] = [];
  for (let after: string | undefined; walked.length < all.length; after = walked.at(-1)) {
    walked.push(...ids(await client.list("Vm", "vms", { first: 7, after })));
  }
  expect(walked).toEqual(all);
});

test("an order breaks ties by id, and cursors follow it", async () => {
  const client = await Client.open();
  const rows = await client.list("Vm", "vms", { orderBy: "status_DESC" });
  const expected = [...rows].sort((a, b) =>
    a.status === b.status ? (a.id < b.id ? -1 : 1) : (a.status ?? "") < (b.status ?? "") ? 1 : -1,
  );
  expect(ids(rows)).toEqual(ids(expected));
  const page = await client.list("Vm", "vms", { orderBy: "status_DESC", after: rows[9]?.id, first: 5 });
  expect(ids(page)).toEqual(ids(rows).slice(10, 15));
});

test("null is the largest value of an order", async () => {
  const client = await Client.open();
  const up = await client.list("Vm", "vms", { orderBy: "max_iops_ASC" });
  expect(up.at(-1)?.max_iops).toBeNull();
  const down = await client.list("Vm", "vms", { orderBy: "max_iops_DESC" });
  expect(down[0]?.max_iops).toBeNull();
});

test("last, before and skip page from the end", async () => {
  const client = await Client.open();
  const all = ids(await client.list("Vm", "vms"));
  expect(ids(await client.list("Vm", "vms", { last: 3 }))).toEqual(all.slice(-3));
  expect(ids(await client.list("Vm", "vms", { last: 3, skip: 2 }))).toEqual(all.slice(-5, -2));
  expect(ids(await client.list("Vm", "vms", { last: 2, before: all[10] }))).toEqual(all.slice(8, 10));
  expect(ids(await client.list("Vm", "vms", { first: 2, skip: 5 }))).toEqual(all.slice(5, 7));
  expect(await client.list("Vm", "vms", { first: 0 })).toEqual([]);
});

test("a cursor whose row was deleted gives an empty page, not an error", async () => {
  const client = await Client.open();
  const [vm] = await client.list("Vm", "vms", { first: 1 });
  client.simulator.control.remove("Vm", vm?.id ?? "");
  expect(await client.list("Vm", "vms", { after: vm?.id, first: 10 })).toEqual([]);
});

test("a connection returns only the count of the filter", async () => {
  const client = await Client.open();
  const stopped = await client.list("Vm", "vms", { where: { status: "STOPPED" } });
  const connection = await client.post("get-vms-connection", { where: { status: "STOPPED" } });
  expect(connection).toEqual({ aggregate: { count: stopped.length } });
});

test.each([
  [{ first: -1 }, "first must not be negative, got -1"],
  [{ first: 1.5 }, "first must be an integer, got 1.5"],
  [{ first: 1, last: 1 }, "first and last cannot be used together"],
  [{ orderBy: "name" }, 'orderBy must be <field>_ASC or <field>_DESC of Vm, got "name"'],
  [{ orderBy: "cluster_ASC" }, 'orderBy must be <field>_ASC or <field>_DESC of Vm, got "cluster_ASC"'],
  [{ after: 5 }, "after must be the id of a row, got 5"],
  [{ limit: 5 }, "limit is not allowed in the body"],
  [[], "the body must be an object, got an array"],
])("refuses %j", async (body, message) => {
  const client = await Client.open({ vms: 1 });
  expect(await client.refused("get-vms", body)).toMatchObject({
    status: 400,
    message: expect.stringContaining(message),
  });
});
