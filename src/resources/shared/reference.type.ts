import { Field, ObjectType } from "type-graphql";
import { codec, emptyToNull } from "../../graph/model/codec.js";

/** An object that has no type of its own in the schema, as embedded in CloudTower's rows. */
@ObjectType({ description: "An object that has no type of its own in this schema: only its id and name are known." })
export class Reference {
  @Field(() => String, { description: "The bare id, as CloudTower's own API uses it." })
  readonly cloudTowerId!: string;

  @Field(() => String, { nullable: true, description: "Display name." })
  readonly name!: string | null;
}

interface Stub {
  readonly id: string;
  readonly name?: string | null;
}

/** The object that a row refers to; null if none. */
export const reference = codec<`one ${string}` | `json NestedVirtualPrivateCloud${string}`, Reference | null>({
  graphqlType: () => Reference,
  nullable: true,
  fromUpstream: (stub) => (stub ? referenceTo(stub as Stub) : null),
});

/** The objects that a row refers to. The list may be null upstream. */
export const references = codec<`many ${string}`, Reference[]>({
  graphqlType: () => [Reference],
  nullable: false,
  fromUpstream: (stubs) => ((stubs as readonly Stub[] | null | undefined) ?? []).map(referenceTo),
});

function referenceTo({ id, name }: Stub): Reference {
  return { cloudTowerId: id, name: emptyToNull(name) };
}
