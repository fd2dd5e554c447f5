import { expect, test } from "vitest";
import { type UpstreamWrites, WriteTargets } from "../../src/upstream/write-targets.js";
import { startBackup } from "./support/backup.js";
import { groupOf } from "./support/groups.js";

const DELETE =
  "mutation($ids: [ID!]!) { deleteVmSnapshots(input: {ids: $ids}) { results { errors { code } } errors { code } } }";
const ROLLBACK = "mutation($vm: ID!, $s: ID!) { rollbackVm(input: {vmId: $vm, snapshotId: $s}) { errors { code } } }";
const DELETE_GROUPS = `mutation($ids: [ID!]!) { deleteConsistencyGroupSnapshots(input: {ids: $ids, keepMemberSnapshots: false}) {
  results { errors { code } } errors { code } } }`;
const ROLLBACK_GROUP = `mutation($group: ID!, $s: ID!) {
  rollbackConsistencyGroup(input: {consistencyGroupId: $group, snapshotId: $s}) { errors { code } } }`;

type Refusal = { readonly errors: readonly { readonly code: string }[] };

const garbage: readonly unknown[] = [
  [],
  null,
  undefined,
  [null],
  [""],
  [" "],
  ["*"],
  [[]],
  [{}],
  [{ id_not: "x" }],
  ["VmSnapshot:"],
  ["VmSnapshot:a:b"],
  ["Vm:cl2k9x0a0"],
  ["x".repeat(200)],
  "",
  {},
];

test("no empty or malformed list of ids causes an upstream write", async () => {
  const backup = await startBackup();
  const before = backup.simulator.control.rows("VmSnapshot").length;
  const { groupId, monday } = groupOf(backup);

  const lists = garbage.flatMap((ids) => [DELETE, DELETE_GROUPS].map((query) => ({ ids, query })));
  for (const { ids, query } of lists) {
    const { data, errors } = await backup.query<Record<string, Refusal & { results: Refusal[] }>>(query, { ids });
    const [payload] = Object.values(data ?? {});
    const refusals = [...(payload?.errors ?? []), ...(payload?.results ?? []).map((item) => item.errors[0])];
    const codes = new Set(refusals.map((error) => error?.code));
    expect(errors?.[0]?.extensions?.code ?? [...codes].join(), JSON.stringify(ids)).toMatch(
      /^(BAD_USER_INPUT|INVALID_INPUT|INVALID_ID)$/,
    );
  }
  for (const id of ["", " ", "*", "{}", "Vm:", "VmSnapshot:"]) {
    const { rollbackVm } = await backup.data<{ rollbackVm: Refusal }>(ROLLBACK, { vm: id, s: id });
    expect(rollbackVm.errors[0]?.code, id).toBe("INVALID_ID");
    for (const variables of [
      { group: groupId, s: id },
      { group: id, s: monday },
    ]) {
      const data = await backup.data<{ rollbackConsistencyGroup: Refusal }>(ROLLBACK_GROUP, variables);
      expect(data.rollbackConsistencyGroup.errors, id).toEqual([{ code: "INVALID_ID" }]);
    }
  }

  const single = `mutation($id: ID!) { startVm(input: {vmId: $id}) { errors { code } } powerOffVm(input: {vmId: $id}) { errors { code } }
    attach: restoreDisk(input: {snapshotId: "a", disk: "b", name: "n", to: {attachTo: {vmId: $id}}}) { errors { code } }
    replace: restoreDisk(input: {snapshotId: "a", disk: "b", name: "n", to: {replace: {vmId: $id, volumeId: $id}}}) { errors { code } } }`;
  for (const id of ["", " ", "*", "{}", "Vm:", "VmSnapshot:"]) {
    const payloads = await backup.data<Record<string, Refusal>>(single, { id });
    for (const { errors } of Object.values(payloads)) expect(errors[0]?.code, id).toBe("INVALID_ID");
  }
  for (const write of ["start-vm", "poweroff-vm", "rebuild-vm-volume", "add-vm-disk", "remove-vm-disk"]) {
    expect(backup.writes(write)).toBe(0);
  }
  expect(backup.writes("delete-vm-snapshot")).toBe(0);
  expect(backup.writes("rollback-vm")).toBe(0);
  expect(backup.writes("rollback-consistency-snapshot-group")).toBe(0);
  expect(backup.writes("delete-consistency-snapshot-group")).toBe(0);
  expect(backup.simulator.control.rows("VmSnapshot")).toHaveLength(before);
});

test("the where of an upstream write has only ids", async () => {
  const backup = await startBackup();
  const [row] = backup.simulator.control.rows("VmSnapshot", { vm: { id: backup.vmId("web-prod-01") } });
  await backup.query(ROLLBACK, { vm: backup.vmId("web-prod-01"), s: row?.id });
  backup.simulator.advance(10_000);
  await backup.query(DELETE, { ids: [row?.id] });

  expect(backup.simulator.calls.of("rollback-vm").map(({ body }) => body)).toEqual([
    { where: { id_in: [backup.vmId("web-prod-01")] }, data: { snapshot_id: row?.id } },
  ]);
  expect(backup.simulator.calls.of("delete-vm-snapshot").map(({ body }) => body)).toEqual([
    { where: { id_in: [row?.id] } },
  ]);
});

test("write targets need at least one id, and only ids", () => {
  for (const ids of garbage)
    expect(() => WriteTargets.of(ids as never), JSON.stringify(ids)).toThrow(/targets of a write must be/);
  expect(WriteTargets.of(["a", "b", "a"]).where).toEqual({ id_in: ["a", "b"] });
  // @ts-expect-error: an arbitrary filter is not a set of targets.
  const free: WriteTargets = { ids: ["a"], where: {} };
  expect(free).toBeDefined();
  const wheres: UpstreamWrites["delete-vm-snapshot"][] = [
    // @ts-expect-error: nor is it the body of a write.
    { where: {} },
    // @ts-expect-error: not even if it has ids.
    { where: { id_in: ["a"] } },
    { where: WriteTargets.of(["a"]).where },
  ];
  expect(wheres).toHaveLength(3);
});
