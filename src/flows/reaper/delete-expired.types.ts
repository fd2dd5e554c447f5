import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { Task } from "../../resources/task/task.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { MutationError } from "../writes/mutation-errors.js";
import { KeepReason } from "./keep-reason.type.js";

/** Maximum number of snapshots that one call looks at. */
export const MAX_EXPIRED_PER_CALL = 100;

/** Input of `deleteExpiredSnapshots`. */
@InputType({ description: "Which snapshots to look at, and whether to delete them." })
export class DeleteExpiredSnapshotsInput {
  @Field(() => String, { description: "Owner of the leases." })
  readonly owner!: string;

  @Field(() => Boolean, {
    defaultValue: true,
    description: "True, the default: nothing is deleted, and the results say what would be. It counts as a look.",
  })
  readonly dryRun!: boolean;

  @Field(() => Int, {
    defaultValue: MAX_EXPIRED_PER_CALL,
    description: `Maximum number of snapshots to look at, 1 to ${MAX_EXPIRED_PER_CALL}.`,
  })
  readonly first!: number;

  @Field(() => ID, {
    nullable: true,
    description: "`endCursor` of the call before, to look at the snapshots after those.",
  })
  readonly after?: string | null;
}

/** One result of `deleteExpiredSnapshots`. */
@ObjectType({ description: "A snapshot whose lease has expired, and what became of it." })
export class DeleteExpiredSnapshotsResult {
  @Field(() => VmSnapshot, { description: "The snapshot as it was before." })
  readonly snapshot!: VmSnapshot;

  @Field(() => [KeepReason], {
    description: "Why it is kept; empty if it was deleted, or would be without `dryRun`, or if there are errors.",
  })
  readonly keptBecause!: readonly KeepReason[];

  @Field(() => Task, {
    nullable: true,
    description:
      "The task that deletes it; watch it with `taskProgress`. Null with `dryRun`, if it is kept, or if it was done immediately.",
  })
  readonly task!: Task | null;

  @Field(() => Boolean, { description: "Whether CloudTower accepted its deletion; false with `dryRun`." })
  readonly deleted!: boolean;

  @Field(() => [MutationError], { description: "Why it could not be deleted; empty if nothing prevented it." })
  readonly errors!: readonly MutationError[];
}

/** Payload of `deleteExpiredSnapshots`. */
@ObjectType({ description: "Result of `deleteExpiredSnapshots`." })
export class DeleteExpiredSnapshotsPayload {
  @Field(() => [DeleteExpiredSnapshotsResult], { description: "The snapshots that were looked at, by id." })
  readonly results!: readonly DeleteExpiredSnapshotsResult[];

  @Field(() => ID, {
    nullable: true,
    description: "Pass it as `after` to look at the next snapshots; null if there are no more.",
  })
  readonly endCursor!: string | null;

  @Field(() => [MutationError], { description: "Why the input as a whole was refused; nothing was changed then." })
  readonly errors!: readonly MutationError[];
}
