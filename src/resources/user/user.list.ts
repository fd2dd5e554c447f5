import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { UserRole, UserSource } from "./user.enums.js";
import { User } from "./user.type.js";

/** How users are listed. */
export const userList = new Listing(
  User,
  new Filter("User", "User", {
    name: "name",
    username: "username",
    role: ["role", UserRole],
    source: ["source", UserSource],
    internal: "internal",
  }),
  new Orders("User", "User", {
    NAME: "name",
    USERNAME: "username",
  }),
);
