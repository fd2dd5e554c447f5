import { Field, ID, InputType, ObjectType } from "type-graphql";
import { Task } from "../../resources/task/task.type.js";
import { MutationError } from "../writes/mutation-errors.js";
import { namedVm } from "../writes/named-objects.js";
import { LockInput } from "../writes/write-inputs.js";
import type { PoweredVm } from "./power-vm.js";

const TASK =
  "The task that does it; null if there are errors, if the VM is in this state already, or if it was done immediately.";

/** Input of `startVm`. */
@InputType({ description: "The VM to power on." })
export class StartVmInput extends LockInput {
  @Field(() => ID, { description: "The VM, by its global or bare id." })
  readonly vmId!: string;
}

/** Input of `powerOffVm`. */
@InputType({ description: "The VM to power off." })
export class PowerOffVmInput extends LockInput {
  @Field(() => ID, { description: "The VM, by its global or bare id." })
  readonly vmId!: string;
}

/** Payload of `startVm`. */
@ObjectType({ description: "Result of `startVm`." })
export class StartVmPayload implements PoweredVm {
  static readonly typename = "StartVmPayload";

  readonly vmId!: string | null;

  @Field(() => Task, { nullable: true, description: TASK })
  readonly task!: Task | null;

  @Field(() => [MutationError], { description: "Why it was not powered on; empty if it was, or is on already." })
  readonly errors!: readonly MutationError[];
}

/** Payload of `powerOffVm`. */
@ObjectType({ description: "Result of `powerOffVm`." })
export class PowerOffVmPayload implements PoweredVm {
  static readonly typename = "PowerOffVmPayload";

  readonly vmId!: string | null;

  @Field(() => Task, { nullable: true, description: TASK })
  readonly task!: Task | null;

  @Field(() => [MutationError], { description: "Why it was not powered off; empty if it was, or is off already." })
  readonly errors!: readonly MutationError[];
}

/** The VMs that the payloads are about. */
export const poweredVms = [namedVm(StartVmPayload), namedVm(PowerOffVmPayload)];
