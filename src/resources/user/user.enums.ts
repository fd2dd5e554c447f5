import { defineEnum } from "../../graph/connections/define-enum.js";

/** Built-in role of a user. */
export const UserRole = defineEnum("UserRole", "Built-in role of a user.", {
  ROOT: "Can do everything and cannot be removed.",
  ADMIN: "Can do everything.",
  READ_ONLY: "Can only read.",
});

/** Source of an account. */
export const UserSource = defineEnum("UserSource", "Source of an account.", {
  LOCAL: "CloudTower itself.",
  LDAP: "An LDAP directory.",
  AUTHN: "A directory, through the authentication service.",
  SSO: "Single sign-on.",
});
