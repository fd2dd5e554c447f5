import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";

interface Found {
  readonly kind: string;
  readonly node: { readonly id: string; readonly name?: string };
  readonly matches: readonly { readonly field: string; readonly value: string | null }[];
}

const SEARCH = `query ($text: String!, $kinds: [SearchKind!], $first: Int! = 10) {
  search(text: $text, kinds: $kinds, first: $first) { kind node { id ... on Vm { name } } matches { field value } }
}`;

async function search(gateway: TestGateway, text: string, options: { kinds?: string[]; first?: number } = {}) {
  return (await gateway.data<{ search: Found[] }>(SEARCH, { text, ...options })).search;
}

async function startWithTexts(apiVersion?: string) {
  const gateway = await startGateway({ simulator: { vms: 12, ...(apiVersion && { apiVersion }) } });
  const { control } = gateway.simulator;
  const [vm, other, third] = control.rows("Vm", { in_recycle_bin: false }) as { id: string; cluster: { id: string } }[];
  const [host] = control.rows("Host") as { id: string }[];
  if (vm === undefined || other === undefined || third === undefined || host === undefined)
    throw new Error("too few rows");
  control.patch("Vm", vm.id, { name: "Zebra-01", ips: "10.99.7.1,10.99.7.2", hostname: "zebra.example" });
  control.patch("Vm", other.id, { name: "100%_done", hostname: "MixedCase" });
  control.patch("Host", host.id, { name: "zebra-host", serial: "SN-ZEBRA-77" });
  const label = control.insert("Label", { key: "zebra-team", value: "backup" }) as unknown as { id: string } | string;
  control.patch("Vm", third.id, { labels: [typeof label === "string" ? label : label.id] });
  // CloudTower's version is read once, since not every version has each column.
  await search(gateway, "warm up", { kinds: ["VM"] });
  return { gateway, vm: `Vm:${vm.id}`, other: `Vm:${other.id}`, third: `Vm:${third.id}`, host: `Host:${host.id}` };
}

test("finds by name, address, host name, serial number, label and id, and says why, with one call for each kind", async () => {
  const { gateway, vm, third, host } = await startWithTexts();
  const { calls } = gateway.simulator;
  calls.clear();

  const found = await search(gateway, "zebra");

  expect(Object.values(calls.counts)).toEqual(Array(11).fill(1));
  expect(found.map(({ kind, node, matches }) => [kind, node.id, matches])).toEqual(
    expect.arrayContaining([
      [
        "VM",
        vm,
        [
          { field: "name", value: "Zebra-01" },
          { field: "hostname", value: "zebra.example" },
        ],
      ],
      ["VM", third, [{ field: "labels", value: "zebra-team: backup" }]],
      [
        "HOST",
        host,
        [
          { field: "name", value: "zebra-host" },
          { field: "serial", value: "SN-ZEBRA-77" },
        ],
      ],
      ["LABEL", expect.stringMatching(/^Label:/), [{ field: "key", value: "zebra-team" }]],
    ]),
  );
  expect(found).toHaveLength(4);
  expect(await search(gateway, "10.99.7.2")).toMatchObject([{ node: { id: vm }, matches: [{ field: "ips" }] }]);
  calls.clear();
  for (const id of [vm, vm.replace("Vm:", "")]) {
    expect(await search(gateway, id, { kinds: ["VM", "VM"] })).toMatchObject([
      { kind: "VM", node: { id: vm }, matches: [{ field: "cloudTowerId", value: vm.replace("Vm:", "") }] },
    ]);
  }
  expect(calls.counts).toEqual({ "get-vms": 2 });
});

test("special characters are literal, and case is ignored as far as the description says", async () => {
  const { gateway, other } = await startWithTexts();

  expect(await search(gateway, "100%_")).toMatchObject([{ node: { id: other } }]);
  for (const text of ["%", "_", "100%d", ".*", "\\", "'", '"']) {
    const found = await search(gateway, text);
    for (const { matches } of found) {
      expect(matches.length, text).toBeGreaterThan(0);
      for (const { value } of matches) expect(value?.toLowerCase()).toContain(text);
    }
  }
  // Not an id, although it begins like one.
  gateway.simulator.control.patch("Vm", other.replace("Vm:", ""), { name: "Vm: restored" });
  for (const text of ["Vm: restored", "Vm:"]) {
    expect(await search(gateway, text)).toMatchObject([{ node: { id: other }, matches: [{ field: "name" }] }]);
  }
  expect(await search(gateway, "ZEBRA", { kinds: ["HOST"] })).toHaveLength(1);
  expect(await search(gateway, "MixedCase", { kinds: ["VM"] })).toHaveLength(1);
  expect(await search(gateway, "mixedcase", { kinds: ["VM"] })).toHaveLength(0);
});

test("what is selected of the objects is loaded for all of them together", async () => {
  const { gateway } = await startWithTexts();
  const { calls } = gateway.simulator;
  calls.clear();
  const query = `{ search(text: "a", kinds: [VM], first: 50) { node { ... on Vm { name host { status } disks { volume { name sizeBytes } } } } } }`;

  const { search: found } = await gateway.data<{ search: { node: { disks: object[] } }[] }>(query);

  expect(found.length).toBeGreaterThan(3);
  expect(calls.counts).toEqual({ "get-vms": 1, "get-hosts": 1, "get-vm-disks": 1, "get-vm-volumes": 1 });
});

test("a kind that fails is an error in its place, and the others are shown", async () => {
  const { gateway, vm } = await startWithTexts();
  gateway.simulator.faults.add({ operation: "get-hosts", effect: { kind: "status", status: 403 } });

  const { data, errors } = await gateway.query<{ search: (Found | null)[] }>(SEARCH, {
    text: "zebra",
    kinds: ["VM", "HOST"],
  });

  expect(errors).toMatchObject([{ path: ["search", 2], extensions: { code: "FORBIDDEN" } }]);
  expect(data?.search).toMatchObject([{ node: { id: vm } }, {}, null]);
});

test("labels are found in a version whose rows do not name them", async () => {
  const { gateway, third } = await startWithTexts("3.4.4");

  expect(await search(gateway, "zebra-team", { kinds: ["VM"] })).toMatchObject([
    { node: { id: third }, matches: [{ field: "labels", value: null }] },
  ]);
});

test("a search is bounded and priced", async () => {
  const { gateway } = await startWithTexts();
  gateway.simulator.calls.clear();
  for (const variables of [
    { text: "" },
    { text: "  " },
    { text: "x".repeat(101) },
    { text: "a", first: 0 },
    { text: "a", first: 101 },
  ]) {
    const { errors } = await gateway.query(SEARCH, variables);
    expect(errors?.[0]?.extensions?.code, JSON.stringify(variables)).toBe("BAD_USER_INPUT");
  }
  const many = Array.from({ length: 60 }, (_, at) => `a${at}: search(text: "a") { kind }`).join(" ");
  expect((await gateway.query(`{ ${many} }`)).errors?.[0]?.extensions?.code).toBe("QUERY_TOO_EXPENSIVE");
  expect(gateway.simulator.calls.counts).toEqual({});
});

test.each([
  ["", 'got "" (0 characters).'],
  [" ", 'got " " (1 character).'],
  ["\u3000 ", 'got "\u3000 " (2 characters).'],
  ["x".repeat(300), "(300 characters)."],
])("a text of %j is refused with the text and its length", async (text, message) => {
  const gateway = await startGateway();
  const { errors } = await gateway.query("query ($text: String!) { search(text: $text) { __typename } }", { text });
  expect(errors).toMatchObject([{ message: expect.stringContaining(message), extensions: { code: "BAD_USER_INPUT" } }]);
});
