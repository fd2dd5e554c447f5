import type { UpstreamSession } from "../upstream/session.js";
import type { Found } from "./found.js";
import type { Joinable, JoinableClass } from "./joinable.js";
import type { List } from "./list/list.js";

/**
 * A field that leads from one type to another, described once.
 *
 * From it come the field and its resolver, its DataLoader, its part in the look-ahead, its line in the documentation and its
 * counting test.
 */
export type Edge<P extends Joinable = Joinable> = InlineEdge<P> | FetchedEdge<P> | ListEdge<P>;

interface EdgeBase<P extends Joinable> {
  readonly from: JoinableClass<P>;
  readonly field: string;
  readonly to: JoinableClass;
  /** For clients. */
  readonly description: string;
}

/** An argument that narrows a list that is bounded by nature, such as `disks(type: DISK)`. */
export interface Narrowing<C> {
  readonly name: string;
  readonly type: () => object;
  readonly description: string;
  keep(object: C, value: unknown): boolean;
}

/** An edge that costs nothing: the parent's row holds all there is to know. */
export interface InlineEdge<P extends Joinable = Joinable, C extends Joinable = Joinable> extends EdgeBase<P> {
  readonly kind: "inline";
  readonly many: boolean;
  readonly nullable: boolean;
  of(parent: P): C | C[] | null;
  readonly narrowing?: Narrowing<C>;
  /** Edge of the object that leads back to exactly this parent: joined for free. */
  readonly back?: string;
}

/** An edge whose objects are fetched: all parents of a level in one call. */
export interface FetchedEdge<P extends Joinable = Joinable, C extends Joinable = Joinable> extends EdgeBase<P> {
  readonly kind: "fetched";
  readonly many: boolean;
  /** The upstream operations that `load` calls. */
  readonly operations: readonly string[];
  /** What the parent holds: its own id, or a foreign key. Null where there is nothing to look up. */
  key(parent: P): string | null | undefined;
  /** True where the key is the parent's CloudTower id, so that it is known before the parent is. */
  readonly keyIsId: boolean;
  /** The answers for many keys in one go. With `toTheEnd` a short answer is not taken for complete. */
  load(session: UpstreamSession, keys: readonly string[], toTheEnd?: boolean): Promise<Found<C | C[]>>;
  /** Reads of a row what `load` itself reads of it. Absent where `load` reads other rows than those that it answers with. */
  readonly readRow?: (row: never) => void;
  /** How many objects the parent says there are; fewer are not believed. */
  expected?(parent: P): number | undefined;
  /** What the parent's row already says of the object, and the fields that can be answered from it. */
  readonly stub?: { readonly fields: ReadonlySet<string>; of(parent: P): C | C[] | null };
  /** Another way to the same answers, from the keys of the edge that leads to the parents: saves a round. */
  readonly early?: {
    readonly via: Edge;
    load(session: UpstreamSession, keys: readonly string[]): Promise<Found<C | C[]>>;
  };
  /** Edge of the object that leads back to exactly this parent: joined for free. */
  readonly back?: string;
  readonly narrowing?: Narrowing<C>;
}

/** An edge to a list without bounds: a connection below each parent. */
export interface ListEdge<P extends Joinable = Joinable> extends EdgeBase<P> {
  readonly kind: "list";
  /** What is listed, with its filter and its orders. */
  readonly list: List;
  key(parent: P): string | null | undefined;
  readonly keyIsId: boolean;
  /** Filter that brings the rows of many parents. */
  where(keys: readonly string[]): object;
  /** Which parent a row belongs to; several where the relation is many to many. */
  rowKey(row: object): string | readonly string[] | null | undefined;
  /** How many objects the parent's own row says there are, without a filter. */
  count?(parent: P): number | undefined;
  readonly back?: string;
}
