import { Field, ObjectType } from "type-graphql";
import { codec, emptyToNull } from "../../graph/model/codec.js";

/** What CloudTower's rows carry of an object that has no type of its own in the schema. */
@ObjectType({ description: "What is known of an object that has no type of its own here: its id and its name." })
export class Reference {
  @Field(() => String, { description: "The bare id, as CloudTower's own API uses it." })
  readonly cloudTowerId!: string;

  @Field(() => String, { nullable: true, description: "Name as shown to users." })
  readonly name!: string | null;
}

interface Stub {
  readonly id: string;
  readonly name?: string | null;
}

/** The object that a row names; null for none. */
export const reference = codec<`one ${string}` | `json NestedVirtualPrivateCloud${string}`, Reference | null>({
  graphqlType: () => Reference,
  nullable: true,
  fromUpstream: (stub) => (stub ? referenceTo(stub as Stub) : null),
});

/** The objects that a row names, in a list that may be null upstream. */
export const references = codec<`many ${string}`, Reference[]>({
  graphqlType: () => [Reference],
  nullable: false,
  fromUpstream: (stubs) => ((stubs as readonly Stub[] | null | undefined) ?? []).map(referenceTo),
});

function referenceTo({ id, name }: Stub): Reference {
  return { cloudTowerId: id, name: emptyToNull(name) };
}
