import { defineEnum } from "../../graph/connections/define-enum.js";

/** A built-in role. */
export const UserRole = defineEnum("UserRole", "A built-in role of users.", {
  ROOT: "May do everything, and cannot be removed.",
  ADMIN: "May do everything.",
  READ_ONLY: "May only look.",
});

/** Where an account comes from. */
export const UserSource = defineEnum("UserSource", "Where an account comes from.", {
  LOCAL: "CloudTower itself.",
  LDAP: "A directory.",
  AUTHN: "A directory, by the authentication service.",
  SSO: "Single sign-on.",
});
