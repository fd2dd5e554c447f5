import { Field, ID, InputType, ObjectType } from "type-graphql";
import { Task } from "../resources/task/task.type.js";
import { Consistency } from "../resources/vm-snapshot/vm-snapshot.enums.js";
import { VmSnapshot } from "../resources/vm-snapshot/vm-snapshot.type.js";
import { MutationError } from "./mutation-errors.js";

/** Input of `createVmSnapshot`. */
@InputType({ description: "The snapshot to be taken." })
export class CreateVmSnapshotInput {
  @Field(() => ID, { description: "The VM, by its global or bare id." })
  readonly vmId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "Name of the snapshot, 1 to 255 characters. VM and name together identify it: repeating the call finds the same snapshot. Generated where it is left out; then a repeated call makes another one.",
  })
  readonly name?: string | null;

  @Field(() => Consistency.type, {
    defaultValue: "CRASH_CONSISTENT",
    description: "How consistent the data must be. FILE_SYSTEM_CONSISTENT needs running guest tools.",
  })
  readonly consistency!: string;
}

/** Answer of `createVmSnapshot`. */
@ObjectType({ description: "What came of `createVmSnapshot`." })
export class CreateVmSnapshotPayload {
  @Field(() => VmSnapshot, {
    nullable: true,
    description: "The snapshot; not complete before its task has succeeded. Null where there are errors.",
  })
  readonly snapshot!: VmSnapshot | null;

  @Field(() => Task, { nullable: true, description: "The task that creates it; watch it with `taskProgress`." })
  readonly task!: Task | null;

  @Field(() => Boolean, {
    description: "Whether this call made the snapshot; false where it existed already, and where there are errors.",
  })
  readonly created!: boolean;

  @Field(() => [MutationError], { description: "Why there is no snapshot; empty where there is one." })
  readonly errors!: readonly MutationError[];
}
