import type { Entity, Row } from "../../upstream/wire/types.js";
import { type Listing, listingOf } from "../connections/listing.js";
import type { Resource, ResourceClass } from "../model/resource.js";
import type { ConnectionRelation } from "./relation.js";
import { type CountColumn, countIn, type StubsColumn, type ViaColumn, via } from "./via.js";

interface HasConnection<F extends Entity, P extends Resource<F>, E extends Entity, C extends Resource<E>> {
  readonly from: ResourceClass<F, P>;
  readonly field: string;
  readonly to: ResourceClass<E, C>;
  /** The objects' column that names the parent; several parents if it is a list of stubs. */
  readonly via: ViaColumn<E>;
  readonly description: string;
  /** The parent's column that tells how many objects there are. */
  readonly expectedCount?: CountColumn<F>;
  /** Like `expectedCount`, but only decides how the objects are read, since it may count others as well. @default expectedCount */
  readonly roughCount?: CountColumn<F>;
  readonly inverse?: string;
  readonly filter?: { readonly via: StubsColumn<F>; readonly description: string };
}

/**
 * A relation to a connection below each parent; the objects' rows name the parent.
 *
 * @example
 * hasConnection({ from: Host, field: "vms", to: Vm, via: "host", inverse: "host", description: "The VMs on the host." })
 */
export function hasConnection<F extends Entity, P extends Resource<F>, E extends Entity, C extends Resource<E>>({
  from,
  field,
  to,
  via: column,
  description,
  expectedCount,
  roughCount = expectedCount,
  inverse,
  filter,
}: HasConnection<F, P, E, C>): ConnectionRelation<P> {
  const listing = listingOf(to);
  if (filter !== undefined) {
    listingOf(from).filter.addMany(field, filter.via, listing.filter as never, filter.description);
  }
  const { where, keysOf } = via(to.entity, column);
  return {
    kind: "connection",
    ...{ from, field, to, description, inverse },
    listing: listing as unknown as Listing,
    key: (parent) => parent.cloudTowerId,
    keyIsId: true,
    parentColumns: ["id", ...new Set([expectedCount, roughCount].filter((name) => name !== undefined))],
    where,
    rowKey: (row) => keysOf(row as Row<E>),
    rowColumns: [column],
    expectedCount: expectedCount && ((parent) => countIn(parent.row, expectedCount)),
    roughCount: roughCount && ((parent) => countIn(parent.row, roughCount)),
  };
}
