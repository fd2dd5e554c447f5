import { Field } from "type-graphql";
import { quote } from "../../kernel/text/global-id.js";
import { VmStatus } from "../../resources/vm/vm.enums.js";
import type { Row } from "../../upstream/wire/types.js";
import { MutationError, mutationError } from "../writes/mutation-errors.js";

@mutationError("CONSISTENCY_GROUP_NOT_FOUND", "No such consistency group exists, or the caller may not see it.")
export class ConsistencyGroupNotFoundError extends MutationError {
  @Field(() => String, { description: "The id that no consistency group has, without the type name." })
  readonly cloudTowerId: string;

  constructor(groupId: string) {
    super(`No consistency group has the id ${quote(groupId)}, or the caller may not see it.`);
    this.cloudTowerId = groupId;
  }
}

@mutationError(
  "CONSISTENCY_GROUP_SNAPSHOT_NOT_FOUND",
  "No such snapshot of a consistency group exists, or the caller may not see it.",
)
export class ConsistencyGroupSnapshotNotFoundError extends MutationError {
  @Field(() => String, { description: "The id that no such snapshot has, without the type name." })
  readonly cloudTowerId: string;

  constructor(snapshotId: string) {
    super(`No snapshot of a consistency group has the id ${quote(snapshotId)}, or the caller may not see it.`);
    this.cloudTowerId = snapshotId;
  }
}

@mutationError("CONSISTENCY_GROUP_EMPTY", "The consistency group has no members. Nothing was changed.")
export class ConsistencyGroupEmptyError extends MutationError {
  constructor(name: string) {
    super(`Consistency group ${quote(name)} has no LUN and no NVMe namespace. Add members in CloudTower first.`);
  }
}

@mutationError(
  "SNAPSHOT_OF_ANOTHER_CONSISTENCY_GROUP",
  "The snapshot was taken of another consistency group. Nothing was changed.",
)
export class SnapshotOfAnotherConsistencyGroupError extends MutationError {
  constructor(
    readonly snapshotId: string,
    groupId: string,
    /** Null if that group is gone. */
    readonly ownerGroupId: string | null,
  ) {
    const owner = ownerGroupId === null ? "a consistency group that is gone" : `group ${quote(ownerGroupId)}`;
    super(`Snapshot ${quote(snapshotId)} was taken of ${owner}, not of group ${quote(groupId)}.`);
  }
}

@mutationError(
  "CONSISTENCY_GROUP_IN_USE",
  "VMs that are not powered off have disks on the group's LUNs. Nothing was changed.",
)
export class ConsistencyGroupInUseError extends MutationError {
  readonly vmIds: readonly string[];

  /** @param vms VMs that are not powered off; at least one. */
  constructor(vms: readonly Row<"Vm">[]) {
    const some = vms.slice(0, MAX_SHOWN);
    const shown = some.map(({ id, name, status }) => `${quote(name ?? id)} (${VmStatus.fromUpstream(status)})`);
    const more = vms.length > some.length ? ` and ${vms.length - some.length} more` : "";
    super(
      `VMs have disks on the LUNs of the consistency group and are not STOPPED: ${shown.join(", ")}${more}. A rollback would change these disks under them. Power the VMs off first.`,
    );
    this.vmIds = vms.map(({ id }) => id);
  }
}

@mutationError(
  "OPERATION_NOT_SUPPORTED",
  "CloudTower did not find the operation, although it shows the object, or a list that it needs: most likely its version does not have it. Nothing was changed.",
)
export class OperationNotSupportedError extends MutationError {
  /** @param endpoint CloudTower's name of the operation. @param upstreamMessage what CloudTower says, if anything. */
  constructor(endpoint: string, upstreamMessage: string | undefined) {
    const says = upstreamMessage === undefined ? "gives no reason" : `says: ${quote(upstreamMessage)}`;
    super(
      `CloudTower responded with 404 to ${endpoint}: most likely this version does not have the operation, and CloudTower has to be upgraded. It ${says}.`,
    );
  }
}

/** VMs that a message names. */
const MAX_SHOWN = 5;
