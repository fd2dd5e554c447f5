import { namesMany, namesOne } from "../../graph/relations/named-objects.js";
import { declareRelation } from "../../graph/schema/declare.js";
import { ConsistencyGroup } from "../../resources/consistency-group/consistency-group.type.js";
import { ConsistencyGroupSnapshot } from "../../resources/consistency-group-snapshot/consistency-group-snapshot.type.js";
import { Vm } from "../../resources/vm/vm.type.js";
import type { MutationError } from "../writes/mutation-errors.js";
import { IDS_ALONE, NULL_IF } from "../writes/named-objects.js";
import {
  CreateConsistencyGroupSnapshotPayload,
  DeleteConsistencyGroupSnapshotsResult,
  RollbackConsistencyGroupPayload,
} from "./consistency.types.js";
import {
  ConsistencyGroupInUseError,
  ConsistencyGroupNotFoundError,
  ConsistencyGroupSnapshotNotFoundError,
  SnapshotOfAnotherConsistencyGroupError,
} from "./group-errors.js";

interface ResultClass<R> {
  readonly typename: string;
  readonly prototype: R;
}

interface Result {
  readonly errors: readonly MutationError[];
}

function groupOf(from: ResultClass<Result & { readonly groupId: string | null }>) {
  return namesOne({
    ...{ from, field: "consistencyGroup", to: ConsistencyGroup },
    description: `The consistency group after the write; ${NULL_IF} ${IDS_ALONE}`,
    id: ({ groupId, errors }) => (errors.some((one) => one instanceof ConsistencyGroupNotFoundError) ? null : groupId),
  });
}

function snapshotOf(from: ResultClass<Result & { readonly snapshotId: string | null }>) {
  return namesOne({
    ...{ from, field: "snapshot", to: ConsistencyGroupSnapshot },
    description: `The snapshot after the write; ${NULL_IF} ${IDS_ALONE}`,
    id: ({ snapshotId, errors }) =>
      errors.some((one) => one instanceof ConsistencyGroupSnapshotNotFoundError) ? null : snapshotId,
  });
}

const { typename: ofAnother, prototype: ofAnotherPrototype } = SnapshotOfAnotherConsistencyGroupError;

/** The objects that results of writes on consistency groups, and their errors, are about. */
export const groupObjects = [
  groupOf(CreateConsistencyGroupSnapshotPayload),
  groupOf(RollbackConsistencyGroupPayload),
  snapshotOf(RollbackConsistencyGroupPayload),
  groupOf(DeleteConsistencyGroupSnapshotsResult),
  snapshotOf(DeleteConsistencyGroupSnapshotsResult),
  namesOne({
    ...{ from: { typename: ofAnother, prototype: ofAnotherPrototype }, field: "snapshot" },
    ...{ to: ConsistencyGroupSnapshot, description: "The snapshot." },
    id: ({ snapshotId }) => snapshotId,
  }),
  namesOne({
    ...{ from: { typename: ofAnother, prototype: ofAnotherPrototype }, field: "ownerGroup", to: ConsistencyGroup },
    description: "The group that it was taken of; null if that group is gone.",
    id: ({ ownerGroupId }) => ownerGroupId,
  }),
  namesMany({
    from: { typename: ConsistencyGroupInUseError.typename, prototype: ConsistencyGroupInUseError.prototype },
    ...{ field: "vms", to: Vm, description: "The VMs that are not powered off." },
    ids: ({ vmIds }) => vmIds,
  }),
].map(declareRelation);
