import { groupByKey } from "../../kernel/group.js";
import { forEachBatch } from "../../upstream/reads.js";
import { allSound } from "../../upstream/sound-rows.js";
import { endpointOf } from "../../upstream/wire/endpoints.js";
import type { Entity, Row } from "../../upstream/wire/types.js";
import { listingOf } from "../connections/listing.js";
import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import type { Resource, ResourceClass } from "../model/resource.js";
import { loadedByRow, type PrefetchSource, prefetchThrough } from "./loaded-by-row.js";
import type { LoadedRelation, RelationArgument } from "./relation.js";
import {
  type CountColumn,
  countIn,
  type NumberColumn,
  type StubColumn,
  type StubsColumn,
  type TextColumn,
  via,
} from "./via.js";

interface BelongsTo<F extends Entity, P extends Resource<F>, E extends Entity, C extends Resource<E>> {
  readonly from: ResourceClass<F, P>;
  readonly field: string;
  readonly to: ResourceClass<E, C>;
  /** The parent's column with the object's id and name. */
  readonly via: StubColumn<F>;
  readonly description: string;
  /** Description of the condition on the object in the parents' filter; without it the filter has none. */
  readonly filter?: string;
  /** Loads the objects in the same round as the parents, by the keys of the relation that leads to these. */
  readonly prefetch?: {
    readonly with: PrefetchSource;
    /** The objects' column that leads back to the parents. */
    readonly via: StubsColumn<E>;
  };
}

/**
 * A relation to the object that a column of the parent's row names. Its id and name cost nothing.
 *
 * @example
 * belongsTo({ from: Vm, field: "host", to: Host, via: "host", description: "The host that the VM runs on.", filter: "By the VM's host." })
 */
export function belongsTo<F extends Entity, P extends Resource<F>, E extends Entity, C extends Resource<E>>({
  from,
  field,
  to,
  via: column,
  description,
  filter,
  prefetch,
}: BelongsTo<F, P, E, C>): LoadedRelation<P, C> & { readonly many: false } {
  if (filter !== undefined) listingOf(from).filter.addOne(field, column, listingOf(to).filter as never, filter);
  const stubOf = (parent: P) => (parent.row as Readonly<Record<string, unknown>>)[column] as Row<E> | null | undefined;
  return {
    ...{ from, field, to, description },
    ...loadedByRow(to, via(to.entity, "id")),
    key: (parent) => stubOf(parent)?.id,
    keyIsId: false,
    parentColumns: [column],
    stub: namedStub(to, stubOf),
    prefetch: prefetch && prefetchThrough(to, prefetch.with, prefetch.via),
  };
}

interface HasOne<P extends GraphObject, E extends Entity, C extends Resource<E>> {
  readonly from: GraphObjectClass<P>;
  readonly field: string;
  readonly to: ResourceClass<E, C>;
  /** The objects' column that holds the key. @default "id" */
  readonly via?: StubColumn<E> | TextColumn<E> | "id";
  key(parent: P): string | null | undefined;
  /** Columns of the parent's row that `key` and `stub` read. */
  readonly parentColumns: readonly string[];
  readonly description: string;
  /** What the parent holds of the object: its id and name then cost nothing. */
  stub?(parent: P): Row<E> | null | undefined;
}

/** A relation to at most one object, which the parent's key leads to. */
export function hasOne<P extends GraphObject, E extends Entity, C extends Resource<E>>(
  relation: HasOne<P, E, C>,
): LoadedRelation<P, C> & { readonly many: false } {
  const { from, field, to, via: column = "id", key, parentColumns, description, stub } = relation;
  return {
    ...{ from, field, to, description, key, parentColumns },
    ...loadedByRow(to, via(to.entity, column)),
    keyIsId: false,
    stub: stub && namedStub(to, stub),
  };
}

interface HasMany<F extends Entity, P extends Resource<F>, E extends Entity, C extends Resource<E>> {
  readonly from: ResourceClass<F, P>;
  readonly field: string;
  readonly to: ResourceClass<E, C>;
  /** The objects' column that names the parent. */
  readonly via: StubColumn<E> | TextColumn<E>;
  readonly description: string;
  /** The parent's column that tells how many objects there are. */
  readonly expectedCount?: CountColumn<F>;
  /** The objects' columns that they are sorted by; an absent value counts as 0. */
  readonly order?: readonly NumberColumn<E>[];
  readonly inverse?: string;
  readonly argument?: RelationArgument<C>;
  readonly filter?: { readonly via: StubsColumn<F>; readonly description: string };
}

/**
 * A relation to a short list of objects that name the parent.
 *
 * @example
 * hasMany({ from: Vm, field: "disks", to: VmDisk, via: "vm", order: ["boot"], inverse: "vm", description: "The VM's disks." })
 */
export function hasMany<F extends Entity, P extends Resource<F>, E extends Entity, C extends Resource<E>>({
  from,
  field,
  to,
  via: column,
  description,
  expectedCount,
  order = [],
  inverse,
  argument,
  filter,
}: HasMany<F, P, E, C>): LoadedRelation<P, C> & { readonly many: true } {
  if (filter !== undefined) {
    listingOf(from).filter.addMany(field, filter.via, listingOf(to).filter as never, filter.description);
  }
  const { where, keysOf } = via(to.entity, column);
  return {
    kind: "loaded",
    many: true,
    ...{ from, field, to, description, inverse, argument },
    endpoints: [endpointOf(to.entity)],
    where,
    key: (parent) => parent.cloudTowerId,
    keyIsId: true,
    parentColumns: expectedCount === undefined ? ["id"] : ["id", expectedCount],
    rowColumns: [column, ...order, ...(argument?.columns ?? [])],
    expectedCount: expectedCount && ((parent) => countIn(parent.row, expectedCount)),
    async load(session, keys, exhaustive = false) {
      const found = new Map<string, C[]>();
      // All rows of a parent come in one batch.
      await forEachBatch(session, to.entity, keys, where, exhaustive, (batch) => {
        const rows = allSound(to.entity, batch);
        const sorted = order.length === 0 ? rows : rows.toSorted(byColumns(order));
        groupByKey(
          sorted.map((row) => new to(row)),
          (object) => keysOf(object.row) as string | null | undefined,
          found,
        );
      });
      return found;
    },
  };
}

/** What a parent holds of one object: its id and name. */
function namedStub<P, E extends Entity, C extends Resource<E>>(
  to: ResourceClass<E, C>,
  held: (parent: P) => Row<E> | null | undefined,
) {
  const create = (parent: P) => {
    const row = held(parent);
    return row === null || row === undefined ? null : new to(row);
  };
  return { fields: new Set(["__typename", "id", "cloudTowerId", "name"]), held, create };
}

function byColumns(columns: readonly string[]): (a: object, b: object) => number {
  const numberIn = (row: object, column: string) =>
    (row as Readonly<Record<string, number | null | undefined>>)[column] ?? 0;
  return (a, b) => {
    for (const column of columns) {
      const difference = numberIn(a, column) - numberIn(b, column);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}
