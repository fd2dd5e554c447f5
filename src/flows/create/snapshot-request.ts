import { randomBytes } from "node:crypto";
import { badInput } from "../../kernel/errors.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { Row } from "../../upstream/wire/types.js";
import { nameError } from "../writes/check-name.js";
import {
  LockedResource,
  type MutationError,
  ResourceLockedError,
  SnapshotNameTakenError,
  VmInRecycleBinError,
  VmNotFoundError,
  VmToolsNotRunningError,
} from "../writes/mutation-errors.js";

/** What becomes of a file-system-consistent snapshot where the guest tools do not run. */
export type OnToolsNotRunning = "FAIL" | "CRASH_CONSISTENT";

/** A snapshot as it was ordered. VM and name together are its identity. */
export interface SnapshotRequest {
  /** Bare id. */
  readonly vmId: string;
  readonly name: string;
  readonly requestedConsistency: string;
  readonly onToolsNotRunning: OnToolsNotRunning;
}

/** What is to be done about an order, as things stand upstream. */
export type Decision =
  | { readonly kind: "write"; readonly consistency: string }
  | { readonly kind: "found"; readonly snapshot: Row<"VmSnapshot"> }
  | { readonly kind: "refuse"; readonly error: MutationError };

/** A name for a snapshot whose taker gave none: the moment, and something that no other call has. */
export function generatedName(): string {
  return `towerql-${new Date().toISOString().replace(/[-:.]/g, "")}-${randomBytes(3).toString("hex")}`;
}

/** @throws TowerError BAD_USER_INPUT for a consistency that can be read but not asked for. */
export function assertConsistency(asked: string): void {
  if (asked === "CRASH_CONSISTENT" || asked === "FILE_SYSTEM_CONSISTENT") return;
  throw badInput(`expected CRASH_CONSISTENT or FILE_SYSTEM_CONSISTENT, got ${asked}`);
}

/** Decides about an order by its VM and by the VM's snapshot of that name. */
export function decide(
  order: SnapshotRequest,
  vm: Row<"Vm"> | undefined,
  existing: Row<"VmSnapshot"> | undefined,
): Decision {
  const invalid = nameError(order.name);
  if (invalid !== undefined) return refuse(invalid);
  if (vm === undefined) return refuse(new VmNotFoundError(order.vmId));
  if (existing?.entityAsyncStatus === "DELETING") {
    // It is as good as gone, and its name free soon.
    return refuse(new ResourceLockedError([new LockedResource(existing.id, "VM_SNAPSHOT")], null));
  }
  if (existing !== undefined) {
    if (isWhatWasOrdered(order, existing)) return { kind: "found", snapshot: existing };
    return refuse(new SnapshotNameTakenError(new VmSnapshot(existing), order.requestedConsistency));
  }
  if (vm.in_recycle_bin) return refuse(new VmInRecycleBinError(vm.name ?? vm.id));
  if (order.requestedConsistency !== "FILE_SYSTEM_CONSISTENT" || vm.vm_tools_status === "RUNNING") {
    return { kind: "write", consistency: order.requestedConsistency };
  }
  if (order.onToolsNotRunning === "CRASH_CONSISTENT") return { kind: "write", consistency: "CRASH_CONSISTENT" };
  return refuse(new VmToolsNotRunningError(vm.vm_tools_status));
}

/** A call that fell back to CRASH_CONSISTENT finds its snapshot again. An old CloudTower that does not tell is believed. */
function isWhatWasOrdered(
  { requestedConsistency, onToolsNotRunning }: SnapshotRequest,
  { consistent_type: has }: Row<"VmSnapshot">,
) {
  if (has === undefined || has === null || has === requestedConsistency) return true;
  return (
    requestedConsistency === "FILE_SYSTEM_CONSISTENT" &&
    onToolsNotRunning === "CRASH_CONSISTENT" &&
    has === "CRASH_CONSISTENT"
  );
}

function refuse(error: MutationError): Decision {
  return { kind: "refuse", error };
}
