import type { UpstreamSession, WriteOptions } from "../../upstream/session.js";
import type { UpstreamFailure } from "../../upstream/upstream-error.js";
import type { MutationError } from "./mutation-errors.js";
import type { LockOwner } from "./resource-locks.js";
import type { WriteResponse } from "./write-calls.js";
import type { ResourceLockedError } from "./write-errors.js";

/** A write of an item that was sent earlier, and whose effect is looked for. */
export interface SentWrite {
  /** What the flow noted when it was sent. */
  readonly note: string;
  /** Whether this call sent it, and not an earlier one. */
  readonly byThisCall: boolean;
  /** How long it stays in doubt, in milliseconds. 0 or less: it is in doubt no longer, and may be sent again unless its effect is there. */
  readonly leftMs: number;
}

/** What CloudTower shows of an item. `isSettled`: a write that was sent earlier has had its effect, and is in doubt no longer. */
export type Look<O> =
  /** Its effect is there, or it was accepted. `certain` if that settles a write that was sent: it is forgotten then. */
  | { readonly kind: "there"; readonly outcome: O; readonly certain: boolean }
  /** Nothing is there, and it may be sent, with this note. */
  | { readonly kind: "absent"; readonly note: string; readonly isSettled?: boolean }
  /** Nothing is there yet, but an open task may be making it. */
  | { readonly kind: "pending"; readonly isSettled?: boolean }
  | { readonly kind: "locked"; readonly error: ResourceLockedError; readonly isSettled?: boolean }
  | { readonly kind: "refused"; readonly error: MutationError; readonly isSettled?: boolean };

/** A kind of write on many items. `O` is the outcome of an item. */
export interface WriteKind<I, O> {
  /** Identifies the item in outcomes and among the writes in doubt. */
  key(item: I): string;
  /** What is written by one call at a time: the item's VM or consistency group, or a text that no id equals. */
  turn(item: I): string;
  /** What the turn is of: must be something that callers of this write may list. @default Vm */
  readonly turnOf?: LockOwner;
  /** The turn, for people, such as `VM "cl2k9x0a0"`. */
  target(item: I): string;
  /** Ids that a lock on the item may name: of its VM or consistency group, of itself. Volumes are matched by VM. */
  lockTargets(item: I): readonly string[];
  /**
   * Looks at the items: before they are sent, and to find the effects of writes that were sent, which are given by key. An item without a
   * look counts as pending.
   */
  look(
    session: UpstreamSession,
    items: readonly I[],
    sent: ReadonlyMap<string, SentWrite>,
  ): Promise<Map<string, Look<O>>>;
  /** Whether a write that is done twice is done once, as a deletion by id. */
  readonly isIdempotent: boolean;
  /** Sends one call for all items, once. */
  send(session: UpstreamSession, items: readonly [I, ...I[]], options: WriteOptions): Promise<readonly WriteResponse[]>;
  /** What is certain of an accepted write without any further read, by key; one for each item. Must not throw. */
  accepted(items: readonly I[], responses: readonly WriteResponse[]): Map<string, Accepted<O>>;
  /** Reads more about accepted items, by key; they need not all be there. */
  complete(
    session: UpstreamSession,
    items: readonly I[],
    responses: readonly WriteResponse[],
  ): Promise<Map<string, Completed<O>>>;
  /**
   * The note that stays of a write when its caller is told of its effect, so that another look can tell that effect from a later one. Absent
   * if the effect itself tells, as that of a deletion: the write is forgotten then.
   *
   * @param note undefined if nothing was noted.
   * @param outcome undefined if nothing was written.
   */
  toldNote?(note: string | undefined, outcome: O | undefined): string;
  /**
   * The error of an item that CloudTower refused, if more can be read about it than the response says. Never fails.
   *
   * @default what the response says
   */
  refusal?(session: UpstreamSession, item: I, failure: UpstreamFailure): Promise<MutationError | undefined>;
  /** Outcome of an item that was not written, or of which that is unknown. */
  failed(item: I, error: MutationError): O;
}

/** An accepted item about which more was read. */
export interface Completed<O> {
  /** Absent if the response does not say that this item was accepted: its effect is looked for then. */
  readonly outcome?: O;
  /** Whether the effect is visible: from now on a look finds it. */
  readonly isVisible: boolean;
  /** If it is not: a better note to find it by. */
  readonly note?: string;
}

/** An accepted item. */
export interface Accepted<O> {
  /** Absent if the response does not say that this item was accepted: its effect is looked for then. */
  readonly outcome?: O;
  /**
   * If the effect may not be visible yet and must not be made a second time: a note to find it by. The item then stays in doubt until it is
   * visible.
   */
  readonly note?: string;
  /** Whether reads must tell which part of the response is the item's: they are repeated for some time. @default false */
  readonly isUnmatched?: boolean;
}
