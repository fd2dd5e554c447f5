import { Field, ObjectType } from "type-graphql";
import type { UpstreamSession } from "../../upstream/session.js";

/** What answers here. */
@ObjectType({ description: "What answers here: this gateway, and the CloudTower behind it." })
export class Gateway {
  @Field(() => String, { description: "Version of TowerQL." })
  readonly version!: string;

  @Field(() => String, { nullable: true, description: "Version of CloudTower, where it tells." })
  readonly upstreamVersion!: (args: unknown, context: { readonly session: UpstreamSession }) => Promise<string | null>;

  @Field(() => Boolean, { description: "True where the embedded simulator answers: none of the data is real." })
  readonly simulated!: boolean;
}
