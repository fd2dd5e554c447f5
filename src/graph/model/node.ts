import { Field, ID, InterfaceType } from "type-graphql";

/** Everything with a global id. */
@InterfaceType("Node", { description: "An object with a globally unique id, which `node` and `nodes` look up." })
export abstract class Node {
  @Field(() => ID, { description: "Global id: the type's name, a colon, and the stable key, such as `Vm:cl2k9x0a0`." })
  readonly id!: string;
}
