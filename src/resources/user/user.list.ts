import { Filter } from "../../graph/list/filter.js";
import { List } from "../../graph/list/list.js";
import { Orders } from "../../graph/list/order.js";
import { User } from "./user.type.js";

/** How users are listed. */
export const userList = new List(
  User,
  new Filter("User", "User", {
    name: "name",
    username: "username",
  }),
  new Orders("User", "User", {
    NAME: "name",
  }),
);
