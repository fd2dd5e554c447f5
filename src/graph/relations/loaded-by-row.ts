import { indexByKey } from "../../kernel/group.js";
import { forEachBatch } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { soundRows } from "../../upstream/sound-rows.js";
import { endpointOf } from "../../upstream/wire/endpoints.js";
import type { Entity, Where } from "../../upstream/wire/types.js";
import type { GraphObject } from "../model/graph-object.js";
import type { Resource, ResourceClass } from "../model/resource.js";
import type { LoadedRelation } from "./relation.js";
import { type StubsColumn, type Via, via } from "./via.js";

/** The part of a relation to one object that loads it by its own row. */
export function loadedByRow<E extends Entity, C extends Resource<E>>(to: ResourceClass<E, C>, by: Via<E>) {
  return {
    kind: "loaded",
    many: false,
    endpoints: [endpointOf(to.entity)],
    rowColumns: [by.column],
    load: (session: UpstreamSession, keys: readonly string[]) => load(session, to, by, keys),
  } as const;
}

/** A relation whose keys also lead to what is below its objects. */
export type PrefetchSource = Pick<LoadedRelation, "field" | "where"> & { readonly from: { readonly typename: string } };

/**
 * Another way to objects by their ids: through the relation that leads to their parents, by its keys.
 *
 * @param column the objects' column with the stubs of the parents.
 */
export function prefetchThrough<E extends Entity, C extends Resource<E>>(
  to: ResourceClass<E, C>,
  parents: PrefetchSource,
  column: StubsColumn<E>,
): LoadedRelation<GraphObject, C>["prefetch"] {
  const { where } = parents;
  if (where === undefined) throw new Error(`${parents.from.typename}.${parents.field} has no filter to prefetch with`);
  const by = via(to.entity, "id");
  const through = { ...by, where: (keys: readonly string[]) => ({ [`${column}_some`]: where(keys) }) as Where<E> };
  return { with: parents as LoadedRelation, load: (session, keys) => load(session, to, through, keys) };
}

async function load<E extends Entity, C extends Resource<E>>(
  session: UpstreamSession,
  to: ResourceClass<E, C>,
  { where, keysOf }: Via<E>,
  keys: readonly string[],
): Promise<Map<string, C | Error>> {
  const found = new Map<string, C | Error>();
  const oddRows: Error[] = [];
  await forEachBatch(session, to.entity, keys, where, false, (batch) => {
    const { rows, odd } = soundRows(to.entity, batch);
    if (odd !== undefined) oddRows.push(odd);
    indexByKey<string, C | Error>(
      rows.map((row) => new to(row)),
      (object) => keysOf((object as C).row) as string | null | undefined,
      found,
    );
  });
  // The row of any key that was not found.
  const [odd] = oddRows;
  if (odd !== undefined) for (const key of keys) if (!found.has(key)) found.set(key, odd);
  return found;
}
