import { randomBytes } from "node:crypto";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { Row } from "../../upstream/wire/types.js";
import { nameError } from "../writes/check-name.js";
import {
  InvalidInputError,
  type MutationError,
  SnapshotNameTakenError,
  VmInRecycleBinError,
  VmNotFoundError,
  VmToolsNotRunningError,
} from "../writes/mutation-errors.js";
import { LockedResource, ResourceLockedError } from "../writes/write-errors.js";

/** Behavior if a file-system-consistent snapshot is requested and the guest tools are not running. */
export type OnToolsNotRunning = "FAIL" | "CRASH_CONSISTENT";

/** A snapshot as the client requested it. VM and name together are its identity. */
export interface SnapshotRequest {
  /** Bare id. */
  readonly vmId: string;
  readonly name: string;
  readonly requestedConsistency: string;
  readonly onToolsNotRunning: OnToolsNotRunning;
}

/** A request as it was sent, with an id of its VM that was not checked yet. */
export interface RequestInput extends Omit<SnapshotRequest, "vmId"> {
  readonly inputId: string;
}

/** Decision about a request, given the state of CloudTower. */
export type Decision =
  | { readonly kind: "write"; readonly consistency: string }
  | { readonly kind: "found"; readonly snapshot: Row<"VmSnapshot"> }
  | { readonly kind: "wait"; readonly error: ResourceLockedError }
  | { readonly kind: "refuse"; readonly error: MutationError };

/** A name for a request without one: the time, and a random suffix that makes it unique. */
export function generatedName(): string {
  return `towerql-${new Date().toISOString().replace(/[-:.]/g, "")}-${randomBytes(3).toString("hex")}`;
}

/** Why a consistency cannot be requested, if it cannot: there are some that can only be read. */
export function consistencyProblem(consistency: string): string | undefined {
  if (consistency === "CRASH_CONSISTENT" || consistency === "FILE_SYSTEM_CONSISTENT") return undefined;
  return `consistency must be CRASH_CONSISTENT or FILE_SYSTEM_CONSISTENT, got ${consistency}.`;
}

/** Why a request cannot be granted whatever the state of CloudTower, if it cannot. */
export function requestError({ name, requestedConsistency }: Omit<SnapshotRequest, "vmId">): MutationError | undefined {
  const problem = consistencyProblem(requestedConsistency);
  return problem === undefined ? nameError(name) : new InvalidInputError(problem);
}

/** Decides about a request by its VM and by the VM's existing snapshots of that name, oldest first. */
export function decide(
  request: SnapshotRequest,
  vm: Row<"Vm"> | undefined,
  namesakes: readonly Row<"VmSnapshot">[],
): Decision {
  const invalid = nameError(request.name);
  if (invalid !== undefined) return refuse(invalid);
  if (vm === undefined) return refuse(new VmNotFoundError(request.vmId));
  const staying = namesakes.filter(({ entityAsyncStatus }) => entityAsyncStatus !== "DELETING");
  const [existing] = staying;
  const snapshot = staying.find((row) => matches(request, row));
  if (snapshot !== undefined) return { kind: "found", snapshot };
  if (existing !== undefined) {
    return refuse(new SnapshotNameTakenError(new VmSnapshot(existing), request.requestedConsistency));
  }
  const [leaving] = namesakes;
  if (leaving !== undefined) {
    // It is about to go, and its name will be free.
    return { kind: "wait", error: new ResourceLockedError([new LockedResource(leaving.id, "VM_SNAPSHOT")], null) };
  }
  if (vm.in_recycle_bin) return refuse(new VmInRecycleBinError(vm.original_name || (vm.name ?? vm.id)));
  if (request.requestedConsistency !== "FILE_SYSTEM_CONSISTENT" || vm.vm_tools_status === "RUNNING") {
    return { kind: "write", consistency: request.requestedConsistency };
  }
  if (request.onToolsNotRunning === "CRASH_CONSISTENT") return { kind: "write", consistency: "CRASH_CONSISTENT" };
  return refuse(new VmToolsNotRunningError(vm.vm_tools_status));
}

/** A request that fell back to CRASH_CONSISTENT matches its own snapshot. An old CloudTower reports no consistency: any matches. */
function matches(
  { requestedConsistency, onToolsNotRunning }: SnapshotRequest,
  { consistent_type: actual }: Row<"VmSnapshot">,
): boolean {
  if (actual === undefined || actual === null || actual === requestedConsistency) return true;
  return (
    requestedConsistency === "FILE_SYSTEM_CONSISTENT" &&
    onToolsNotRunning === "CRASH_CONSISTENT" &&
    actual === "CRASH_CONSISTENT"
  );
}

function refuse(error: MutationError): Decision {
  return { kind: "refuse", error };
}
