import { groupByKey, indexByKey } from "../kernel/group.js";
import { takeByKeys } from "../upstream/reads.js";
import type { UpstreamSession } from "../upstream/session.js";
import { entities } from "../upstream/wire/contract.js";
import type { Entity, Row, Where } from "../upstream/wire/types.js";
import type { Edge, FetchedEdge, Narrowing } from "./edge.js";
import type { Joinable, JoinableClass } from "./joinable.js";
import type { Resource, ResourceClass } from "./resource.js";

interface Target<P extends Joinable, E extends Entity, C extends Resource<E>> {
  readonly from: JoinableClass<P>;
  readonly field: string;
  readonly to: ResourceClass<E, C>;
  readonly description: string;
  /** Filter that brings the rows of many keys. */
  where(keys: readonly string[]): Where<E>;
  /** Which key a row answers. */
  rowKey(row: Row<E>): string | null | undefined;
}

interface ToOne<P extends Joinable, E extends Entity, C extends Resource<E>> extends Target<P, E, C> {
  key(parent: P): string | null | undefined;
  /** Fields of the object that the parent's row can answer, and what it holds of it. */
  readonly stub?: { readonly fields: readonly string[]; row(parent: P): Row<E> | null | undefined };
  readonly early?: { readonly via: Edge; where(keys: readonly string[]): Where<E> };
}

interface BelongsTo<P extends Joinable, E extends Entity, C extends Resource<E>>
  extends Pick<ToOne<P, E, C>, "from" | "field" | "to" | "description" | "early"> {
  /** What the parent's row holds of the object: id and name. */
  stub(parent: P): (Row<E> & { readonly name?: string | null }) | null | undefined;
}

/** An edge to the object that the parent's row names; its id and name cost nothing. */
export function belongsTo<P extends Joinable, E extends Entity, C extends Resource<E>>({
  stub,
  ...edge
}: BelongsTo<P, E, C>): FetchedEdge<P, C> {
  return toOne({
    ...edge,
    key: (parent) => stub(parent)?.id,
    where: (id_in) => ({ id_in }) as unknown as Where<E>,
    rowKey: (row) => row.id,
    stub: { fields: ["id", "cloudTowerId", "name"], row: stub },
  });
}

/** An edge to at most one object. */
export function toOne<P extends Joinable, E extends Entity, C extends Resource<E>>(
  edge: ToOne<P, E, C>,
): FetchedEdge<P, C> {
  const { from, field, to, description, key, stub, early } = edge;
  const load = async (session: UpstreamSession, keys: readonly string[], where: typeof edge.where) => {
    const found = new Map<string, C>();
    await takeByKeys(session, to.entity, keys, where, false, (rows) => {
      indexByKey(build(to, rows), (object) => edge.rowKey(object.row), found);
    });
    return found;
  };
  return {
    kind: "fetched",
    many: false,
    ...{ from, field, to, description, key, operations: [operationOf(to)] },
    keyIsId: false,
    load: (session, keys) => load(session, keys, edge.where),
    readRow: (row: Row<E>) => edge.rowKey(row),
    stub: stub && {
      fields: new Set(["__typename", ...stub.fields]),
      of(parent) {
        const row = stub.row(parent);
        return row === null || row === undefined ? null : new to(row);
      },
    },
    early: early && {
      via: early.via,
      load: (session, keys) => load(session, keys, early.where),
    },
  };
}

interface ToMany<P extends Joinable, E extends Entity, C extends Resource<E>> extends Target<P, E, C> {
  /** Left out where it is the parent's CloudTower id. */
  key?(parent: P): string | null | undefined;
  expected?(parent: P): number | undefined;
  compare?(a: Row<E>, b: Row<E>): number;
  readonly back?: string;
  readonly narrowing?: Narrowing<C>;
}

/** An edge to a list that is bounded by nature; its rows name the parent. */
export function toMany<P extends Joinable & { cloudTowerId: string }, E extends Entity, C extends Resource<E>>(
  edge: ToMany<P, E, C>,
): FetchedEdge<P, C> {
  const { from, field, to, description, compare, expected, back, narrowing } = edge;
  return {
    kind: "fetched",
    many: true,
    ...{ from, field, to, description, operations: [operationOf(to)], expected, back, narrowing },
    key: edge.key ?? ((parent) => parent.cloudTowerId),
    keyIsId: edge.key === undefined,
    readRow(row: Row<E>) {
      edge.rowKey(row);
      compare?.(row, row);
    },
    async load(session, keys, toTheEnd) {
      const found = new Map<string, C[]>();
      // All rows of a parent come in one piece.
      await takeByKeys(session, to.entity, keys, edge.where, toTheEnd ?? false, (rows) => {
        const sorted = compare === undefined ? rows : rows.toSorted(compare);
        groupByKey(build(to, sorted), (object) => edge.rowKey(object.row), found);
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
