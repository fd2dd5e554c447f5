import { Field, ID, InputType, ObjectType } from "type-graphql";
import { Task } from "../../resources/task/task.type.js";
import { INPUT_ID_DESCRIPTION, MutationError } from "../writes/mutation-errors.js";
import { namedSnapshot, namedVm } from "../writes/named-objects.js";
import { LockInput, TASK_DESCRIPTION } from "../writes/write-inputs.js";
import { type DeleteVmSnapshotResult, MAX_DELETIONS_PER_CALL } from "./delete-vm-snapshots.js";

/** Input of `deleteVmSnapshots`. */
@InputType({ description: "The snapshots to delete." })
export class DeleteVmSnapshotsInput extends LockInput {
  @Field(() => [ID], {
    description: `The snapshots, by their global or bare ids, 1 to ${MAX_DELETIONS_PER_CALL}. An id that occurs earlier in the list fails with RepeatedIdError.`,
  })
  readonly ids!: readonly string[];
}

/** One result of `deleteVmSnapshots`. */
@ObjectType({ description: "Result of one item of `deleteVmSnapshots`." })
export class DeleteVmSnapshotsResult implements DeleteVmSnapshotResult {
  static readonly typename = "DeleteVmSnapshotsResult";

  @Field(() => ID, { description: INPUT_ID_DESCRIPTION })
  readonly inputId!: string;

  readonly snapshotId!: string | null;
  readonly vmId!: string | null;

  @Field(() => Task, { nullable: true, description: TASK_DESCRIPTION })
  readonly task!: Task | null;

  @Field(() => [MutationError], { description: "Why it was not deleted; empty if it was." })
  readonly errors!: readonly MutationError[];
}

/** Payload of `deleteVmSnapshots`. */
@ObjectType({ description: "Result of `deleteVmSnapshots`." })
export class DeleteVmSnapshotsPayload {
  @Field(() => [DeleteVmSnapshotsResult], {
    description: "One result per id, in the order of the input; empty if the list as a whole was refused.",
  })
  readonly results!: readonly DeleteVmSnapshotResult[];

  @Field(() => [MutationError], {
    description: "Why the list as a whole was refused: it is empty or too long. Nothing was changed then.",
  })
  readonly errors!: readonly MutationError[];
}

/** The objects that the results are about. */
export const deletedObjects = [
  namedSnapshot(DeleteVmSnapshotsResult),
  namedVm(DeleteVmSnapshotsResult, "null if it, or the snapshot, is gone or was never there."),
];
