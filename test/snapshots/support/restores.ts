import { type Backup, ERRORS, type ErrorItem } from "./backup.js";

/** Result of a rollback or a rebuild. */
export interface Restored {
  readonly vm: { readonly cloudTowerId: string } | null;
  readonly task: { readonly cloudTowerId: string; readonly status: string } | null;
  readonly errors: readonly ErrorItem[];
}

const RESULT = `vm { cloudTowerId } task { cloudTowerId status } ${ERRORS}`;
const ROLLBACK = `mutation($input: RollbackVmInput!) { rollbackVm(input: $input) { ${RESULT} } }`;
const REBUILD = `mutation($input: RebuildVmFromSnapshotInput!) { rebuildVmFromSnapshot(input: $input) { ${RESULT} } }`;
const DELETE = `mutation($input: DeleteVmSnapshotsInput!) { deleteVmSnapshots(input: $input) {
  results { inputId task { cloudTowerId } ${ERRORS} } ${ERRORS} } }`;

/** Rolls a VM back. */
export async function rollBack(backup: Backup, input: object): Promise<Restored> {
  return (await backup.data<{ rollbackVm: Restored }>(ROLLBACK, { input })).rollbackVm;
}

/** Rebuilds a VM. */
export async function rebuild(backup: Backup, input: object): Promise<Restored> {
  return (await backup.data<{ rebuildVmFromSnapshot: Restored }>(REBUILD, { input })).rebuildVmFromSnapshot;
}

/** Result of one deletion. */
export interface Deleted {
  readonly inputId: string;
  readonly task: { readonly cloudTowerId: string } | null;
  readonly errors: readonly ErrorItem[];
}

/** Deletes snapshots. */
export async function remove(backup: Backup, input: object): Promise<readonly Deleted[]> {
  const data = await backup.data<{ deleteVmSnapshots: { results: readonly Deleted[] } }>(DELETE, { input });
  return data.deleteVmSnapshots.results;
}

/** Ids of a VM's snapshots upstream. */
export function snapshotsOf(backup: Backup, vmName: string): string[] {
  return backup.simulator.control.rows("VmSnapshot", { vm: { id: backup.vmId(vmName) } }).map(({ id }) => String(id));
}
