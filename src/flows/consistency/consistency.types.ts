import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { ConsistencyGroupSnapshot } from "../../resources/consistency-group-snapshot/consistency-group-snapshot.type.js";
import { Task } from "../../resources/task/task.type.js";
import { MAX_NAME_LENGTH } from "../writes/check-name.js";
import { INPUT_ID_DESCRIPTION, MutationError } from "../writes/mutation-errors.js";
import { LockInput, TASK_DESCRIPTION, WAIT_DESCRIPTION } from "../writes/write-inputs.js";
import type { CreateGroupSnapshotResult } from "./create/create-group-snapshot.js";
import { type DeleteGroupSnapshotResult, MAX_GROUP_DELETIONS_PER_CALL } from "./delete-group-snapshots.js";
import type { RolledBackGroup } from "./rollback-group.js";

/** Input of `createConsistencyGroupSnapshot`. */
@InputType({ description: "The snapshot to create." })
export class CreateConsistencyGroupSnapshotInput extends LockInput {
  @Field(() => ID, { description: "The consistency group, by its global or bare id." })
  readonly consistencyGroupId!: string;

  @Field(() => String, {
    nullable: true,
    description: `Name of the snapshot, 1 to ${MAX_NAME_LENGTH} characters. Group and name together identify it: repeating the call finds the same snapshot. Generated if absent; repeating the call then creates another one.`,
  })
  readonly name?: string | null;

  @Field(() => Int, { defaultValue: 0, description: WAIT_DESCRIPTION })
  readonly waitSeconds!: number;
}

/** Input of `rollbackConsistencyGroup`. */
@InputType({ description: "The consistency group and the snapshot to put its data back to." })
export class RollbackConsistencyGroupInput extends LockInput {
  @Field(() => ID, { description: "The consistency group, by its global or bare id." })
  readonly consistencyGroupId!: string;

  @Field(() => ID, { description: "One of its own snapshots, by its global or bare id." })
  readonly snapshotId!: string;
}

/** Input of `deleteConsistencyGroupSnapshots`. */
@InputType({ description: "The snapshots to delete." })
export class DeleteConsistencyGroupSnapshotsInput extends LockInput {
  @Field(() => [ID], {
    description: `The snapshots, by their global or bare ids, 1 to ${MAX_GROUP_DELETIONS_PER_CALL}. An id that occurs earlier in the list fails with RepeatedIdError.`,
  })
  readonly ids!: readonly string[];

  @Field(() => Boolean, {
    description:
      "Whether the snapshots of the members stay: true keeps them, as snapshots of LUNs and NVMe namespaces that belong to no group; false deletes them, too.",
  })
  readonly keepMemberSnapshots!: boolean;
}

/** Payload of `createConsistencyGroupSnapshot`. */
@ObjectType({ description: "Result of `createConsistencyGroupSnapshot`." })
export class CreateConsistencyGroupSnapshotPayload implements CreateGroupSnapshotResult {
  static readonly typename = "CreateConsistencyGroupSnapshotPayload";

  @Field(() => ConsistencyGroupSnapshot, {
    nullable: true,
    description: "The snapshot, complete once its task has succeeded. Null if it was not created.",
  })
  readonly snapshot!: ConsistencyGroupSnapshot | null;

  @Field(() => [ConsistencyGroupSnapshot], {
    description:
      "Other snapshots with the same group and name, such as that of a second gateway. Keep one and delete the rest; empty if there is none.",
  })
  readonly duplicates!: readonly ConsistencyGroupSnapshot[];

  @Field(() => Task, { nullable: true, description: "The task that creates it; watch it with `taskProgress`." })
  readonly task!: Task | null;

  @Field(() => Boolean, {
    description:
      "True if this call created the snapshot, even if CloudTower's response was lost and the task that created it is the caller's; false if it already existed, was not created, or that is unknown.",
  })
  readonly created!: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "With `waitSeconds`: whether the snapshot and the snapshots of all members are there. Null if that was not waited for, or is unknown.",
  })
  readonly ready!: boolean | null;

  @Field(() => [String], { description: "What is still missing, for people; empty unless `ready` is false." })
  readonly missing!: readonly string[];

  readonly groupId!: string | null;

  @Field(() => String, { description: "The name, even if it was generated: repeat the call with it." })
  readonly name!: string;

  @Field(() => [MutationError], { description: "What went wrong; empty if nothing did." })
  readonly errors!: readonly MutationError[];
}

/** Payload of `rollbackConsistencyGroup`. */
@ObjectType({ description: "Result of `rollbackConsistencyGroup`." })
export class RollbackConsistencyGroupPayload implements RolledBackGroup {
  static readonly typename = "RollbackConsistencyGroupPayload";

  readonly groupId!: string | null;
  readonly snapshotId!: string | null;

  @Field(() => Task, { nullable: true, description: TASK_DESCRIPTION })
  readonly task!: Task | null;

  @Field(() => [MutationError], { description: "Why it was not done; empty if it was." })
  readonly errors!: readonly MutationError[];
}

/** One result of `deleteConsistencyGroupSnapshots`. */
@ObjectType({ description: "Result of one item of `deleteConsistencyGroupSnapshots`." })
export class DeleteConsistencyGroupSnapshotsResult implements DeleteGroupSnapshotResult {
  static readonly typename = "DeleteConsistencyGroupSnapshotsResult";

  @Field(() => ID, { description: INPUT_ID_DESCRIPTION })
  readonly inputId!: string;

  readonly snapshotId!: string | null;
  readonly groupId!: string | null;

  @Field(() => Task, { nullable: true, description: TASK_DESCRIPTION })
  readonly task!: Task | null;

  @Field(() => [MutationError], { description: "Why it was not deleted; empty if it was." })
  readonly errors!: readonly MutationError[];
}

/** Payload of `deleteConsistencyGroupSnapshots`. */
@ObjectType({ description: "Result of `deleteConsistencyGroupSnapshots`." })
export class DeleteConsistencyGroupSnapshotsPayload {
  @Field(() => [DeleteConsistencyGroupSnapshotsResult], {
    description: "One result per id, in the order of the input; empty if the list as a whole was refused.",
  })
  readonly results!: readonly DeleteGroupSnapshotResult[];

  @Field(() => [MutationError], {
    description: "Why the list as a whole was refused: it is empty or too long. Nothing was changed then.",
  })
  readonly errors!: readonly MutationError[];
}
