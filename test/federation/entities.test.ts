import { getNamedType } from "graphql";
import { describe, expect, test } from "vitest";
import { nodeKinds } from "../../src/schema/query.js";
import { fullSchema } from "../../src/schema/schema.js";
import { startGateway, type TestGateway } from "../support/gateway.js";

const FEDERATION = { FEDERATION: "true" };
const QUERY = (selection: string) =>
  `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`;

interface Reference {
  readonly __typename: string;
  readonly id: string;
}

/** References to objects of all types. */
async function someReferences(gateway: TestGateway): Promise<readonly Reference[]> {
  const lists = Object.values(fullSchema().schema.getQueryType()?.getFields() ?? {}).filter(({ type }) =>
    getNamedType(type).name.endsWith("Connection"),
  );
  const data = await gateway.data<Record<string, { nodes: (Reference & { storageVolume?: Reference })[] }>>(
    `{ ${lists.map(({ name }) => `${name}(first: 40) { nodes { __typename id } }`).join(" ")}
       volumes: iscsiLuns(first: 40) { nodes { __typename id storageVolume { __typename id } } } }`,
  );
  const { volumes, ...listed } = data;
  const storageVolumes = volumes?.nodes.flatMap(({ storageVolume }) => storageVolume ?? []) ?? [];
  return [...Object.values(listed).flatMap(({ nodes }) => nodes), ...storageVolumes];
}

/** Sends `_entities` and records the calls to CloudTower that it makes. */
async function find(gateway: TestGateway, representations: readonly unknown[], selection: string, headers = {}) {
  gateway.simulator.calls.clear();
  const result = await gateway.query<{ _entities: unknown[] }>(QUERY(selection), { representations }, headers);
  return { ...result, counts: { ...gateway.simulator.calls.counts } };
}

describe("what _entities costs", () => {
  test("1,000 references to the objects of any type cost the calls of one list", async () => {
    const gateway = await startGateway({ simulator: { vms: 8 }, env: FEDERATION });
    const references = await someReferences(gateway);
    for (const { resource } of nodeKinds()) {
      const { typename } = resource;
      const known = references.filter(({ __typename }) => __typename === typename);
      expect(known.length, `references to a ${typename}`).toBeGreaterThan(0);
      const gone = Array.from({ length: 1_000 - known.length }, (_, index) => `${typename}:gone${index}`);
      const representations = [...known, ...gone.map((id) => ({ __typename: typename, id }))];

      const { data, errors, counts } = await find(gateway, representations, `... on ${typename} { __typename id }`);

      expect(errors).toBeUndefined();
      expect(data?._entities, typename).toEqual([...known, ...gone.map(() => null)]);
      // As everywhere, the ids of a list are sent by five hundred. CloudTower has no list of ZBS volumes, but four in which they may be.
      expect(Object.values(counts), typename).toEqual(Array(typename === "StorageVolume" ? 4 : 1).fill(2));
    }
  }, 60_000);

  test("what is selected below them is loaded as below a list, for all types side by side", async () => {
    const gateway = await startGateway({ simulator: { vms: 30 }, env: FEDERATION });
    const { vms, hosts } = await gateway.data<Record<"vms" | "hosts", { nodes: Reference[] }>>(
      "{ vms { nodes { __typename id } } hosts { nodes { __typename id } } }",
    );
    const representations = vms.nodes.flatMap((vm, index) => [vm, hosts.nodes[index] ?? vm]);

    const { data, errors, counts } = await find(
      gateway,
      representations,
      "__typename ... on Vm { name disks { volume { lun { storageVolume { zbsId } } } } } ... on Host { cluster { version } }",
    );

    expect(errors).toBeUndefined();
    expect(data?._entities.map((entity) => (entity as Reference).__typename)).toEqual(
      representations.map(({ __typename }) => __typename),
    );
    expect(counts).toEqual({
      "get-vms": 1,
      "get-vm-disks": 1,
      "get-vm-volumes": 1,
      "get-iscsi-luns": 1,
      "get-hosts": 1,
      "get-clusters": 1,
    });
  });
});

describe("representations that lead to nothing", () => {
  test("each is null with its own error; the others are found", async () => {
    const gateway = await startGateway({ env: FEDERATION });
    const vm = (await someReferences(gateway)).find(({ __typename }) => __typename === "Vm");
    const wrong: [unknown, RegExp][] = [
      [{ __typename: "Invoice", id: "Invoice:1" }, /^Not an entity of this subgraph: "Invoice"\.$/],
      [{ __typename: "PageInfo", id: "PageInfo:1" }, /^Not an entity of this subgraph: "PageInfo"\.$/],
      [{ __typename: "constructor", id: "constructor:1" }, /^Not an entity/],
      [{ __typename: "Vm", id: "Cluster:cl1" }, /^Not the id of a Vm, but of a "Cluster": "Cluster:cl1"\.$/],
      [{ __typename: "Vm", id: "cl1" }, /^Not a global id such as "Vm:cl2k9x0a0": "cl1"\.$/],
      [{ __typename: "Vm", id: "Vm:a b" }, /^Not a global id/],
      [{ __typename: "Vm", id: 7 }, /must have the key "id", a text such as "Vm:cl2k9x0a0"/],
      [{ __typename: "Vm", name: "web-prod-01" }, /must have the key "id"/],
      [JSON.parse('{"__typename": "Vm", "__proto__": {"id": "Vm:cl1"}}'), /must have the key "id"/],
      [{ id: vm?.id }, /must be an object with "__typename"/],
      [vm?.id, /must be an object with "__typename"/],
      [[vm], /must be an object with "__typename"/],
    ];
    const representations = wrong.flatMap(([representation]) => [vm, representation]);

    const { data, errors = [], counts } = await find(gateway, representations, "... on Vm { __typename id }");

    expect(data?._entities).toEqual(wrong.flatMap(() => [vm, null]));
    expect(errors.map(({ path, extensions }) => [path, extensions?.code])).toEqual(
      wrong.map((_, index) => [["_entities", 2 * index + 1], "BAD_USER_INPUT"]),
    );
    for (const [index, [, message]] of wrong.entries()) expect(errors[index]?.message).toMatch(message);
    expect(counts).toEqual({ "get-vms": 1 });
  });

  test("a call that fails concerns the objects of its own type alone, with _entities as with nodes", async () => {
    const gateway = await startGateway({ env: FEDERATION });
    const references = await someReferences(gateway);
    const [vm, host] = ["Vm", "Host"].map((name) => references.find(({ __typename }) => __typename === name));
    gateway.simulator.faults.add({ operation: "get-hosts", effect: { kind: "status", status: 500 } });

    const entities = await find(gateway, [host, vm, host], "... on Node { __typename id }");
    const { data, errors = [] } = await gateway.query("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", {
      ids: [host?.id, vm?.id],
    });

    expect(entities.data).toEqual({ _entities: [null, vm, null] });
    expect(entities.errors?.map(({ path, extensions }) => [path, extensions?.code])).toEqual([
      [["_entities", 0], "UPSTREAM_ERROR"],
      [["_entities", 2], "UPSTREAM_ERROR"],
    ]);
    expect(data).toEqual({ nodes: [null, vm] });
    expect(errors.map(({ path }) => path)).toEqual([["nodes", 0]]);
  });
});

describe("who may use _entities", () => {
  test("each caller finds what CloudTower shows to its own credential", async () => {
    const gateway = await startGateway({ env: FEDERATION });
    const vms = (await someReferences(gateway)).filter(({ __typename }) => __typename === "Vm");
    const authorization = gateway.simulator.users[1]?.token ?? "";
    const { vms: visible } = await gateway.data<{ vms: { nodes: Reference[] } }>(
      "{ vms(first: 100) { nodes { __typename id } } }",
      {},
      { authorization },
    );

    const { data, errors } = await find(gateway, vms, "... on Vm { __typename id }", { authorization });

    expect(errors).toBeUndefined();
    const ids = new Set(visible.nodes.map(({ id }) => id));
    expect(data?._entities).toEqual(vms.map((vm) => (ids.has(vm.id) ? vm : null)));
    expect(data?._entities).toContain(null);
  });

  test("without a credential only the schema can be read", async () => {
    const gateway = await startGateway({ env: FEDERATION });
    const anonymous = { authorization: "" };
    const both = "{ _service { sdl } _entities(representations: []) { __typename } }";

    const sdl = await gateway.query<{ _service: { sdl: string } }>("{ _service { sdl } }", {}, anonymous);
    const entities = await gateway.query(both, {}, anonymous);

    expect(sdl.data?._service.sdl).toContain('type Vm implements Node @key(fields: "id") {');
    expect(entities.errors?.[0]?.extensions?.code).toBe("UNAUTHENTICATED");
    expect(gateway.simulator.calls.all).toEqual([]);
  });

  test("the schema costs as much as its length in objects", async () => {
    const gateway = await startGateway({ env: { ...FEDERATION, MAX_OPERATION_OBJECTS: "6000" } });
    const times = (count: number) =>
      gateway.query(`{ ${Array.from({ length: count }, (_, n) => `s${n}: _service { sdl }`).join(" ")} }`);

    expect((await times(2)).errors).toBeUndefined();
    expect((await times(3)).errors?.[0]?.extensions).toMatchObject({
      code: "QUERY_TOO_EXPENSIVE",
      cost: { calls: 0, objects: 7_500 },
    });
  });

  test("nobody can read the schema if introspection is off", async () => {
    const gateway = await startGateway({ env: { ...FEDERATION, INTROSPECTION: "false" } });

    const { data, errors } = await gateway.query("{ _service { sdl } }");

    expect(data).toBeNull();
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining("INTROSPECTION is off"),
      extensions: { code: "FORBIDDEN" },
    });
  });

  test("without FEDERATION there are no such fields", async () => {
    const gateway = await startGateway();
    const { errors } = await gateway.query("{ _service { sdl } _entities(representations: []) { __typename } }");

    expect(errors?.map(({ message }) => message)).toEqual([
      expect.stringMatching(/Cannot query field "_service" on type "Query"/),
      expect.stringMatching(/Cannot query field "_entities" on type "Query"/),
    ]);
  });
});

describe("limits", () => {
  const vm = { __typename: "Vm", id: "Vm:cl1" };
  const references = (count: number) => Array.from({ length: count }, (_, index) => ({ ...vm, id: `Vm:cl${index}` }));

  test.each([
    ["1,001 references", {}, references(1_001), "... on Vm { id }", /List too long: at most 1000 items, got 1001/],
    ["a long text", {}, [{ ...vm, note: "x".repeat(200_000) }], "... on Vm { id }", /String too long: at most/],
    [
      "more calls than an operation may make",
      { MAX_OPERATION_CALLS: "3" },
      [{ __typename: "StorageVolume", id: "StorageVolume:1" }],
      "... on StorageVolume { id }",
      /Too many calls to CloudTower: at most 3, got 4/,
    ],
    [
      "more objects than a result may have",
      { MAX_OPERATION_OBJECTS: "1000" },
      references(20),
      "... on Vm { snapshots(first: 100) { nodes { name } } }",
      /Result too large: at most 1000 objects, got up to 20\d\d/,
    ],
  ])("%s are refused before any call", async (_case, env, representations, selection, message) => {
    const gateway = await startGateway({ env: { ...FEDERATION, ...env } });

    const { data, errors, counts } = await find(gateway, representations, selection);

    expect(data).toBeUndefined();
    expect(errors?.[0]?.message).toMatch(message);
    expect(counts).toEqual({});
  });

  test("references in the document count like those in variables", async () => {
    const gateway = await startGateway({ env: { ...FEDERATION, MAX_LIST_LENGTH: "2" } });
    const literal = (count: number) => Array(count).fill('{__typename: "Vm", id: $id}').join(", ");
    const query = (count: number) =>
      `query ($id: ID!) { _entities(representations: [${literal(count)}]) { ... on Vm { id } } }`;
    const vms = (await someReferences(gateway)).filter(({ __typename }) => __typename === "Vm");
    const id = vms[0]?.id;

    expect(await gateway.query(query(2), { id })).toEqual({ data: { _entities: [{ id }, { id }] } });
    expect((await gateway.query(query(3), { id })).errors?.[0]?.message).toMatch(
      /List too long: at most 2 items, got 3/,
    );
  });
});
