import type { Entity, Row, Where } from "../../upstream/wire/types.js";
import type { Listing } from "../connections/listing.js";
import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import type { ConnectionRelation } from "./relation.js";

interface HasConnection<P extends GraphObject, E extends Entity> {
  readonly from: GraphObjectClass<P>;
  readonly field: string;
  readonly listing: Listing<E>;
  readonly description: string;
  /** Filter that brings the rows of many parents. */
  where(parentIds: readonly string[]): Where<E>;
  /** The parent's CloudTower id on a row; several where the relation is many to many. */
  rowKey(row: Row<E>): string | readonly string[] | null | undefined;
  /** How many objects the parent's own row says there are. */
  expectedCount?(parent: P): number | undefined;
  readonly inverse?: string;
}

/** A relation to a connection below each parent; its rows name the parent. */
export function hasConnection<P extends GraphObject & { cloudTowerId: string }, E extends Entity>(
  options: HasConnection<P, E>,
): ConnectionRelation<P> {
  const { listing, rowKey, ...rest } = options;
  return {
    kind: "connection",
    ...rest,
    to: listing.resource,
    listing: listing as unknown as Listing,
    key: (parent) => parent.cloudTowerId,
    keyIsId: true,
    rowKey: (row) => rowKey(row as Row<E>),
  };
}
