import { Field, ObjectType } from "type-graphql";
import { Node } from "../../graph/node.js";
import { Resource } from "../../graph/resource.js";
import { textOrNull } from "../../graph/values.js";

/** Source: `get-users`. */
@ObjectType("User", { implements: Node, description: "A user of CloudTower. Contact and recovery data are not shown." })
export class User extends Resource<"User"> {
  static override readonly typename = "User";
  static override readonly entity = "User";

  @Field(() => String, { description: "Name as shown to users." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => String, { nullable: true, description: "Name to log in with." })
  get username(): string | null {
    return textOrNull(this.row.username);
  }
}
