import { namesMany, namesOne } from "../../graph/relations/named-objects.js";
import type { LoadedRelation } from "../../graph/relations/relation.js";
import { declareRelation } from "../../graph/schema/declare.js";
import { ConsistencyGroup } from "../../resources/consistency-group/consistency-group.type.js";
import { ConsistencyGroupSnapshot } from "../../resources/consistency-group-snapshot/consistency-group-snapshot.type.js";
import { Vm } from "../../resources/vm/vm.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { VmVolume } from "../../resources/vm-volume/vm-volume.type.js";
import {
  type MutationError,
  SnapshotNotFoundError,
  SnapshotOfAnotherVmError,
  VmNotFoundError,
} from "./mutation-errors.js";
import { LockedResource, SnapshotUnmatchedError } from "./write-errors.js";

/** A class of results, each of which concerns one object of the input. */
interface ResultClass<R> {
  readonly typename: string;
  readonly prototype: R;
}

interface Result {
  readonly errors: readonly MutationError[];
}

export const NULL_IF = "null if the id in the input is malformed or CloudTower does not show it.";
export const IDS_ALONE = "If only its ids are selected, CloudTower is not asked whether it is still there.";

/** Declares `vm`: the VM that a result is about. @param nullIf when it is null, as the end of a sentence. */
export function namedVm(
  from: ResultClass<Result & { readonly vmId: string | null }>,
  nullIf = NULL_IF,
): LoadedRelation {
  return declareRelation(
    namesOne({
      ...{ from, field: "vm", to: Vm, description: `The VM after the write; ${nullIf} ${IDS_ALONE}` },
      id: ({ vmId, errors }) => (errors.some((error) => error instanceof VmNotFoundError) ? null : vmId),
    }),
  );
}

/** Declares `snapshot`: the VM snapshot that a result is about. */
export function namedSnapshot(from: ResultClass<Result & { readonly snapshotId: string | null }>): LoadedRelation {
  return declareRelation(
    namesOne({
      ...{ from, field: "snapshot", to: VmSnapshot },
      description: `The snapshot after the write; ${NULL_IF} ${IDS_ALONE}`,
      id: ({ snapshotId, errors }) =>
        errors.some((error) => error instanceof SnapshotNotFoundError) ? null : snapshotId,
    }),
  );
}

const LOCKED_TYPES = [
  { field: "vm", to: Vm, type: "VM", noun: "VM" },
  { field: "volume", to: VmVolume, type: "VM_VOLUME", noun: "volume" },
  { field: "snapshot", to: VmSnapshot, type: "VM_SNAPSHOT", noun: "VM snapshot" },
  { field: "consistencyGroup", to: ConsistencyGroup, type: "CONSISTENCY_GROUP", noun: "consistency group" },
  {
    ...{ field: "consistencyGroupSnapshot", to: ConsistencyGroupSnapshot, type: "CONSISTENCY_GROUP_SNAPSHOT" },
    noun: "snapshot of a consistency group",
  },
] as const;

/** The objects that errors name. */
export const objectsOfErrors: readonly LoadedRelation[] = [
  namesOne({
    ...{ from: kind(SnapshotOfAnotherVmError), field: "snapshot", to: VmSnapshot, description: "The snapshot." },
    id: ({ snapshotId }) => snapshotId,
  }),
  namesOne({
    ...{ from: kind(SnapshotOfAnotherVmError), field: "ownerVm", to: Vm },
    description: "The VM that it was taken of; null if that VM is gone.",
    id: ({ ownerVmId }) => ownerVmId,
  }),
  namesMany({
    ...{ from: kind(SnapshotUnmatchedError), field: "snapshots", to: VmSnapshot },
    description: "The snapshots that were created: one of them is this VM's.",
    ids: ({ snapshotIds }) => snapshotIds,
  }),
  ...LOCKED_TYPES.map(({ field, to, type, noun }) =>
    namesOne({
      ...{
        from: LockedResource,
        field,
        to: to as typeof Vm,
        description: `The ${noun}; null if it is something else.`,
      },
      id: (locked) => (locked.type === type && locked.cloudTowerId !== "" ? locked.cloudTowerId : null),
    }),
  ),
].map(declareRelation);

/** Error classes get their typenames from their decorators. */
function kind<E>(error: { readonly typename: string; readonly prototype: E }) {
  return { typename: error.typename, prototype: error.prototype };
}
