import { readByIds } from "../../upstream/reads.js";
import { endpointOf } from "../../upstream/wire/endpoints.js";
import type { Entity, Row } from "../../upstream/wire/types.js";
import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import type { Resource, ResourceClass } from "../model/resource.js";
import type { LoadedRelation } from "./relation.js";

interface Named<P, E extends Entity, C extends Resource<E>> {
  /** A class whose objects hold CloudTower ids instead of a row, such as the result of a mutation. */
  readonly from: { readonly typename: string; readonly prototype: P };
  readonly field: string;
  readonly to: ResourceClass<E, C>;
  readonly description: string;
}

/**
 * A relation to the object whose CloudTower id the parent holds; null if CloudTower does not show the object.
 *
 * Its ids cost nothing. For more, the objects of all parents are read in one call.
 *
 * @param named.id the id; null if the object does not exist, or is not known.
 */
export function namesOne<P extends object, E extends Entity, C extends Resource<E>>({
  from,
  id,
  ...named
}: Named<P, E, C> & { id(parent: P): string | null }): LoadedRelation {
  const { to } = named;
  const key = (parent: GraphObject) => id(parent as unknown as P);
  const stubOf = (parent: GraphObject) => {
    const local = key(parent);
    return local === null ? null : ({ id: local } as Row<E>);
  };
  return {
    ...{ kind: "loaded", many: false, keyIsId: false, parentColumns: [], rowColumns: [] },
    ...named,
    from: from as unknown as GraphObjectClass,
    endpoints: [endpointOf(to.entity)],
    key,
    async load(session, keys) {
      return new Map((await readByIds(session, to.entity, keys)).map((row) => [row.id, new to(row)]));
    },
    stub: {
      fields: ID_FIELDS,
      held: stubOf,
      create: (parent) => {
        const stub = stubOf(parent);
        return stub === null ? null : new to(stub);
      },
    },
  };
}

/** Like `namesOne`, for several objects; those that CloudTower does not show are omitted. */
export function namesMany<P extends object, E extends Entity, C extends Resource<E>>({
  from,
  ids,
  ...named
}: Named<P, E, C> & { ids(parent: P): readonly string[] }): LoadedRelation {
  const { to } = named;
  const idsOf = (parent: GraphObject) => ids(parent as unknown as P);
  return {
    ...{ kind: "loaded", many: true, keyIsId: false, parentColumns: [], rowColumns: [] },
    ...named,
    from: from as unknown as GraphObjectClass,
    endpoints: [endpointOf(to.entity)],
    key: (parent) => idsOf(parent).join(SEPARATOR) || null,
    async load(session, keys) {
      const lists = keys.map((key) => [key, key.split(SEPARATOR)] as const);
      const rows = await readByIds(session, to.entity, [...new Set(lists.flatMap(([, list]) => list))]);
      const byId = new Map(rows.map((row) => [row.id, new to(row)]));
      return new Map(lists.map(([key, list]) => [key, list.flatMap((id) => byId.get(id) ?? [])]));
    },
    stub: {
      fields: ID_FIELDS,
      held: (parent) => idsOf(parent).map((id) => ({ id })),
      create: (parent) => idsOf(parent).map((id) => new to({ id } as Row<E>)),
    },
  };
}

const ID_FIELDS: ReadonlySet<string> = new Set(["__typename", "id", "cloudTowerId"]);

/** Occurs in no id. */
const SEPARATOR = ",";
