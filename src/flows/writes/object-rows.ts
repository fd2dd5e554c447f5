import { objectsIn } from "../../kernel/odd-values.js";
import * as reads from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Entity, Row, Where } from "../../upstream/wire/types.js";

// The reads about writes. What is no object in a list of rows is left out: among all open tasks, or all snapshots of a VM, one odd row
// must neither prevent a write nor hide its effect.

/** All rows with one of the ids; unknown ids are omitted. */
export async function readByIds<E extends Entity>(session: UpstreamSession, entity: E, ids: readonly string[]) {
  return objectsIn<Row<E>>(await reads.readByIds(session, entity, ids));
}

/** All rows whose key is in the list. @param where filter for one batch of the keys. */
export async function readByKeys<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  keys: readonly string[],
  where: (keys: readonly string[]) => Where<E>,
) {
  return objectsIn<Row<E>>(await reads.readByKeys(session, entity, keys, where));
}

/** All matching rows. @param exhaustive also beyond a page that is shorter than it was asked to be. */
export async function readAll<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  where: Where<E>,
  exhaustive = false,
) {
  return objectsIn<Row<E>>(await reads.readAll(session, entity, where, exhaustive));
}
