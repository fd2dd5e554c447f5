import type { Context } from "../context.js";
import { mutationErrorTypes } from "../flows/all-mutation-errors.js";
import { createVmSnapshot, createVmSnapshots } from "../flows/create/create-vm-snapshot.js";
import {
  CreateVmSnapshotInput,
  CreateVmSnapshotPayload,
  CreateVmSnapshotsInput,
  CreateVmSnapshotsPayload,
  type VmSnapshotRequestInput,
} from "../flows/create/create-vm-snapshot.types.js";
import { generatedName, type RequestInput } from "../flows/create/snapshot-request.js";
import { deleteVmSnapshots } from "../flows/delete/delete-vm-snapshots.js";
import { DeleteVmSnapshotsInput, DeleteVmSnapshotsPayload } from "../flows/delete/delete-vm-snapshots.types.js";
import { releaseLeases, renewLeases } from "../flows/leases/snapshot-leases.js";
import {
  ReleaseSnapshotLeasesInput,
  ReleaseSnapshotLeasesPayload,
  RenewSnapshotLeasesInput,
  RenewSnapshotLeasesPayload,
} from "../flows/leases/snapshot-leases.types.js";
import { powerVm } from "../flows/power/power-vm.js";
import { PowerOffVmInput, PowerOffVmPayload, StartVmInput, StartVmPayload } from "../flows/power/power-vm.types.js";
import { deleteExpired } from "../flows/reaper/delete-expired.js";
import { DeleteExpiredSnapshotsInput, DeleteExpiredSnapshotsPayload } from "../flows/reaper/delete-expired.types.js";
import { restoreDisk } from "../flows/restore/disk/restore-disk.js";
import { RestoreDiskInput, RestoreDiskPayload } from "../flows/restore/disk/restore-disk.types.js";
import { rebuildVm } from "../flows/restore/rebuild-vm.js";
import {
  RebuildVmFromSnapshotInput,
  RebuildVmFromSnapshotPayload,
  RollbackVmInput,
  RollbackVmPayload,
} from "../flows/restore/restore-vm.types.js";
import { rollbackVm } from "../flows/restore/rollback-vm.js";
import { lockPolicy, readyWaitMs } from "../flows/writes/write-inputs.js";
import type { RootField } from "../graph/schema/root-fields.js";
import { groupMutationFields } from "./group-mutations.js";
import { write } from "./write.js";

/** Types that are reached only through an interface. */
export const mutationErrors: readonly object[] = mutationErrorTypes;

/** The fields of Mutation. All are nullable: the error of one must not null the result of another, whose write was done. */
export function mutationFields(): RootField<Context>[] {
  return [
    {
      name: "createVmSnapshot",
      type: () => CreateVmSnapshotPayload,
      nullable: true,
      description:
        "Creates a snapshot of a VM, once per VM and name: a repeated call returns the same snapshot and its task. The snapshot is usable once `vmSnapshotReady` reports it.",
      lookupCalls: createCalls,
      args: { input: { type: () => CreateVmSnapshotInput, description: "The snapshot to create." } },
      resolve(_, { input }: { input: CreateVmSnapshotInput }, context) {
        const options = {
          request: requestOf(input),
          policy: lockPolicy(input),
          waitMs: readyWaitMs(input),
          lease: input.lease,
        };
        return write(context, input, () => createVmSnapshot(context.session, context.services, options));
      },
    },
    {
      name: "createVmSnapshots",
      type: () => CreateVmSnapshotsPayload,
      nullable: true,
      description:
        "Creates snapshots of up to 100 VMs, each like `createVmSnapshot`, with one call to CloudTower if no other call is writing them. An item that fails, for whatever reason, does not affect the others.",
      lookupCalls: createCalls,
      args: { input: { type: () => CreateVmSnapshotsInput, description: "The snapshots to create." } },
      resolve(_, { input }: { input: CreateVmSnapshotsInput }, context) {
        const options = {
          requests: input.snapshots.map(requestOf),
          policy: lockPolicy(input),
          waitMs: readyWaitMs(input),
          lease: input.lease,
        };
        return write(context, input, () => createVmSnapshots(context.session, context.services, options));
      },
    },
    {
      name: "deleteVmSnapshots",
      type: () => DeleteVmSnapshotsPayload,
      nullable: true,
      description:
        "Deletes VM snapshots by their ids, with one call to CloudTower if no other call is writing their VMs. An item that fails, for whatever reason, does not affect the others. For a snapshot that is already being deleted, the result has that task.",
      lookupCalls: () => DELETE_CALLS,
      args: { input: { type: () => DeleteVmSnapshotsInput, description: "The snapshots to delete." } },
      resolve(_, { input }: { input: DeleteVmSnapshotsInput }, context) {
        const options = { inputIds: input.ids, policy: lockPolicy(input) };
        return write(context, input, () => deleteVmSnapshots(context.session, context.services.vmWrites, options));
      },
    },
    {
      name: "rollbackVm",
      type: () => RollbackVmPayload,
      nullable: true,
      description:
        "Restores a VM to one of its own snapshots. Data written since then is lost. If CloudTower shows a rollback to the same snapshot that no caller was told of yet, the result is that one, once.",
      lookupCalls: () => RESTORE_CALLS,
      args: { input: { type: () => RollbackVmInput, description: "The VM and the snapshot to restore." } },
      resolve(_, { input }: { input: RollbackVmInput }, context) {
        const rollback = { input, policy: lockPolicy(input) };
        return write(context, input, () => rollbackVm(context.session, context.services.vmWrites, rollback));
      },
    },
    {
      name: "rebuildVmFromSnapshot",
      type: () => RebuildVmFromSnapshotPayload,
      nullable: true,
      description:
        "Creates a new VM from a snapshot; the snapshot's own VM is not changed. If CloudTower shows a rebuild of the same snapshot and name that no caller was told of yet, the result is that one, once.",
      lookupCalls: () => RESTORE_CALLS,
      args: { input: { type: () => RebuildVmFromSnapshotInput, description: "The snapshot and the new VM." } },
      resolve(_, { input }: { input: RebuildVmFromSnapshotInput }, context) {
        const rebuild = { input, policy: lockPolicy(input) };
        return write(context, input, () => rebuildVm(context.session, context.services.vmWrites, rebuild));
      },
    },
    {
      name: "restoreDisk",
      type: () => RestoreDiskPayload,
      nullable: true,
      description:
        "Restores one disk of a VM snapshot as a new volume, once per name within the cluster, and attaches it to a VM or puts it in the place of an attached volume if asked to. Goes on where an earlier call with the same input, or a crash, left off.",
      lookupCalls: diskCalls,
      args: { input: { type: () => RestoreDiskInput, description: "The disk, and where to." } },
      resolve(_, { input }: { input: RestoreDiskInput }, context) {
        const restore = { input, policy: lockPolicy(input), waitMs: readyWaitMs(input) };
        return write(context, input, () => restoreDisk(context.session, context.services.vmWrites, restore));
      },
    },
    {
      name: "startVm",
      type: () => StartVmPayload,
      nullable: true,
      description:
        "Powers on a VM. One that is running stays as it is; for one that is being started, the result has that task.",
      lookupCalls: () => POWER_CALLS,
      args: { input: { type: () => StartVmInput, description: "The VM to power on." } },
      resolve(_, { input }: { input: StartVmInput }, context) {
        const start = { inputId: input.vmId, state: "RUNNING", policy: lockPolicy(input) } as const;
        return write(context, input, () => powerVm(context.session, context.services.vmWrites, start));
      },
    },
    {
      name: "powerOffVm",
      type: () => PowerOffVmPayload,
      nullable: true,
      description:
        "Powers off a VM immediately, as if its power failed: its guest does not shut down, and what it has not written yet is lost. For an orderly shutdown, shut the guest down by itself, or with CloudTower, before. One that is off stays as it is.",
      lookupCalls: () => POWER_CALLS,
      args: { input: { type: () => PowerOffVmInput, description: "The VM to power off." } },
      resolve(_, { input }: { input: PowerOffVmInput }, context) {
        const off = { inputId: input.vmId, state: "STOPPED", policy: lockPolicy(input) } as const;
        return write(context, input, () => powerVm(context.session, context.services.vmWrites, off));
      },
    },
    {
      name: "renewSnapshotLeases",
      type: () => RenewSnapshotLeasesPayload,
      nullable: true,
      description:
        "Extends the leases of up to 100 snapshots, each by itself: from now on each lasts at least so long. A lease is never shortened. One that has expired can be renewed as long as its snapshot exists.",
      lookupCalls: () => LEASE_CALLS + 1,
      args: { input: { type: () => RenewSnapshotLeasesInput, description: "The snapshots, and for how long." } },
      resolve(_, { input }: { input: RenewSnapshotLeasesInput }, context) {
        return write(context, {}, () => renewLeases(context.session, context.services.vmWrites, input));
      },
    },
    {
      name: "releaseSnapshotLeases",
      type: () => ReleaseSnapshotLeasesPayload,
      nullable: true,
      description:
        "Takes the leases off up to 100 snapshots, each by itself, which deletes nothing: a snapshot without a lease stays until it is deleted by its id. One without a lease counts as released.",
      lookupCalls: () => LEASE_CALLS,
      args: { input: { type: () => ReleaseSnapshotLeasesInput, description: "The snapshots." } },
      resolve(_, { input }: { input: ReleaseSnapshotLeasesInput }, context) {
        return write(context, {}, () => releaseLeases(context.session, context.services.vmWrites, input));
      },
    },
    {
      name: "deleteExpiredSnapshots",
      type: () => DeleteExpiredSnapshotsPayload,
      nullable: true,
      description:
        "Deletes the snapshots of an owner whose leases have expired, by the rules of the reaper but for their names; by default only says which. A snapshot is deleted only if this gateway saw at least REAPER_GRACE_HOURS before that its lease had expired: call it regularly.",
      lookupCalls: () => EXPIRED_CALLS,
      args: { input: { type: () => DeleteExpiredSnapshotsInput, description: "Whose snapshots." } },
      resolve(_, { input }: { input: DeleteExpiredSnapshotsInput }, context) {
        return write(context, {}, () => deleteExpired(context.session, context.services, input));
      },
    },
    ...groupMutationFields(),
  ];
}

/** Calls of a creation without obstacles: VM, snapshots and tasks; the write; snapshots and tasks. */
const CREATE_CALLS = 6;
/** Calls of leases without obstacles: the labels, and those to make; the snapshots, twice, with their labels; two writes. */
const LEASE_CALLS = 8;
/** Calls of a page of expired snapshots: what is judged, twice; the deletion, with its looks. */
const EXPIRED_CALLS = 24;
/** Calls of a deletion without obstacles: snapshots, twice; tasks, twice; the write. */
const DELETE_CALLS = 5;
/** Calls of a change of the power state without obstacles: VM and tasks; the write; VM and task. */
const POWER_CALLS = 5;
/** Calls of one step of a restore of a disk without obstacles: what there is, twice; the write; the task. */
const DISK_STEP_CALLS = 20;
/** Calls of a restore without obstacles: VM, snapshot and tasks; the write; VM and task. */
const RESTORE_CALLS = 6;

function createCalls({ input }: Readonly<Record<string, unknown>>): number {
  const { lease } = (input ?? {}) as { lease?: unknown };
  return CREATE_CALLS + (lease ? LEASE_CALLS : 0);
}

/** A new volume takes one step, attaching it another, and a replacement a third. */
function diskCalls({ input }: Readonly<Record<string, unknown>>): number {
  const { to } = (input ?? {}) as { to?: { newVolume?: unknown; attachTo?: unknown } | null };
  return DISK_STEP_CALLS * (to?.newVolume ? 1 : to?.attachTo ? 2 : 3);
}

function requestOf({ vmId, name, consistency, onToolsNotRunning }: VmSnapshotRequestInput): RequestInput {
  return { inputId: vmId, name: name ?? generatedName(), requestedConsistency: consistency, onToolsNotRunning };
}
