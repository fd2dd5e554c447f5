import { badInput } from "../../kernel/errors.js";
import { type CursorList, Cursors, type Position } from "./cursor.js";
import { type Criterion, type Ordering, reversed } from "./order.js";

/** Arguments of every connection, as passed by GraphQL. */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
  readonly filter?: object | null;
  /** Criteria, the first one first. */
  readonly orderBy?: readonly Criterion[] | null;
}

/** Limits of page sizes. */
export interface PageLimits {
  /** Page size if the client gives neither `first` nor `last`. */
  readonly defaultPageSize: number;
  readonly maxPageSize: number;
}

/** A page to read: `size` rows in reading direction, after `after` and before `until`. */
export interface PageRequest {
  readonly size: number;
  readonly backward: boolean;
  /** Order in which rows are read: the list's own, or its reverse when paging backward. */
  readonly reading: Ordering;
  /** The cursors of the list. */
  readonly cursors: Cursors;
  readonly after?: Position;
  readonly until?: Position;
}

/**
 * Checks the paging arguments.
 *
 * @throws TowerError BAD_USER_INPUT for a size out of range, for both `first` and `last`, or for a cursor of another list, order or filter.
 */
export function pageRequest(args: PageArguments, list: CursorList, limits: PageLimits): PageRequest {
  const first = args.first ?? undefined;
  const last = args.last ?? undefined;
  if (first !== undefined && last !== undefined) {
    throw badInput("first and last cannot be combined. Use one of them.");
  }
  const backward = last !== undefined;
  const size = last ?? first ?? limits.defaultPageSize;
  if (size < 0 || size > limits.maxPageSize) {
    throw badInput(`${backward ? "last" : "first"} must be between 0 and ${limits.maxPageSize}, got ${size}.`);
  }
  const cursors = new Cursors(list);
  const after = args.after == null ? undefined : cursors.decode("after", args.after);
  const before = args.before == null ? undefined : cursors.decode("before", args.before);
  return backward
    ? { size, backward, cursors, reading: reversed(list.ordering), after: before, until: after }
    : { size, backward, cursors, reading: list.ordering, after, until: before };
}
