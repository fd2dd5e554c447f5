import { Filter } from "../../graph/list/filter.js";
import { List } from "../../graph/list/list.js";
import { Orders } from "../../graph/list/order.js";
import { UserRole, UserSource } from "./user.enums.js";
import { User } from "./user.type.js";

/** How users are listed. */
export const userList = new List(
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
