import { groupByKey, indexByKey } from "../../kernel/group.js";
import { forEachBatch } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { entities } from "../../upstream/wire/contract.js";
import type { Entity, Row, Where } from "../../upstream/wire/types.js";
import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import type { Resource, ResourceClass } from "../model/resource.js";
import type { LoadedRelation, Relation, RelationArgument } from "./relation.js";

interface Target<P extends GraphObject, E extends Entity, C extends Resource<E>> {
  readonly from: GraphObjectClass<P>;
  readonly field: string;
  readonly to: ResourceClass<E, C>;
  readonly description: string;
  /** Filter that brings the rows of many keys. */
  where(keys: readonly string[]): Where<E>;
  /** Which key a row answers. */
  rowKey(row: Row<E>): string | null | undefined;
}

interface HasOne<P extends GraphObject, E extends Entity, C extends Resource<E>> extends Target<P, E, C> {
  key(parent: P): string | null | undefined;
  /** Fields of the object that the parent's row can answer, and what it holds of it. */
  readonly stub?: { readonly fields: readonly string[]; row(parent: P): Row<E> | null | undefined };
  readonly prefetch?: { readonly via: Relation; where(keys: readonly string[]): Where<E> };
}

interface BelongsTo<P extends GraphObject, E extends Entity, C extends Resource<E>>
  extends Pick<HasOne<P, E, C>, "from" | "field" | "to" | "description" | "prefetch"> {
  /** What the parent's row holds of the object: id and name. */
  stub(parent: P): (Row<E> & { readonly name?: string | null }) | null | undefined;
}

/** A relation to the object that the parent's row names; its id and name cost nothing. */
export function belongsTo<P extends GraphObject, E extends Entity, C extends Resource<E>>({
  stub,
  ...relation
}: BelongsTo<P, E, C>): LoadedRelation<P, C> {
  return hasOne({
    ...relation,
    key: (parent) => stub(parent)?.id,
    where: (id_in) => ({ id_in }) as unknown as Where<E>,
    rowKey: (row) => row.id,
    stub: { fields: ["id", "cloudTowerId", "name"], row: stub },
  });
}

/** A relation to at most one object. */
export function hasOne<P extends GraphObject, E extends Entity, C extends Resource<E>>(
  relation: HasOne<P, E, C>,
): LoadedRelation<P, C> {
  const { from, field, to, description, key, stub, prefetch } = relation;
  const load = async (session: UpstreamSession, keys: readonly string[], where: typeof relation.where) => {
    const found = new Map<string, C>();
    await forEachBatch(session, to.entity, keys, where, false, (rows) => {
      indexByKey(build(to, rows), (object) => relation.rowKey(object.row), found);
    });
    return found;
  };
  return {
    kind: "loaded",
    many: false,
    ...{ from, field, to, description, key, endpoints: [operationOf(to)] },
    keyIsId: false,
    load: (session, keys) => load(session, keys, relation.where),
    readRow: (row: Row<E>) => relation.rowKey(row),
    stub: stub && {
      fields: new Set(["__typename", ...stub.fields]),
      create(parent) {
        const row = stub.row(parent);
        return row === null || row === undefined ? null : new to(row);
      },
    },
    prefetch: prefetch && {
      via: prefetch.via,
      load: (session, keys) => load(session, keys, prefetch.where),
    },
  };
}

interface HasMany<P extends GraphObject, E extends Entity, C extends Resource<E>> extends Target<P, E, C> {
  /** Left out where it is the parent's CloudTower id. */
  key?(parent: P): string | null | undefined;
  expectedCount?(parent: P): number | undefined;
  compare?(a: Row<E>, b: Row<E>): number;
  readonly inverse?: string;
  readonly argument?: RelationArgument<C>;
}

/** A relation to a list that is bounded by nature; its rows name the parent. */
export function hasMany<P extends GraphObject & { cloudTowerId: string }, E extends Entity, C extends Resource<E>>(
  relation: HasMany<P, E, C>,
): LoadedRelation<P, C> {
  const { from, field, to, description, compare, expectedCount, inverse, argument } = relation;
  return {
    kind: "loaded",
    many: true,
    ...{ from, field, to, description, endpoints: [operationOf(to)], expectedCount, inverse, argument },
    key: relation.key ?? ((parent) => parent.cloudTowerId),
    keyIsId: relation.key === undefined,
    readRow(row: Row<E>) {
      relation.rowKey(row);
      compare?.(row, row);
    },
    async load(session, keys, toTheEnd) {
      const found = new Map<string, C[]>();
      // All rows of a parent come in one piece.
      await forEachBatch(session, to.entity, keys, relation.where, toTheEnd ?? false, (rows) => {
        const sorted = compare === undefined ? rows : rows.toSorted(compare);
        groupByKey(build(to, sorted), (object) => relation.rowKey(object.row), found);
      });
      return found;
    },
  };
}

function operationOf(to: { readonly entity: Entity }): string {
  return `get-${entities[to.entity].path}`;
}

function build<E extends Entity, C extends Resource<E>>(to: ResourceClass<E, C>, rows: readonly Row<E>[]): C[] {
  return rows.map((row) => new to(row));
}
