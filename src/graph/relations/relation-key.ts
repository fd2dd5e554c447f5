import type { PageArguments } from "../connections/page-arguments.js";
import type { ConnectionRelation } from "./relation.js";

/** Where a connection is set on its parent: the same relation with other arguments is another connection. Long arguments are hashed. */
export function connectionKey({ field, listing }: ConnectionRelation, args: PageArguments): `@${string}` {
  return `@${field}(${listing.fingerprints.of(args)})`;
}

/** The lists of a relation in the schema, such as `Cluster.vms`: cursors belong to them. */
export function connectionName({ from, field }: ConnectionRelation): string {
  return `${from.typename}.${field}`;
}
