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
@ObjectType("User", {
  implements: Node,
  description: "A user of CloudTower. Contact and recovery data are not exposed.",
})
export class User extends Resource<"User"> {
  static override readonly typename = "User";
  static override readonly entity = "User";

  @column("name", requiredText, "Display name.", { filter: true })
  readonly name!: string;

  @column("username", text, "Login name.", { filter: true })
  readonly username!: string | null;

  @column("display_username", text, "Login name, as displayed.")
  readonly displayUsername!: string | null;

  @column("role", UserRole.orNull, "Built-in role.", { filter: true })
  readonly role!: string | null;

  @column("roles", references, "Roles assigned to the user.")
  readonly roles!: Reference[];

  @column("source", UserSource, "Source of the account.", { filter: true })
  readonly source!: string;

  @column("internal", boolean, "Whether the account belongs to the system.", { filter: true })
  readonly internal!: boolean | null;
}

/** Listing of users. */
export const userList = new Listing(User);
