import { readByIds } from "../../upstream/reads.js";
import { soundRows } from "../../upstream/sound-rows.js";
import { endpointOf } from "../../upstream/wire/endpoints.js";
import type { Entity, Row } from "../../upstream/wire/types.js";
import { listingOf } from "../connections/listing.js";
import type { Resource, ResourceClass } from "../model/resource.js";
import type { LoadedRelation } from "./relation.js";
import type { StubsColumn } from "./via.js";

interface HasManyByIds<F extends Entity, P extends Resource<F>, E extends Entity, C extends Resource<E>> {
  readonly from: ResourceClass<F, P>;
  readonly field: string;
  readonly to: ResourceClass<E, C>;
  /** The parent's column with the stubs of the objects; null and [] both mean none. */
  readonly via: StubsColumn<F>;
  readonly description: string;
  /** Fields that the stubs can answer, besides the ids. */
  readonly stubFields: readonly string[];
  /** Description of the conditions on the objects in the parents' filter; without it the filter has none. */
  readonly filter?: string;
}

/**
 * A relation to a short list of objects that a column of the parent's row names, while the objects do not name the parent.
 *
 * What the stubs hold costs nothing. For more, the objects of all parents are read in one call; those that no longer exist are omitted.
 */
export function hasManyByIds<F extends Entity, P extends Resource<F>, E extends Entity, C extends Resource<E>>({
  from,
  field,
  to,
  via,
  description,
  stubFields,
  filter,
}: HasManyByIds<F, P, E, C>): LoadedRelation<P, C> & { readonly many: true } {
  if (filter !== undefined) listingOf(from).filter.addMany(field, via, listingOf(to).filter as never, filter);
  const stubs = (parent: P) =>
    (parent.row as Readonly<Record<string, unknown>>)[via] as readonly Row<E>[] | null | undefined;
  return {
    kind: "loaded",
    many: true,
    ...{ from, field, to, description },
    endpoints: [endpointOf(to.entity)],
    key: (parent) =>
      stubs(parent)
        ?.map(({ id }) => id)
        .join(SEPARATOR) || null,
    keyIsId: false,
    parentColumns: [via],
    rowColumns: [],
    async load(session, keys) {
      const lists = keys.map((key) => [key, key.split(SEPARATOR)] as const);
      const read = await readByIds(session, to.entity, [...new Set(lists.flatMap(([, ids]) => ids))]);
      const { rows, odd } = soundRows(to.entity, read);
      const byId = new Map(rows.map((row) => [row.id, new to(row)]));
      const listOf = (ids: readonly string[]) =>
        odd !== undefined && ids.some((id) => !byId.has(id)) ? odd : ids.flatMap((id) => byId.get(id) ?? []);
      return new Map(lists.map(([key, ids]) => [key, listOf(ids)]));
    },
    stub: {
      fields: new Set(["__typename", "id", "cloudTowerId", ...stubFields]),
      held: stubs,
      create: (parent) => (stubs(parent) ?? []).map((stub) => new to(stub)),
    },
  };
}

/** Occurs in no id. */
const SEPARATOR = ",";
