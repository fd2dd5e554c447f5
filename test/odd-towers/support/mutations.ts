import type { OddGateway } from "./odd-tower.js";

/** An error item with the fields of all kinds. */
export interface ErrorItem {
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number;
  readonly snapshots?: readonly { readonly cloudTowerId: string }[];
}

/** A result of `createVmSnapshot` or of `createVmSnapshots`. */
export interface Created {
  readonly vm: { readonly cloudTowerId: string } | null;
  readonly created: boolean;
  readonly snapshot: { readonly cloudTowerId: string; readonly consistency: string } | null;
  readonly duplicates: readonly { readonly cloudTowerId: string }[];
  readonly task: { readonly cloudTowerId: string } | null;
  readonly errors: readonly ErrorItem[];
}

type Caller = { readonly token?: string; readonly signal?: AbortSignal };

const ERRORS = `errors { code message ... on WriteOutcomeUnknownError { retryAfterSeconds } ... on SnapshotUnmatchedError { snapshots { cloudTowerId } } }`;
const CREATED = `vm { cloudTowerId } created snapshot { cloudTowerId consistency } duplicates { cloudTowerId } task { cloudTowerId } ${ERRORS}`;
const RESTORED = `vm { cloudTowerId } task { cloudTowerId } ${ERRORS}`;

/** Creates a snapshot. */
export function create(gateway: OddGateway, input: object, caller?: Caller): Promise<Created> {
  return mutate(gateway, "createVmSnapshot", { type: "CreateVmSnapshotInput", input, selection: CREATED }, caller);
}

/** Creates snapshots. */
export async function createMany(gateway: OddGateway, snapshots: readonly object[]): Promise<readonly Created[]> {
  const call = { type: "CreateVmSnapshotsInput", input: { snapshots }, selection: `results { ${CREATED} }` };
  return (await mutate<{ results: readonly Created[] }>(gateway, "createVmSnapshots", call)).results;
}

type Removed = { inputId: string; task: { cloudTowerId: string } | null; errors: readonly ErrorItem[] };

/** Deletes snapshots. */
export async function remove(gateway: OddGateway, ids: readonly string[]) {
  const selection = `results { inputId task { cloudTowerId } ${ERRORS} }`;
  const call = { type: "DeleteVmSnapshotsInput", input: { ids }, selection };
  return (await mutate<{ results: readonly Removed[] }>(gateway, "deleteVmSnapshots", call)).results;
}

type Restored = { vm: { cloudTowerId: string } | null; task: { cloudTowerId: string } | null; errors: ErrorItem[] };

/** Rolls a VM back. */
export function rollBack(gateway: OddGateway, input: object, caller?: Caller): Promise<Restored> {
  return mutate(gateway, "rollbackVm", { type: "RollbackVmInput", input, selection: RESTORED }, caller);
}

/** Rebuilds a VM. */
export function rebuild(gateway: OddGateway, input: object, caller?: Caller): Promise<Restored> {
  const call = { type: "RebuildVmFromSnapshotInput", input, selection: RESTORED };
  return mutate(gateway, "rebuildVmFromSnapshot", call, caller);
}

/** Rolls a consistency group back; `vm` is the group. */
export function rollBackGroup(gateway: OddGateway, input: object, caller?: Caller): Promise<Restored> {
  const call = {
    type: "RollbackConsistencyGroupInput",
    input,
    selection: RESTORED.replace("vm", "vm: consistencyGroup"),
  };
  return mutate(gateway, "rollbackConsistencyGroup", call, caller);
}

/** Creates a snapshot of a consistency group; `vm` is the group. */
export function createGroup(
  gateway: OddGateway,
  input: object,
  caller?: Caller,
): Promise<Omit<Created, "consistency">> {
  const selection = CREATED.replace("vm", "ready vm: consistencyGroup").replace(" consistency }", " }");
  const call = { type: "CreateConsistencyGroupSnapshotInput", input, selection };
  return mutate(gateway, "createConsistencyGroupSnapshot", call, caller);
}

/** Deletes snapshots of consistency groups. */
export async function removeGroups(gateway: OddGateway, ids: readonly string[]) {
  const selection = `results { inputId task { cloudTowerId } ${ERRORS} }`;
  const call = { type: "DeleteConsistencyGroupSnapshotsInput", input: { ids, keepMemberSnapshots: true }, selection };
  return (await mutate<{ results: readonly Removed[] }>(gateway, "deleteConsistencyGroupSnapshots", call)).results;
}

/** Result of `restoreDisk`. */
export interface DiskRestored {
  readonly volume: { readonly cloudTowerId: string } | null;
  readonly duplicates: readonly { readonly cloudTowerId: string }[];
  readonly state: string | null;
  readonly done: boolean;
  readonly task: { readonly cloudTowerId: string } | null;
  readonly errors: readonly ErrorItem[];
}

/** Restores a disk. */
export function restoreDisk(gateway: OddGateway, input: object, caller?: Caller): Promise<DiskRestored> {
  const selection = `volume { cloudTowerId } duplicates { cloudTowerId } state done task { cloudTowerId } ${ERRORS}`;
  return mutate(gateway, "restoreDisk", { type: "RestoreDiskInput", input, selection }, caller);
}

/** Starts a VM. */
export function startVm(gateway: OddGateway, vmId: string, caller?: Caller): Promise<Restored> {
  return mutate(gateway, "startVm", { type: "StartVmInput", input: { vmId }, selection: RESTORED }, caller);
}

/** @throws if the result has GraphQL errors. */
async function mutate<R>(
  gateway: OddGateway,
  field: string,
  { type, input, selection }: { type: string; input: object; selection: string },
  caller?: Caller,
): Promise<R> {
  const query = `mutation($input: ${type}!) { ${field}(input: $input) { ${selection} } }`;
  const result = (await gateway.send(query, { input }, caller)) as { data?: Record<string, R>; errors?: unknown };
  if (result.errors !== undefined || result.data == null) throw new Error(JSON.stringify(result.errors));
  return result.data[field] as R;
}
