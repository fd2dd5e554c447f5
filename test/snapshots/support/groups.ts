import { type Backup, ERRORS, type ErrorItem } from "./backup.js";

interface Named {
  readonly cloudTowerId: string;
}

/** An error item, with what those of consistency groups have in addition. */
export type GroupError = ErrorItem & {
  readonly vms?: readonly { readonly name: string; readonly status: string }[];
  readonly ownerGroup?: Named | null;
};

/** Result of a write on a consistency group. */
export interface GroupResult {
  readonly inputId?: string;
  readonly consistencyGroup: Named | null;
  readonly snapshot: Named | null;
  readonly task: (Named & { readonly status: string; readonly resourceMutation: string }) | null;
  readonly errors: readonly GroupError[];
}

/** Result of `createConsistencyGroupSnapshot`. */
export interface CreatedGroupSnapshot extends GroupResult {
  readonly created: boolean;
  readonly ready: boolean | null;
  readonly missing: readonly string[];
  readonly name: string;
  readonly duplicates: readonly Named[];
}

const ALL_ERRORS = ERRORS.replace(
  "{ __typename",
  `{ __typename ... on ConsistencyGroupInUseError { vms { name status } }
    ... on SnapshotOfAnotherConsistencyGroupError { ownerGroup { cloudTowerId } }`,
);
const RESULT = `consistencyGroup { cloudTowerId } snapshot { cloudTowerId } task { cloudTowerId status resourceMutation } ${ALL_ERRORS}`;
const CREATE = `mutation ($input: CreateConsistencyGroupSnapshotInput!) { createConsistencyGroupSnapshot(input: $input) {
  created ready missing name duplicates { cloudTowerId } ${RESULT} } }`;
const ROLLBACK = `mutation ($input: RollbackConsistencyGroupInput!) { rollbackConsistencyGroup(input: $input) { ${RESULT} } }`;
const DELETE = `mutation ($input: DeleteConsistencyGroupSnapshotsInput!) { deleteConsistencyGroupSnapshots(input: $input) {
  results { inputId ${RESULT} } ${ALL_ERRORS} } }`;

/** Creates a snapshot of a consistency group. */
export async function createGroup(backup: Backup, input: object): Promise<CreatedGroupSnapshot> {
  const data = await backup.data<{ createConsistencyGroupSnapshot: CreatedGroupSnapshot }>(CREATE, { input });
  return data.createConsistencyGroupSnapshot;
}

/** Rolls a consistency group back. */
export async function rollBackGroup(backup: Backup, input: object): Promise<GroupResult> {
  return (await backup.data<{ rollbackConsistencyGroup: GroupResult }>(ROLLBACK, { input })).rollbackConsistencyGroup;
}

/** Deletes snapshots of consistency groups, by default with those of their members. */
export async function removeGroups(
  backup: Backup,
  input: object,
): Promise<{ readonly results: readonly GroupResult[]; readonly errors: readonly GroupError[] }> {
  type Payload = { results: readonly GroupResult[]; errors: readonly GroupError[] };
  const variables = { input: { keepMemberSnapshots: false, ...input } };
  return (await backup.data<{ deleteConsistencyGroupSnapshots: Payload }>(DELETE, variables))
    .deleteConsistencyGroupSnapshots;
}

/** The consistency group of the inventory, and its two snapshots. */
export function groupOf({ simulator }: Backup) {
  const { control } = simulator;
  const groupId = String(control.rows("ConsistencyGroup")[0]?.id);
  const [monday = "", tuesday = ""] = control
    .rows("ConsistencyGroupSnapshot", { consistency_group: { id: groupId } })
    .map(({ id }) => String(id));
  return { groupId, monday, tuesday };
}

/** Number of snapshots that a group has upstream under a name. */
export function groupSnapshotsNamed({ simulator }: Backup, groupId: string, name: string): number {
  return simulator.control.rows("ConsistencyGroupSnapshot", { consistency_group: { id: groupId }, name }).length;
}

/** Puts a LUN of a VM into a group. @returns the VM's id. */
export function addMemberOf(backup: Backup, vmName: string, groupId: string): string {
  const { control } = backup.simulator;
  const vmId = backup.vmId(vmName);
  const [volume] = control.rows("VmVolume", { vm_disks_some: { vm: { id: vmId } }, lun: { id_not: "none" } });
  const { lun } = volume as unknown as { lun: { id: string } };
  control.patch("IscsiLun", lun.id, { consistency_group: groupId });
  return vmId;
}
