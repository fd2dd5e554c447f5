import { Field, ID, InputType, ObjectType } from "type-graphql";
import { Task } from "../../resources/task/task.type.js";
import { MutationError } from "../writes/mutation-errors.js";
import { LockInput, TASK_DESCRIPTION } from "../writes/write-inputs.js";
import type { DeletedSnapshot } from "./delete-kind.js";
import { MAX_DELETIONS_PER_CALL } from "./delete-vm-snapshots.js";

/** Input of `deleteVmSnapshots`. */
@InputType({ description: "The snapshots to delete." })
export class DeleteVmSnapshotsInput extends LockInput {
  @Field(() => [ID], {
    description: `The snapshots, by their global or bare ids; 1 to ${MAX_DELETIONS_PER_CALL}, each once.`,
  })
  readonly ids!: readonly string[];
}

/** One result of `deleteVmSnapshots`. */
@ObjectType({ description: "Result of the deletion of one snapshot." })
export class DeleteVmSnapshotsResult implements DeletedSnapshot {
  @Field(() => String, { description: "Bare id from the input." })
  readonly snapshotId!: string;

  @Field(() => Task, { nullable: true, description: TASK_DESCRIPTION })
  readonly task!: Task | null;

  @Field(() => [MutationError], { description: "Why it was not deleted; empty if it was." })
  readonly errors!: readonly MutationError[];
}

/** Payload of `deleteVmSnapshots`. */
@ObjectType({ description: "Result of `deleteVmSnapshots`." })
export class DeleteVmSnapshotsPayload {
  @Field(() => [DeleteVmSnapshotsResult], {
    description: "One result per id, in the order of the input; empty if the input as a whole was refused.",
  })
  readonly results!: readonly DeletedSnapshot[];

  @Field(() => [MutationError], { description: "Why the input as a whole was refused; nothing was changed then." })
  readonly errors!: readonly MutationError[];
}
