import { Field, Int, ObjectType } from "type-graphql";
import type { Embedded } from "../../upstream/wire/types.js";

/** Layout of virtual CPUs. Shape: CloudTower's `NestedCpu`, whose names are the schema's. */
@ObjectType({ description: "How virtual CPUs are laid out." })
export class Cpu implements Embedded<"NestedCpu"> {
  @Field(() => Int, { nullable: true, description: "Cores of each socket." })
  readonly cores?: number | null;

  @Field(() => Int, { nullable: true, description: "Number of sockets." })
  readonly sockets?: number | null;
}
