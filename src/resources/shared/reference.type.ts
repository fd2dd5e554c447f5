import { Field, ObjectType } from "type-graphql";
import { textOrNull } from "../../graph/model/upstream-values.js";

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

/** The object behind a stub; null for none. */
export function referenceTo(stub: Stub | null | undefined): Reference | null {
  return stub ? { cloudTowerId: stub.id, name: textOrNull(stub.name) } : null;
}

/** The objects behind a list of stubs, which CloudTower may send as null. */
export function referencesTo(stubs: readonly Stub[] | null | undefined): Reference[] {
  return (stubs ?? []).map((stub) => ({ cloudTowerId: stub.id, name: textOrNull(stub.name) }));
}
