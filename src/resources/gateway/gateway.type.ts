import { Extensions, Field, ObjectType } from "type-graphql";
import type { ComputedCalls } from "../../graph/schema/computed-field.js";
import type { UpstreamSession } from "../../upstream/session.js";

/** This gateway and the CloudTower that it connects to. */
@ObjectType({ description: "This gateway and the CloudTower that it connects to." })
export class Gateway {
  @Field(() => String, { description: "Version of TowerQL." })
  readonly version!: string;

  @Extensions({ calls: { perObject: 1 } satisfies ComputedCalls })
  @Field(() => String, { nullable: true, description: "Version of CloudTower; null if CloudTower does not report it." })
  readonly upstreamVersion!: (args: unknown, context: { readonly session: UpstreamSession }) => Promise<string | null>;

  @Field(() => Boolean, { description: "True if the data comes from the embedded simulator; none of it is real." })
  readonly simulated!: boolean;
}
