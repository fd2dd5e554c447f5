import { Field, Int, ObjectType } from "type-graphql";
import type { Embedded } from "../../upstream/wire/types.js";

/** Topology of virtual CPUs. Source: CloudTower's `NestedCpu`, which has the same field names. */
@ObjectType({ description: "Topology of virtual CPUs." })
export class Cpu implements Embedded<"NestedCpu"> {
  @Field(() => Int, { nullable: true, description: "Cores per socket." })
  readonly cores?: number | null;

  @Field(() => Int, { nullable: true, description: "Number of sockets." })
  readonly sockets?: number | null;
}
