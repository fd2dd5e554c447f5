import type { Context } from "../context.js";
import { createVmSnapshot, createVmSnapshots } from "../flows/create/create-vm-snapshot.js";
import {
  CreateVmSnapshotInput,
  CreateVmSnapshotPayload,
  CreateVmSnapshotsInput,
  CreateVmSnapshotsPayload,
  type VmSnapshotOrderInput,
} from "../flows/create/create-vm-snapshot.types.js";
import { assertConsistency, generatedName, type SnapshotRequest } from "../flows/create/snapshot-request.js";
import { deleteVmSnapshots } from "../flows/delete/delete-vm-snapshots.js";
import { DeleteVmSnapshotsInput, DeleteVmSnapshotsPayload } from "../flows/delete/delete-vm-snapshots.types.js";
import { rebuildVm, rollbackVm } from "../flows/restore/restore-vm.js";
import {
  RebuildVmFromSnapshotInput,
  RebuildVmFromSnapshotPayload,
  RollbackVmInput,
  RollbackVmPayload,
} from "../flows/restore/restore-vm.types.js";
import { mutationErrorTypes } from "../flows/writes/mutation-errors.js";
import { assertSeconds, type LockInput, lockPolicy } from "../flows/writes/write-inputs.js";
import type { RootField } from "../graph/schema/root-fields.js";
import { cloudTowerId } from "../kernel/global-id.js";

/** Types that only an interface leads to. */
export const mutationErrors: readonly object[] = mutationErrorTypes;

/** Longest `waitSeconds`. */
const MAX_WAIT_SECONDS = 600;

/** The fields of Mutation. */
export function mutationFields(): RootField<Context>[] {
  return [
    {
      name: "createVmSnapshot",
      type: () => CreateVmSnapshotPayload,
      nullable: false,
      description:
        "Takes a snapshot of a VM, once for each pair of VM and name: a repeated call finds the same snapshot and its task. The snapshot is usable when `vmSnapshotReady` says so.",
      args: { input: { type: () => CreateVmSnapshotInput, description: "The snapshot to be taken." } },
      resolve(_, { input }: { input: CreateVmSnapshotInput }, context) {
        const [order, policy, waitMs] = [orderOf(input), lockPolicy(input), waitOf(input)];
        return write(context, input, waitMs, () =>
          createVmSnapshot(context.session, context.services, order, policy, waitMs),
        );
      },
    },
    {
      name: "createVmSnapshots",
      type: () => CreateVmSnapshotsPayload,
      nullable: false,
      description:
        "Takes a snapshot of each of up to 100 VMs with one call to CloudTower, each like `createVmSnapshot`. A VM that cannot be served does not spoil the others.",
      args: { input: { type: () => CreateVmSnapshotsInput, description: "The snapshots to be taken." } },
      resolve(_, { input }: { input: CreateVmSnapshotsInput }, context) {
        const [orders, policy, waitMs] = [input.snapshots.map(orderOf), lockPolicy(input), waitOf(input)];
        return write(context, input, waitMs, () =>
          createVmSnapshots(context.session, context.services, orders, policy, waitMs),
        );
      },
    },
    {
      name: "deleteVmSnapshots",
      type: () => DeleteVmSnapshotsPayload,
      nullable: false,
      description:
        "Deletes VM snapshots by their ids, with one call to CloudTower. One that cannot be deleted does not spoil the others; one that is being deleted already answers with its task.",
      args: { input: { type: () => DeleteVmSnapshotsInput, description: "The snapshots to be deleted." } },
      resolve(_, { input }: { input: DeleteVmSnapshotsInput }, context) {
        const [ids, policy] = [input.ids.map((id) => cloudTowerId("VmSnapshot", id)), lockPolicy(input)];
        return write(context, input, 0, () =>
          deleteVmSnapshots(context.session, context.services.vmWrites, ids, policy),
        );
      },
    },
    {
      name: "rollbackVm",
      type: () => RollbackVmPayload,
      nullable: false,
      description: "Puts a VM back to one of its own snapshots. What was written since is lost.",
      args: { input: { type: () => RollbackVmInput, description: "VM and snapshot." } },
      resolve(_, { input }: { input: RollbackVmInput }, context) {
        const [vmId, snapshotId] = [cloudTowerId("Vm", input.vmId), cloudTowerId("VmSnapshot", input.snapshotId)];
        const policy = lockPolicy(input);
        return write(context, input, 0, () =>
          rollbackVm(context.session, context.services.vmWrites, vmId, snapshotId, policy),
        );
      },
    },
    {
      name: "rebuildVmFromSnapshot",
      type: () => RebuildVmFromSnapshotPayload,
      nullable: false,
      description: "Makes a new VM of a snapshot; the snapshot's own VM is left as it is.",
      args: { input: { type: () => RebuildVmFromSnapshotInput, description: "Snapshot and new VM." } },
      resolve(_, { input }: { input: RebuildVmFromSnapshotInput }, context) {
        const wanted = { ...input, snapshotId: cloudTowerId("VmSnapshot", input.snapshotId) };
        const policy = lockPolicy(input);
        return write(context, input, 0, () => rebuildVm(context.session, context.services.vmWrites, wanted, policy));
      },
    },
  ];
}

function orderOf({ vmId, name, consistency, onToolsNotRunning }: VmSnapshotOrderInput): SnapshotRequest {
  assertConsistency(consistency);
  return {
    vmId: cloudTowerId("Vm", vmId),
    name: name ?? generatedName(),
    requestedConsistency: consistency,
    onToolsNotRunning,
  };
}

function waitOf({ waitSeconds }: { readonly waitSeconds: number }): number {
  assertSeconds("waitSeconds", waitSeconds, MAX_WAIT_SECONDS);
  return waitSeconds * 1000;
}

/** Runs a flow that writes: with the time that it was told to wait, and with fresh loaders for what is shown of it. */
async function write<R>(context: Context, input: LockInput, waitMs: number, flow: () => Promise<R>): Promise<R> {
  context.extendDeadline(waitMs + (input.onLocked === "WAIT" ? input.maxWaitSeconds * 1000 : 0));
  try {
    return await flow();
  } finally {
    context.renew();
  }
}
