import type { Context } from "../context.js";
import {
  CreateConsistencyGroupSnapshotInput,
  CreateConsistencyGroupSnapshotPayload,
  DeleteConsistencyGroupSnapshotsInput,
  DeleteConsistencyGroupSnapshotsPayload,
  RollbackConsistencyGroupInput,
  RollbackConsistencyGroupPayload,
} from "../flows/consistency/consistency.types.js";
import { createGroupSnapshot } from "../flows/consistency/create/create-group-snapshot.js";
import { deleteGroupSnapshots } from "../flows/consistency/delete-group-snapshots.js";
import { rollbackGroup } from "../flows/consistency/rollback-group.js";
import { generatedName } from "../flows/create/snapshot-request.js";
import { lockPolicy, readyWaitMs } from "../flows/writes/write-inputs.js";
import type { RootField } from "../graph/schema/root-fields.js";
import { write } from "./write.js";

/** The fields of Mutation that write snapshots of consistency groups. */
export function groupMutationFields(): RootField<Context>[] {
  return [
    {
      name: "createConsistencyGroupSnapshot",
      type: () => CreateConsistencyGroupSnapshotPayload,
      nullable: true,
      description:
        "Creates a snapshot of a consistency group, that is of all its LUNs and NVMe namespaces at the same moment, once per group and name: a repeated call returns the same snapshot and its task.",
      lookupCalls: () => CREATE_CALLS,
      args: { input: { type: () => CreateConsistencyGroupSnapshotInput, description: "The snapshot to create." } },
      resolve(_, { input }: { input: CreateConsistencyGroupSnapshotInput }, context) {
        const options = {
          inputId: input.consistencyGroupId,
          name: input.name ?? generatedName(),
          policy: lockPolicy(input),
          waitMs: readyWaitMs(input),
        };
        return write(context, input, () => createGroupSnapshot(context.session, context.services.vmWrites, options));
      },
    },
    {
      name: "rollbackConsistencyGroup",
      type: () => RollbackConsistencyGroupPayload,
      nullable: true,
      description:
        "Puts the data of a consistency group back to one of its own snapshots. Data written since then is lost. Fails with ConsistencyGroupInUseError if a VM that the caller may see has a disk on the group and is not powered off; whether servers outside use its LUNs or namespaces, CloudTower does not know. If CloudTower shows a rollback to the same snapshot that no caller was told of yet, the result is that one, once.",
      lookupCalls: () => ROLLBACK_CALLS,
      args: { input: { type: () => RollbackConsistencyGroupInput, description: "The group and the snapshot." } },
      resolve(_, { input }: { input: RollbackConsistencyGroupInput }, context) {
        const ids = { groupId: input.consistencyGroupId, snapshotId: input.snapshotId };
        const rollback = { input: ids, policy: lockPolicy(input) };
        return write(context, input, () => rollbackGroup(context.session, context.services.vmWrites, rollback));
      },
    },
    {
      name: "deleteConsistencyGroupSnapshots",
      type: () => DeleteConsistencyGroupSnapshotsPayload,
      nullable: true,
      description:
        "Deletes snapshots of consistency groups by their ids, with one call to CloudTower if no other call is writing their groups. An item that fails, for whatever reason, does not affect the others. For a snapshot that is already being deleted, the result has that task, whatever becomes of the members' snapshots by it.",
      lookupCalls: () => DELETE_CALLS,
      args: { input: { type: () => DeleteConsistencyGroupSnapshotsInput, description: "The snapshots to delete." } },
      resolve(_, { input }: { input: DeleteConsistencyGroupSnapshotsInput }, context) {
        const { ids: inputIds, keepMemberSnapshots } = input;
        const options = { inputIds, keepMemberSnapshots, policy: lockPolicy(input) };
        return write(context, input, () => deleteGroupSnapshots(context.session, context.services.vmWrites, options));
      },
    },
  ];
}

/** Calls of a creation without obstacles: group, snapshots and tasks; LUNs and namespaces; the write; snapshots and tasks. */
const CREATE_CALLS = 8;
/** Calls of a rollback without obstacles: group, snapshot and tasks; LUNs and their snapshots; VMs; the write; the task. */
const ROLLBACK_CALLS = 8;
/** Calls of a deletion without obstacles: snapshots, twice; tasks, twice; the write. */
const DELETE_CALLS = 5;
