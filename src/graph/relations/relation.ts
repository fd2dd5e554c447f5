import type { UpstreamSession } from "../../upstream/session.js";
import type { Listing } from "../connections/listing.js";
import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import type { ResultsByKey } from "./results-by-key.js";

/**
 * A field that leads from one type to another, described once.
 *
 * The field with its arguments, its resolver, its DataLoader, its part in the look-ahead, its price, its line in the documentation and
 * its counting test follow from the description.
 */
export type Relation<P extends GraphObject = GraphObject> =
  | EmbeddedRelation<P>
  | LoadedRelation<P>
  | ConnectionRelation<P>;

interface RelationBase<P extends GraphObject> {
  readonly from: GraphObjectClass<P>;
  readonly field: string;
  readonly to: GraphObjectClass;
  /** For clients. */
  readonly description: string;
  /**
   * Columns that the relation reads of the parent's row: its key, what it is embedded from, the count, the stub. For a parent that is
   * embedded itself, those of the row that it arrived in.
   */
  readonly parentColumns: readonly string[];
  /** Field of the object that leads back to exactly this parent: set without a call. */
  readonly inverse?: string;
}

/** An argument that narrows a short list, such as `disks(type: DISK)`; it is applied in memory. */
export interface RelationArgument<C> {
  readonly name: string;
  readonly type: () => object;
  readonly description: string;
  /** Columns of the object's row that `matches` reads. */
  readonly columns: readonly string[];
  matches(object: C, value: unknown): boolean;
}

/** A relation that costs nothing: the parent's row holds all there is to know. */
export interface EmbeddedRelation<P extends GraphObject = GraphObject, C extends GraphObject = GraphObject>
  extends RelationBase<P> {
  readonly kind: "embedded";
  readonly many: boolean;
  readonly nullable: boolean;
  embed(parent: P): C | C[] | null;
  readonly argument?: RelationArgument<C>;
}

/** What a row holds of a related object. */
export type StubRow = Readonly<Record<string, unknown>>;

/** A relation whose objects are loaded: those of all parents of a selection in one call. */
export interface LoadedRelation<P extends GraphObject = GraphObject, C extends GraphObject = GraphObject>
  extends RelationBase<P> {
  readonly kind: "loaded";
  readonly many: boolean;
  /** The upstream endpoints that `load` calls, such as `get-vms`. */
  readonly endpoints: readonly string[];
  /** What the parent holds: its own id, or a foreign key. Null if there is nothing to look up. */
  key(parent: P): string | null | undefined;
  /** True if the key is the parent's CloudTower id, so that it is known before the parent is. */
  readonly keyIsId: boolean;
  /** Filter for the rows of many keys; absent if `load` does not read by one. */
  where?(keys: readonly string[]): object;
  /** Loads the results for many keys in one batch. With `exhaustive`, keeps paging even if a page is shorter than requested. */
  load(session: UpstreamSession, keys: readonly string[], exhaustive?: boolean): Promise<ResultsByKey<C | C[]>>;
  /** Columns that `load` reads of the objects' own rows. Absent if it derives results from other rows: then rows stay whole. */
  readonly rowColumns?: readonly string[];
  /** Expected number of results according to the parent's row; a shorter result is read again exhaustively. */
  expectedCount?(parent: P): number | undefined;
  /** What the parent's row already holds of the objects. */
  readonly stub?: {
    /** The fields that it can answer if it has their columns. */
    readonly fields: ReadonlySet<string>;
    held(parent: P): StubRow | readonly StubRow[] | null | undefined;
    /** The objects of what is held. */
    create(parent: P): C | C[] | null;
  };
  /** Another way to the same results, from the keys of the relation that leads to the parents: saves a round. */
  readonly prefetch?: {
    readonly with: Relation;
    load(session: UpstreamSession, keys: readonly string[]): Promise<ResultsByKey<C | C[]>>;
  };
  readonly argument?: RelationArgument<C>;
}

/** A relation to a list without bounds: a connection below each parent. */
export interface ConnectionRelation<P extends GraphObject = GraphObject> extends RelationBase<P> {
  readonly kind: "connection";
  /** What is listed, with its filter and its orders. */
  readonly listing: Listing;
  key(parent: P): string | null | undefined;
  readonly keyIsId: boolean;
  /** Filter for the rows of many parents. */
  where(keys: readonly string[]): object;
  /** The parents that a row belongs to; several if the relation is many-to-many. */
  rowKey(row: object): string | readonly string[] | null | undefined;
  /** Columns that `rowKey` reads of the objects' rows. */
  readonly rowColumns: readonly string[];
  /** Number of objects according to the parent's own row, without a filter. */
  expectedCount?(parent: P): number | undefined;
  /** Like `expectedCount`, but perhaps wrong: only decides how the objects are read. */
  roughCount?(parent: P): number | undefined;
}
