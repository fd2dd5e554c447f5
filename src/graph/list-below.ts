import type { Entity, Row, Where } from "../upstream/wire/types.js";
import type { ListEdge } from "./edge.js";
import type { Joinable, JoinableClass } from "./joinable.js";
import type { List } from "./list/list.js";

interface ListBelow<P extends Joinable, E extends Entity> {
  readonly from: JoinableClass<P>;
  readonly field: string;
  readonly list: List<E>;
  readonly description: string;
  /** Filter that brings the rows of many parents. */
  where(parentIds: readonly string[]): Where<E>;
  /** The parent's CloudTower id on a row; several where the relation is many to many. */
  rowKey(row: Row<E>): string | readonly string[] | null | undefined;
  /** How many objects the parent's own row says there are. */
  count?(parent: P): number | undefined;
  readonly back?: string;
}

/** An edge to a connection below each parent; its rows name the parent. */
export function listBelow<P extends Joinable & { cloudTowerId: string }, E extends Entity>(
  options: ListBelow<P, E>,
): ListEdge<P> {
  const { list, rowKey, ...rest } = options;
  return {
    kind: "list",
    ...rest,
    to: list.of,
    list: list as unknown as List,
    key: (parent) => parent.cloudTowerId,
    keyIsId: true,
    rowKey: (row) => rowKey(row as Row<E>),
  };
}
