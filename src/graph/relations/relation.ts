import type { UpstreamSession } from "../../upstream/session.js";
import type { Listing } from "../connections/listing.js";
import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import type { ResultsByKey } from "./results-by-key.js";

/**
 * A field that leads from one type to another, described once.
 *
 * From it come the field and its resolver, its DataLoader, its part in the look-ahead, its line in the documentation and its
 * counting test.
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
}

/** An argument that narrows a list that is bounded by nature, such as `disks(type: DISK)`. */
export interface RelationArgument<C> {
  readonly name: string;
  readonly type: () => object;
  readonly description: string;
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
  /** Relation of the object that leads back to exactly this parent: joined for free. */
  readonly inverse?: string;
}

/** A relation whose objects are fetched: all parents of a level in one call. */
export interface LoadedRelation<P extends GraphObject = GraphObject, C extends GraphObject = GraphObject>
  extends RelationBase<P> {
  readonly kind: "loaded";
  readonly many: boolean;
  /** The upstream operations that `load` calls. */
  readonly endpoints: readonly string[];
  /** What the parent holds: its own id, or a foreign key. Null where there is nothing to look up. */
  key(parent: P): string | null | undefined;
  /** True where the key is the parent's CloudTower id, so that it is known before the parent is. */
  readonly keyIsId: boolean;
  /** The answers for many keys in one go. With `toTheEnd` a short answer is not taken for complete. */
  load(session: UpstreamSession, keys: readonly string[], toTheEnd?: boolean): Promise<ResultsByKey<C | C[]>>;
  /** Reads of a row what `load` itself reads of it. Absent where `load` reads other rows than those that it answers with. */
  readonly readRow?: (row: never) => void;
  /** How many objects the parent says there are; fewer are not believed. */
  expectedCount?(parent: P): number | undefined;
  /** What the parent's row already says of the object, and the fields that can be answered from it. */
  readonly stub?: { readonly fields: ReadonlySet<string>; create(parent: P): C | C[] | null };
  /** Another way to the same answers, from the keys of the relation that leads to the parents: saves a round. */
  readonly prefetch?: {
    readonly via: Relation;
    load(session: UpstreamSession, keys: readonly string[]): Promise<ResultsByKey<C | C[]>>;
  };
  /** Relation of the object that leads back to exactly this parent: joined for free. */
  readonly inverse?: string;
  readonly argument?: RelationArgument<C>;
}

/** A relation to a list without bounds: a connection below each parent. */
export interface ConnectionRelation<P extends GraphObject = GraphObject> extends RelationBase<P> {
  readonly kind: "connection";
  /** What is listed, with its filter and its orders. */
  readonly listing: Listing;
  key(parent: P): string | null | undefined;
  readonly keyIsId: boolean;
  /** Filter that brings the rows of many parents. */
  where(keys: readonly string[]): object;
  /** Which parent a row belongs to; several where the relation is many to many. */
  rowKey(row: object): string | readonly string[] | null | undefined;
  /** How many objects the parent's own row says there are, without a filter. */
  expectedCount?(parent: P): number | undefined;
  readonly inverse?: string;
}
