import { expect, test } from "vitest";
import { type Backup, startBackup } from "./support/backup.js";
import { groupOf } from "./support/groups.js";

const MALFORMED = ["", "Vm:", "VmSnapshot:", "IscsiLun:cl2k9x0a0", "a b", "Vm:x' OR 1", "Vm:a:b", "-".repeat(200)];
const NONE = "cl0000000000000000000none";
const ERRORS = "errors { code message ... on InvalidIdError { inputId } ... on RepeatedIdError { inputId } }";
const CREATE_MANY = `mutation ($input: CreateVmSnapshotsInput!) { createVmSnapshots(input: $input) { errors { code }
  results { inputId created vm { id } snapshot { id } ${ERRORS} } } }`;
const DELETE = `mutation ($ids: [ID!]!) { deleteVmSnapshots(input: { ids: $ids }) { errors { code }
  results { inputId task { id } vm { id } snapshot { id } ${ERRORS} } } }`;

interface Item {
  readonly inputId: string;
  readonly created?: boolean;
  readonly vm: { readonly id: string } | null;
  readonly snapshot: { readonly id: string } | null;
  readonly errors: readonly { readonly code: string; readonly message: string; readonly inputId?: string }[];
}

function snapshotsOf(backup: Backup, vmName: string): string[] {
  return backup.simulator.control.rows("VmSnapshot", { vm: { id: backup.vmId(vmName) } }).map(({ id }) => String(id));
}

async function itemsOf(backup: Backup, query: string, variables: object): Promise<readonly Item[]> {
  const data = await backup.data<Record<string, { errors: unknown[]; results: Item[] }>>(query, variables as never);
  const [payload] = Object.values(data);
  expect(payload?.errors).toEqual([]);
  return payload?.results ?? [];
}

/** The outcome of each item: `done`, or the code of its error. */
function outcomes(items: readonly Item[]): [string, string][] {
  return items.map(({ inputId, errors }) => [inputId, errors[0]?.code ?? "done"]);
}

test("in a batch of creations, bad items fail for themselves, in the place of their input", async () => {
  const backup = await startBackup();
  const [good, other] = [backup.vmId("web-prod-01"), backup.vmId("appliance")];
  const inputs: [string, string][] = [
    ...MALFORMED.map((id): [string, string] => [id, "INVALID_ID"]),
    [`Vm:${good}`, "done"],
    [NONE, "VM_NOT_FOUND"],
    [good, "REPEATED_ID"],
    [other, "done"],
    [`Vm:${NONE}`, "REPEATED_ID"],
    ["", "INVALID_ID"],
  ];
  const snapshots = inputs.map(([vmId], index) => ({ vmId, name: `n${index % 2}` }));

  const items = await itemsOf(backup, CREATE_MANY, { input: { snapshots } });

  expect(outcomes(items)).toEqual(inputs);
  for (const { inputId, vm, snapshot, created, errors } of items) {
    const code = errors[0]?.code ?? "done";
    expect(vm, inputId).toEqual(
      inputId.includes(good) ? { id: `Vm:${good}` } : inputId === other ? { id: `Vm:${other}` } : null,
    );
    expect({ created, hasSnapshot: snapshot !== null }).toEqual({
      created: code === "done",
      hasSnapshot: code === "done",
    });
    if (/_ID$/.test(code)) expect(errors[0]).toMatchObject({ inputId });
    expect(errors[0]?.message.length ?? 0).toBeLessThan(200);
  }
  expect(backup.simulator.calls.count("create-vm-snapshot")).toBe(1);
  // Its settings cannot be used: that is the item's failure, too.
  const bad = { vmId: backup.vmId("dev-sandbox"), name: "s", consistency: "UNKNOWN" };
  const mixed = await itemsOf(backup, CREATE_MANY, {
    input: { snapshots: [bad, { vmId: backup.vmId("legacy-billing"), name: "s" }] },
  });
  expect(outcomes(mixed).map(([, outcome]) => outcome)).toEqual(["INVALID_INPUT", "done"]);
});

test("in a batch of deletions, bad items fail for themselves, and a repeated id is deleted once", async () => {
  const backup = await startBackup();
  const [first = "", second = ""] = snapshotsOf(backup, "web-prod-01");
  const inputs: [string, string][] = [
    ...MALFORMED.map((id): [string, string] => [id, "INVALID_ID"]),
    [first, "done"],
    [`VmSnapshot:${first}`, "REPEATED_ID"],
    [NONE, "SNAPSHOT_NOT_FOUND"],
    [`VmSnapshot:${second}`, "done"],
    [second, "REPEATED_ID"],
  ];

  const items = await itemsOf(backup, DELETE, { ids: inputs.map(([id]) => id) });

  expect(outcomes(items)).toEqual(inputs);
  const vm = { id: `Vm:${backup.vmId("web-prod-01")}` };
  expect(items.slice(MALFORMED.length)).toMatchObject([
    { vm, snapshot: { id: `VmSnapshot:${first}` } },
    { vm, snapshot: { id: `VmSnapshot:${first}` } },
    { vm: null, snapshot: null },
    { vm, snapshot: { id: `VmSnapshot:${second}` } },
    { vm, snapshot: { id: `VmSnapshot:${second}` } },
  ]);
  expect(backup.simulator.calls.of("delete-vm-snapshot").map(({ body }) => body)).toEqual([
    { where: { id_in: [first, second] } },
  ]);
});

test("in a batch of deletions of group snapshots, too", async () => {
  const backup = await startBackup();
  const { groupId, monday, tuesday } = groupOf(backup);
  const foreign = snapshotsOf(backup, "web-prod-01")[0] ?? "";
  const inputs: [string, string][] = [
    ...MALFORMED.map((id): [string, string] => [id, "INVALID_ID"]),
    [`VmSnapshot:${foreign}`, "INVALID_ID"],
    [foreign, "CONSISTENCY_GROUP_SNAPSHOT_NOT_FOUND"],
    [`ConsistencyGroupSnapshot:${monday}`, "done"],
    [monday, "REPEATED_ID"],
    [tuesday, "done"],
  ];
  const DELETE_GROUPS = DELETE.replace(
    "deleteVmSnapshots(input: {",
    "deleteConsistencyGroupSnapshots(input: { keepMemberSnapshots: true,",
  ).replace("vm {", "vm: consistencyGroup {");

  const items = await itemsOf(backup, DELETE_GROUPS, { ids: inputs.map(([id]) => id) });

  expect(outcomes(items)).toEqual(inputs);
  const vm = { id: `ConsistencyGroup:${groupId}` };
  expect(items.slice(-4)).toMatchObject([
    { vm: null, snapshot: null },
    { vm, snapshot: { id: `ConsistencyGroupSnapshot:${monday}` } },
    { vm, snapshot: { id: `ConsistencyGroupSnapshot:${monday}` } },
    { vm, snapshot: { id: `ConsistencyGroupSnapshot:${tuesday}` } },
  ]);
  expect(backup.simulator.calls.of("delete-consistency-snapshot-group").map(({ body }) => body)).toEqual([
    { where: { id_in: [monday, tuesday] }, data: { remain_volume_snapshot: true } },
  ]);
});

test("a batch of bad ids alone, and a malformed id of a single mutation, are typed errors without an upstream call", async () => {
  const backup = await startBackup();
  backup.simulator.calls.clear();
  const singles = `mutation ($id: ID!) {
    createVmSnapshot(input: { vmId: $id }) { vm { id } ${ERRORS} }
    rollbackVm(input: { vmId: $id, snapshotId: $id }) { vm { id } snapshot { id } task { id } ${ERRORS} }
    rebuildVmFromSnapshot(input: { snapshotId: $id, name: "n" }) { vm { id } snapshot { id } task { id } ${ERRORS} }
    createConsistencyGroupSnapshot(input: { consistencyGroupId: $id }) { vm: consistencyGroup { id } ${ERRORS} }
    rollbackConsistencyGroup(input: { consistencyGroupId: $id, snapshotId: $id }) {
      vm: consistencyGroup { id } snapshot { id } ${ERRORS} }
    startVm(input: { vmId: $id }) { vm { id } task { id } ${ERRORS} }
    powerOffVm(input: { vmId: $id }) { vm { id } task { id } ${ERRORS} }
    restoreDisk(input: { snapshotId: $id, disk: "d", name: "n", to: { attachTo: { vmId: $id } } }) { vm { id } snapshot { id } task { id } ${ERRORS} }
  }`;
  for (const id of MALFORMED) {
    const data = await backup.data<Record<string, Item>>(singles, { id });
    for (const [name, { vm, errors }] of Object.entries(data)) {
      expect({ vm, codes: new Set(errors.map(({ code }) => code)) }, name).toEqual({
        vm: null,
        codes: new Set(["INVALID_ID"]),
      });
      expect(errors[0]?.inputId).toBe(id);
    }
  }
  const items = [
    ...(await itemsOf(backup, DELETE, { ids: MALFORMED })),
    ...(await itemsOf(backup, CREATE_MANY, { input: { snapshots: MALFORMED.map((vmId) => ({ vmId })) } })),
  ];
  expect(new Set(outcomes(items).map(([, outcome]) => outcome))).toEqual(new Set(["INVALID_ID"]));
  expect(backup.simulator.calls.count()).toBe(0);
});

test("the objects of a payload cost no call for their ids, and one list for all items for more", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const vmNames = ["web-prod-01", "数据库主节点", "appliance"];
  const create = (name: string, selection: string) =>
    backup.data<{ createVmSnapshots: { results: { vm: Record<string, unknown> }[] } }>(
      `mutation ($input: CreateVmSnapshotsInput!) { createVmSnapshots(input: $input) { results { ${selection} } } }`,
      { input: { snapshots: vmNames.map((vm) => ({ vmId: backup.vmId(vm), name })) } },
    );
  const callsOf = async (name: string, selection: string) => {
    backup.simulator.calls.clear();
    const { createVmSnapshots } = await create(name, selection);
    return { results: createVmSnapshots.results, calls: backup.simulator.calls.all.map(({ endpoint }) => endpoint) };
  };

  const bare = await callsOf("a", "created");
  const ids = await callsOf("b", "created vm { __typename id cloudTowerId }");
  const more = await callsOf("c", "created vm { id name snapshots(first: 1) { nodes { name } } }");

  expect(ids.calls).toEqual(bare.calls);
  expect(ids.results.map(({ vm }) => vm.cloudTowerId)).toEqual(vmNames.map((name) => backup.vmId(name)));
  expect(more.calls).toEqual([...bare.calls, "get-vms", "get-vm-snapshots"]);
  expect(more.results.map(({ vm }) => vm.name)).toEqual(vmNames);
});

test("errors lead to the objects that they name", async () => {
  const backup = await startBackup();
  const [vmId, owner] = [backup.vmId("web-prod-01"), backup.vmId("数据库主节点")];
  const [foreign = ""] = snapshotsOf(backup, "数据库主节点");
  await backup.create({ vmId, name: "s" });
  const busy = groupOf(backup);
  backup.simulator.control.patch("ConsistencyGroup", busy.groupId, { entityAsyncStatus: "UPDATING" });

  const data = await backup.data(
    `mutation ($vmId: ID!, $snapshotId: ID!) {
      locked: createVmSnapshot(input: { vmId: $vmId, name: "t" }) { errors { ... on ResourceLockedError {
        lockedResources { type cloudTowerId vm { name } volume { id } snapshot { id } } } } }
      another: rollbackVm(input: { vmId: $vmId, snapshotId: $snapshotId }) { vm { name } snapshot { vm { name } }
        errors { ... on SnapshotOfAnotherVmError { snapshot { id } ownerVm { id name } } } }
      unknown: rollbackVm(input: { vmId: "${NONE}", snapshotId: $snapshotId }) { vm { id } snapshot { id }
        errors { ... on VmNotFoundError { cloudTowerId } } }
      group: createConsistencyGroupSnapshot(input: { consistencyGroupId: "${busy.groupId}", name: "t" }) {
        consistencyGroup { name } errors { ... on ResourceLockedError {
          lockedResources { consistencyGroup { name } consistencyGroupSnapshot { id } } } } }
      gone: rebuildVmFromSnapshot(input: { snapshotId: "${NONE}", name: "n" }) { vm { id } snapshot { id }
        errors { ... on SnapshotNotFoundError { cloudTowerId } } }
    }`,
    { vmId, snapshotId: foreign },
  );

  const snapshot = { id: `VmSnapshot:${foreign}` };
  const none = { vm: null, snapshot: null, errors: [{ cloudTowerId: NONE }] };
  expect(data).toEqual({
    locked: {
      errors: [
        {
          lockedResources: [
            { type: "VM", cloudTowerId: vmId, vm: { name: "web-prod-01" }, volume: null, snapshot: null },
          ],
        },
      ],
    },
    another: {
      vm: { name: "web-prod-01" },
      snapshot: { vm: { name: "数据库主节点" } },
      errors: [{ snapshot, ownerVm: { id: `Vm:${owner}`, name: "数据库主节点" } }],
    },
    unknown: { ...none, snapshot },
    group: {
      consistencyGroup: { name: "ora-group" },
      errors: [{ lockedResources: [{ consistencyGroup: { name: "ora-group" }, consistencyGroupSnapshot: null }] }],
    },
    gone: none,
  });
});

test("an object that cannot be read hides nothing of what was written", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 }, env: { UPSTREAM_READ_ATTEMPTS: "1" } });
  const input = { vmId: backup.vmId("web-prod-01"), name: "s" };
  backup.simulator.faults.add({ operation: "get-vms", skip: 1, effect: { kind: "status", status: 500 } });

  const result = await backup.query(
    "mutation ($input: CreateVmSnapshotInput!) { createVmSnapshot(input: $input) { created vm { name } snapshot { name } errors { code } } }",
    { input },
  );

  expect(result).toMatchObject({
    data: { createVmSnapshot: { created: true, vm: null, snapshot: { name: "s" }, errors: [] } },
    errors: [{ path: ["createVmSnapshot", "vm"] }],
  });
});
