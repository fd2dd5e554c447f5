import type { PageArguments } from "../connections/page-arguments.js";
import type { ConnectionRelation } from "./relation.js";

/** Where a connection is set on its parent: the same relation with other arguments is another connection. */
export function connectionKey(relation: ConnectionRelation, args: PageArguments): `@${string}` {
  return `@${relation.field}(${JSON.stringify(args)})`;
}
