import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { PageOfVmsDocument, type PageOfVmsQueryVariables } from "./generated.js";

/** Pages forward through the list and returns the names on each page. */
async function pages(gateway: TestGateway, variables: PageOfVmsQueryVariables): Promise<string[][]> {
  const names: string[][] = [];
  for (let after: string | null | undefined; ; ) {
    const { vms } = await gateway.data(PageOfVmsDocument, { ...variables, after });
    names.push(vms?.edges.map(({ node }) => node.name) ?? []);
    if (!vms?.pageInfo.hasNextPage) return names;
    after = vms.pageInfo.endCursor;
  }
}

test("pages have each VM once, and the total count", async () => {
  const gateway = await startGateway();
  const { vms } = await gateway.data(PageOfVmsDocument, { first: 15 });

  const rows = gateway.simulator.control.rows("Vm", { in_recycle_bin: false });
  expect(vms?.totalCount).toBe(rows.length);
  const names = await pages(gateway, { first: 15 });
  expect(names.map((page) => page.length)).toEqual([15, 15, rows.length - 30]);
  expect(names.flat().toSorted()).toEqual(rows.map((vm) => vm.name).toSorted());
});

test("pages in descending order of memory continue after many equal values", async () => {
  const gateway = await startGateway();

  const orderBy = { field: "MEMORY_BYTES", direction: "DESC" } as const;
  const { vms: all } = await gateway.data(PageOfVmsDocument, { first: 40, orderBy });
  const memory = all?.edges.map(({ node }) => node.memoryBytes ?? 0) ?? [];

  expect(memory).toEqual(memory.toSorted((a, b) => b - a));
  expect(new Set(memory).size).toBeLessThan(memory.length);
  expect((await pages(gateway, { first: 7, orderBy })).flat()).toEqual(all?.edges.map(({ node }) => node.name));
});

test("a page continues after its cursor when the VM there was deleted", async () => {
  const gateway = await startGateway();
  const { vms: all } = await gateway.data(PageOfVmsDocument, { first: 20 });
  const { vms: first } = await gateway.data(PageOfVmsDocument, { first: 10 });
  gateway.simulator.control.remove("Vm", first?.edges.at(-1)?.node.id.replace("Vm:", "") ?? "");

  const { vms: next } = await gateway.data(PageOfVmsDocument, { first: 10, after: first?.pageInfo.endCursor });

  expect(next?.edges.map(({ node }) => node.id)).toEqual(all?.edges.slice(10).map(({ node }) => node.id));
});

test("last and before give the previous page, in list order", async () => {
  const gateway = await startGateway();
  const { vms: all } = await gateway.data(PageOfVmsDocument, { first: 40 });
  const ids = all?.edges.map(({ node }) => node.id) ?? [];

  const { vms: end } = await gateway.data(PageOfVmsDocument, { last: 5 });
  const { vms: before } = await gateway.data(PageOfVmsDocument, { last: 5, before: end?.pageInfo.startCursor });

  expect(end?.edges.map(({ node }) => node.id)).toEqual(ids.slice(-5));
  expect(before?.edges.map(({ node }) => node.id)).toEqual(ids.slice(-10, -5));
  expect(before?.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: true });
});

test("a filter narrows both the page and the total", async () => {
  const gateway = await startGateway();

  const filter = { name: { startsWith: "web-" }, status: { in: ["RUNNING" as const] } };
  const { vms } = await gateway.data(PageOfVmsDocument, { first: 50, filter });

  const expected = gateway.simulator.control.rows("Vm", { name_starts_with: "web-", status: "RUNNING" });
  expect(vms?.totalCount).toBe(expected.length);
  expect(vms?.edges.map(({ node }) => node.name)).toEqual(expected.map((vm) => vm.name));
});
