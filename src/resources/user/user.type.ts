import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, requiredText, text } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { type Reference, references } from "../shared/reference.type.js";
import { UserRole, UserSource } from "./user.enums.js";

const column = columnsOf("User");

/** Source: `get-users`. */
@ObjectType("User", { implements: Node, description: "A user of CloudTower. Contact and recovery data are not shown." })
export class User extends Resource<"User"> {
  static override readonly typename = "User";
  static override readonly entity = "User";

  @column("name", requiredText, "Name as shown to users.", { filter: true, order: true })
  readonly name!: string;

  @column("username", text, "Name to log in with.", { filter: true, order: true })
  readonly username!: string | null;

  @column("display_username", text, "Name to log in with, as it is shown.")
  readonly displayUsername!: string | null;

  @column("role", UserRole.orNull, "Built-in role.", { filter: true })
  readonly role!: string | null;

  @column("roles", references, "Roles that were given to the user.")
  readonly roles!: Reference[];

  @column("source", UserSource, "Where the account comes from.", { filter: true })
  readonly source!: string;

  @column("internal", boolean, "Whether the account belongs to the system.", { filter: true })
  readonly internal!: boolean | null;
}

/** How users are listed. */
export const userList = new Listing(User);
