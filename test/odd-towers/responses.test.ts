import { expect, test } from "vitest";
import { create, createMany, remove } from "./support/mutations.js";
import { type Answer, type OddTower, startOver, startTower } from "./support/odd-tower.js";

type Items = ReturnType<OddTower["write"]>;
const UNKNOWN_FOR_LONG = [{ code: "WRITE_OUTCOME_UNKNOWN", retryAfterSeconds: expect.any(Number) }];

/** Writes are done, and their responses changed. */
function respondWith(tower: OddTower, operation: string, change: (items: Items) => unknown[], only = Number.MAX_VALUE) {
  tower.intercept = (endpoint, body): Answer | undefined => {
    if (endpoint !== operation) return undefined;
    const data = (body.data as unknown[] | undefined)?.slice(0, only);
    return { body: change(tower.write(endpoint, { ...body, data })) };
  };
}

test("of a batch whose response leaves an item out, the others are matched, and that one stays in doubt", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const vmIds = ["a", "b", "c"].map((name) => tower.addVm(name));
  respondWith(tower, "create-vm-snapshot", (items) => items.toReversed(), 2);

  const results = await createMany(
    gateway,
    vmIds.map((vmId) => ({ vmId, name: "s" })),
  );

  expect(results).toMatchObject([{ created: true }, { created: true }, { created: false, errors: UNKNOWN_FOR_LONG }]);
  expect(results[2]?.errors[0]?.retryAfterSeconds).toBeGreaterThan(100);
  const again = await createMany(
    gateway,
    vmIds.map((vmId) => ({ vmId, name: "s" })),
  );
  expect(again).toMatchObject([{ errors: [] }, { errors: [] }, { snapshot: null, errors: UNKNOWN_FOR_LONG }]);
  expect(tower.count("create-vm-snapshot")).toBe(1);
});

test("nothing is said to be created by a response with fewer items, while it cannot be matched", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const vmIds = ["a", "b"].map((name) => tower.addVm(name));
  respondWith(tower, "create-vm-snapshot", (items) => items, 1);
  tower.shows = (entity) => entity !== "vm-snapshots";

  for (let count = 0; count < 2; count += 1) {
    const results = await createMany(
      gateway,
      vmIds.map((vmId) => ({ vmId, name: "s" })),
    );
    for (const result of results)
      expect(result).toMatchObject({ created: false, snapshot: null, errors: UNKNOWN_FOR_LONG });
  }
  tower.shows = () => true;
  const found = await createMany(
    gateway,
    vmIds.map((vmId) => ({ vmId, name: "s" })),
  );
  expect(found).toMatchObject([
    { snapshot: {}, errors: [] },
    { snapshot: null, errors: UNKNOWN_FOR_LONG },
  ]);
});

test("an item without an id hides none of the others, and its own snapshot is found", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const vmIds = ["a", "b", "c"].map((name) => tower.addVm(name));
  respondWith(tower, "create-vm-snapshot", ([first, ...rest]) => [
    { task_id: first?.task_id, data: null },
    null,
    ...rest,
  ]);

  const results = await createMany(
    gateway,
    vmIds.map((vmId) => ({ vmId, name: "s" })),
  );

  const ids = vmIds.map((vmId) => tower.rows["vm-snapshots"]?.find(({ vm }) => (vm as { id: string }).id === vmId)?.id);
  expect(results.map(({ snapshot }) => snapshot?.cloudTowerId)).toEqual(ids);
  expect(results).toMatchObject([{ errors: [] }, { created: true, errors: [] }, { created: true, errors: [] }]);
});

test("of a response with more items than were requested, the VM's own is taken", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const [vmId, other] = [tower.addVm("a"), tower.addVm("b")];
  const foreign = tower.addSnapshot(other, "s");
  respondWith(tower, "create-vm-snapshot", (items) => [{ task_id: null, data: { id: foreign } }, ...items]);

  const outcome = await create(gateway, { vmId, name: "s" });

  expect(outcome).toMatchObject({ created: true, errors: [] });
  expect(outcome.snapshot?.cloudTowerId).toBe(tower.rows["vm-snapshots"]?.at(-1)?.id);
});

test("a deletion that the response does not name is looked for", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const vmId = tower.addVm("a");
  const [first, second] = [tower.addSnapshot(vmId, "s"), tower.addSnapshot(vmId, "t")];
  respondWith(tower, "delete-vm-snapshot", (items) => items.slice(0, 1));

  expect(await remove(gateway, [first, second])).toMatchObject([{ errors: [] }, { errors: [] }]);
});

test("a row that is odd in any column does not hide the snapshot's id", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const vmId = tower.addVm("a");
  const odd = [null, 7, "", {}, [], true, { a: [null] }];
  const columns = ["name", "description", "consistent_type", "entityAsyncStatus", "size", "vcpu", "cpu", "memory"];
  const more = ["firmware", "ha", "clock_offset", "win_opt", "local_id", "local_created_at", "labels", "vm_disks"];
  const nested = ["vm_nics", "cluster", "io_policy", "max_iops", "vm"];
  const selection = "cloudTowerId id name description consistency asyncStatus sizeBytes clockOffset firmware createdAt";
  let count = 0;
  for (const value of odd) {
    tower.snapshotFields = Object.fromEntries([...columns, ...more, ...nested].map((column) => [column, value]));
    tower.intercept = (endpoint, body) => {
      if (endpoint !== "create-vm-snapshot") return undefined;
      const response = { body: tower.write(endpoint, body) };
      Object.assign(tower.rows["vm-snapshots"]?.at(-1) ?? {}, tower.snapshotFields);
      return response;
    };
    count += 1;
    const result = (await gateway.send(
      `mutation { createVmSnapshot(input: { vmId: "${vmId}", name: "s${count}" }) {
        created snapshot { ${selection} labels { key } vm { name } disks { index } } } }`,
    )) as { data: { createVmSnapshot: { created: boolean; snapshot: { cloudTowerId: string } | null } } };

    const { created, snapshot } = result.data.createVmSnapshot;
    expect({ created, id: snapshot?.cloudTowerId }).toEqual({
      created: true,
      id: tower.rows["vm-snapshots"]?.at(-1)?.id,
    });
  }
});

test.each([
  [
    "late",
    400,
    [
      { created: true, errors: [] },
      { created: false, errors: UNKNOWN_FOR_LONG },
    ],
    1,
  ],
  ["not at all", 400, [{ created: true }, { errors: [{ code: "UPSTREAM_REJECTED" }] }], 3],
  ["not at all", 403, [{ created: true }, { errors: [{ code: "PERMISSION_DENIED" }] }], 3],
  [
    "late",
    403,
    [
      { created: true, errors: [] },
      { created: false, errors: UNKNOWN_FOR_LONG },
    ],
    1,
  ],
])(
  "of a batch that was refused because of one VM, and whose other snapshot shows %s: %i",
  async (when, status, expected, calls) => {
    const { tower, url } = await startTower();
    const gateway = await startOver(url);
    const [good, bad] = [tower.addVm("a"), tower.addVm("b")];
    const since = performance.now();
    tower.taskFields = (_, item) => ({ args: item, user: { id: "me" } });
    tower.shows = (entity) => entity === "vms" || performance.now() - since > 500;
    tower.intercept = (endpoint, body) => {
      const items = (body.data ?? []) as { vm_id: string }[];
      if (endpoint !== "create-vm-snapshot" || !items.some(({ vm_id }) => vm_id === bad)) return undefined;
      if (when === "late") tower.write(endpoint, { data: items.filter(({ vm_id }) => vm_id !== bad) });
      return { status, body: { message: "no" } };
    };

    const snapshots = [good, bad].map((vmId) => ({ vmId, name: "s" }));
    const results = await createMany(gateway, snapshots);

    expect(results).toMatchObject(expected);
    expect(tower.count("create-vm-snapshot")).toBe(calls);
    expect(tower.rows["vm-snapshots"]).toHaveLength(1);
  },
);
