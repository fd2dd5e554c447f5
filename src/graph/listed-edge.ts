import { readByIds } from "../upstream/reads.js";
import { entities } from "../upstream/wire/contract.js";
import type { Entity, Row } from "../upstream/wire/types.js";
import type { FetchedEdge } from "./edge.js";
import type { Joinable, JoinableClass } from "./joinable.js";
import type { Resource, ResourceClass } from "./resource.js";

interface ToListed<P extends Joinable, E extends Entity, C extends Resource<E>> {
  readonly from: JoinableClass<P>;
  readonly field: string;
  readonly to: ResourceClass<E, C>;
  readonly description: string;
  /** What the parent's row holds of the objects; null and [] both mean none. */
  stubs(parent: P): readonly Row<E>[] | null | undefined;
  /** Fields that the stubs can answer, besides the ids. */
  readonly fields: readonly string[];
}

/**
 * An edge to a short list of objects that the parent's row names by their ids, of which the objects do not name the parent back.
 *
 * What the stubs hold costs nothing. For more, the objects of all parents are read in one call; one that is gone is left out.
 */
export function toListed<P extends Joinable, E extends Entity, C extends Resource<E>>(
  edge: ToListed<P, E, C>,
): FetchedEdge<P, C> {
  const { from, field, to, description, stubs, fields } = edge;
  return {
    kind: "fetched",
    many: true,
    ...{ from, field, to, description },
    operations: [`get-${entities[to.entity].path}`],
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
      of: (parent) => (stubs(parent) ?? []).map((stub) => new to(stub)),
    },
  };
}

/** Stands in no id. */
const SEPARATOR = ",";
