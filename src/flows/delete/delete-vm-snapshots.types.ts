import { Field, ID, InputType, ObjectType } from "type-graphql";
import { Task } from "../../resources/task/task.type.js";
import { MutationError } from "../writes/mutation-errors.js";
import { LockInput, TASK_DESCRIPTION } from "../writes/write-inputs.js";
import type { DeletedSnapshot } from "./delete-vm-snapshots.js";

/** Input of `deleteVmSnapshots`. */
@InputType({ description: "The snapshots to be deleted." })
export class DeleteVmSnapshotsInput extends LockInput {
  @Field(() => [ID], { description: "The snapshots, by their global or bare ids; 1 to 100, each once." })
  readonly ids!: readonly string[];
}

/** What came of one deletion. */
@ObjectType({ description: "What came of the deletion of one snapshot." })
export class DeleteVmSnapshotsResult implements DeletedSnapshot {
  @Field(() => String, { description: "The bare id that was given." })
  readonly snapshotId!: string;

  @Field(() => Task, { nullable: true, description: TASK_DESCRIPTION })
  readonly task!: Task | null;

  @Field(() => [MutationError], { description: "Why it was not deleted; empty where it was." })
  readonly errors!: readonly MutationError[];
}

/** Answer of `deleteVmSnapshots`. */
@ObjectType({ description: "What came of `deleteVmSnapshots`." })
export class DeleteVmSnapshotsPayload {
  @Field(() => [DeleteVmSnapshotsResult], {
    description: "One result for each id, in the order of the input; empty where the input as a whole was refused.",
  })
  readonly results!: readonly DeletedSnapshot[];

  @Field(() => [MutationError], { description: "Why the input as a whole was refused; nothing was done then." })
  readonly errors!: readonly MutationError[];
}
