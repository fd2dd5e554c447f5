import { readByIds } from "../../upstream/reads.js";
import { entities } from "../../upstream/wire/contract.js";
import type { Entity, Row } from "../../upstream/wire/types.js";
import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import type { Resource, ResourceClass } from "../model/resource.js";
import type { LoadedRelation } from "./relation.js";

interface HasManyByIds<P extends GraphObject, E extends Entity, C extends Resource<E>> {
  readonly from: GraphObjectClass<P>;
  readonly field: string;
  readonly to: ResourceClass<E, C>;
  readonly description: string;
  /** What the parent's row holds of the objects; null and [] both mean none. */
  stubs(parent: P): readonly Row<E>[] | null | undefined;
  /** Fields that the stubs can answer, besides the ids. */
  readonly fields: readonly string[];
}

/**
 * A relation to a short list of objects that the parent's row names by their ids, of which the objects do not name the parent back.
 *
 * What the stubs hold costs nothing. For more, the objects of all parents are read in one call; one that is gone is left out.
 */
export function hasManyByIds<P extends GraphObject, E extends Entity, C extends Resource<E>>(
  relation: HasManyByIds<P, E, C>,
): LoadedRelation<P, C> {
  const { from, field, to, description, stubs, fields } = relation;
  return {
    kind: "loaded",
    many: true,
    ...{ from, field, to, description },
    endpoints: [`get-${entities[to.entity].path}`],
    key: (parent) =>
      stubs(parent)
        ?.map(({ id }) => id)
        .join(SEPARATOR) || null,
    keyIsId: false,
    readRow: () => {},
    async load(session, keys) {
      const lists = keys.map((key) => [key, key.split(SEPARATOR)] as const);
      const rows = await readByIds(session, to.entity, [...new Set(lists.flatMap(([, ids]) => ids))]);
      const byId = new Map(rows.map((row) => [row.id, new to(row)]));
      return new Map(lists.map(([key, ids]) => [key, ids.flatMap((id) => byId.get(id) ?? [])]));
    },
    stub: {
      fields: new Set(["__typename", "id", "cloudTowerId", ...fields]),
      create: (parent) => (stubs(parent) ?? []).map((stub) => new to(stub)),
    },
  };
}

/** Stands in no id. */
const SEPARATOR = ",";
