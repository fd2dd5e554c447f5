import { Field, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { textOrNull } from "../../graph/model/upstream-values.js";
import { Reference, referencesTo } from "../shared/reference.type.js";
import { UserRole, UserSource } from "./user.enums.js";

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

  @Field(() => String, { nullable: true, description: "Name to log in with, as it is shown." })
  get displayUsername(): string | null {
    return textOrNull(this.row.display_username);
  }

  @Field(() => UserRole.type, { nullable: true, description: "Built-in role." })
  get role(): string | null {
    return UserRole.fromUpstreamOrNull(this.row.role);
  }

  @Field(() => [Reference], { description: "Roles that were given to the user." })
  get roles(): Reference[] {
    return referencesTo(this.row.roles);
  }

  @Field(() => UserSource.type, { description: "Where the account comes from." })
  get source(): string {
    return UserSource.fromUpstream(this.row.source);
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the account belongs to the system." })
  get internal(): boolean | null {
    return this.row.internal ?? null;
  }
}
