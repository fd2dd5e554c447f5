import { asError } from "../../kernel/errors.js";
import { Fingerprints } from "../../kernel/fingerprints.js";
import { singleFlight } from "../../kernel/single-flight.js";
import { readCount } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { endpointOf } from "../../upstream/wire/endpoints.js";
import type { Entity, Where } from "../../upstream/wire/types.js";
import type { Resource, ResourceClass } from "../model/resource.js";
import { Connection, connectionTypes } from "./connection.js";
import { Filter, type FilterOptions } from "./filter.js";
import { columnsOfOrder, type Ordering, Orders, reversed } from "./order.js";
import { afterPosition, orderedRows, orderingInVersion } from "./ordered-rows.js";
import { type PageArguments, type PageLimits, type PageRequest, pageRequest } from "./page-arguments.js";
import { allOf } from "./rows-by-column.js";

/** Options of a list. */
export interface ListingOptions<E extends Entity = Entity> extends FilterOptions {
  readonly leftOut?: LeftOut<E>;
  /** Orders by columns that no field shows unchanged: CloudTower's column by the name in the order. */
  readonly order?: Readonly<Record<string, string>>;
}

/** Objects that a list leaves out unless the client asks for them. */
export interface LeftOut<E extends Entity = Entity> {
  /** The argument that includes them if it is true. */
  readonly argument: string;
  readonly description: string;
  /** They are also included if the filter names this field, at any depth. */
  readonly filterField: string;
  /** Filter for all others. */
  readonly others: Where<E>;
}

/** A page to read, with CloudTower's filter for the list. */
export interface ListRequest<E extends Entity = Entity> extends PageRequest {
  readonly where: Where<E> | undefined;
  /** Whether the client gave a filter. */
  readonly isFiltered: boolean;
}

/** A type that can be listed, with its filter, its orders and its connection types. */
export class Listing<E extends Entity = Entity> {
  readonly types: { readonly connection: object; readonly edge: object };
  readonly filter: Filter<E>;
  readonly orders: Orders<E>;
  readonly leftOut: LeftOut<E> | undefined;
  readonly fingerprints = new Fingerprints();

  constructor(
    readonly resource: ResourceClass<E, Resource<E>>,
    options: ListingOptions<E> = {},
  ) {
    this.leftOut = options.leftOut;
    this.filter = new Filter(resource, options);
    this.orders = new Orders(resource, options.order);
    this.types = connectionTypes(resource);
    Object.defineProperty(resource, LISTING, { value: this });
  }

  /**
   * Checks the arguments of a page, without a call.
   *
   * @param name the list's place in the schema: cursors belong to it.
   * @throws TowerError BAD_USER_INPUT
   */
  request(name: string, args: PageArguments, limits: PageLimits): ListRequest<E> {
    const where = this.whereOf(args);
    const filter = where === undefined ? "" : this.fingerprints.of(where);
    const page = pageRequest(args, { name, ordering: this.orders.ordering(args.orderBy), filter }, limits);
    return { ...page, where, isFiltered: args.filter != null };
  }

  /** CloudTower's filter for the list; undefined for everything. @throws TowerError BAD_USER_INPUT */
  whereOf(args: PageArguments): Where<E> | undefined {
    return allOf<E>(this.withoutLeftOut(args), this.filter.toWhere(args.filter));
  }

  /** The filter for the objects that are not left out; undefined if all are included. */
  private withoutLeftOut(args: PageArguments): Where<E> | undefined {
    if (this.leftOut === undefined) return undefined;
    const { argument, filterField, others } = this.leftOut;
    const isIncluded = (args as Readonly<Record<string, unknown>>)[argument] === true;
    return isIncluded || names(args.filter, filterField) ? undefined : others;
  }

  /**
   * Reads one page, with one upstream call unless ties or missing values require more.
   *
   * @param withCount read the total in parallel with the page; otherwise it is read when `totalCount` is accessed.
   * @param scope a filter in addition to the client's.
   */
  async page(
    session: UpstreamSession,
    page: ListRequest<E>,
    withCount: boolean,
    scope?: Where<E>,
  ): Promise<Connection> {
    const filter = allOf<E>(scope, page.where);
    await refuseIfMissing(session, this.resource.entity, page.reading);
    const reading = await orderingInVersion(session, this.resource.entity, page.reading);
    const count = singleFlight(() => readCount(session, this.resource.entity, filter), { keepResult: true });
    const counted = withCount ? count().catch(asError) : undefined;
    const until = page.until && afterPosition(reversed(reading), page.until);
    const rows = await orderedRows(session, {
      entity: this.resource.entity,
      where: allOf<E>(filter, until),
      ordering: reading,
      after: page.after,
      limit: page.size + 1,
    });
    const objects = rows.map((row) => new this.resource(row));
    const known = await counted;
    return new Connection(objects, page, known === undefined ? count : () => known);
  }
}

/** Throws if CloudTower's version lacks the order: also the count, which could be read without it, is not read then. */
async function refuseIfMissing(session: UpstreamSession, entity: Entity, ordering: Ordering): Promise<void> {
  for (const column of columnsOfOrder(ordering)) {
    const missing = session.missing(endpointOf(entity), { orderBy: `${column}_ASC` });
    const error = missing && (await missing);
    if (error !== undefined && !error.lacksList) throw error;
  }
}

/** Whether a filter names a field, at any depth. */
function names(filter: unknown, field: string): boolean {
  if (typeof filter !== "object" || filter === null) return false;
  return Object.entries(filter).some(([name, value]) => name === field || names(value, field));
}

/** Stored on the class itself. */
const LISTING = Symbol("listing");

/** The listing of a class. */
export function listingOf<E extends Entity>(resource: ResourceClass<E>): Listing<E> {
  const { [LISTING]: listing } = resource as { [LISTING]?: Listing<E> };
  if (listing === undefined) throw new Error(`${resource.typename} has no listing`);
  return listing;
}
