/** Why an event was given up. */
export type DeadLetterKind =
  /** It was not acknowledged in time. */
  | "EXPIRED"
  /** Its selection could not be read completely. */
  | "SELECTION_FAILED"
  /** Events between two times can no longer be read, so that none of them was sent. */
  | "GAP";

/** What became of an event so far. Times are milliseconds since 1970. */
export interface Delivery {
  /** The event's id, which is also its `webhook-id`; null for a gap. */
  readonly eventId: string | null;
  /** Cursor of the event; of a gap, where delivery goes on. */
  readonly cursor: string;
  readonly status: "PENDING" | "DELIVERED" | "DEAD_LETTER";
  /** Null unless it is a dead letter. */
  readonly kind: DeadLetterKind | null;
  readonly attempts: number;
  readonly firstAttemptAt: number;
  readonly lastAttemptAt: number;
  /** Status of the last response; null if there was none. */
  readonly httpStatus: number | null;
  /** Why the last attempt failed; null if it did not. */
  readonly message: string | null;
}

/** What must survive a restart, per webhook. */
export interface WebhookState {
  readonly enabled: boolean;
  /** Root field that the cursor belongs to, such as `taskEvents`; undefined before the first cursor. */
  readonly feed: string | undefined;
  /** Everything up to here is settled; undefined before the first cursor. */
  readonly cursor: string | undefined;
  /** When the cursor was set, in milliseconds since 1970; 0 before the first cursor. */
  readonly cursorAt: number;
  /** The event that is being retried. */
  readonly pending: Delivery | undefined;
  /** Ids of the last settled events, oldest first: after a restart the feed gives those near the cursor again. */
  readonly settledIds: ReadonlySet<string>;
  /** Delivered events, oldest first; bounded. */
  readonly delivered: readonly Delivery[];
  /** Dead letters, oldest first; bounded. */
  readonly deadLetters: readonly Delivery[];
}

/** A step of a webhook. Everything that a state holds comes from these. */
export type StateChange =
  /** Nothing is left up to this cursor. */
  | { readonly type: "moved"; readonly feed: string; readonly cursor: string; readonly at: number }
  /** An attempt failed; there will be another. */
  | { readonly type: "failed"; readonly delivery: Delivery }
  /** The event was acknowledged, or given up. */
  | { readonly type: "settled"; readonly feed: string; readonly delivery: Delivery; readonly at: number }
  /** Delivery begins again after this cursor, with events that were settled before; undefined for now. */
  | { readonly type: "restarted"; readonly feed: string; readonly cursor: string | undefined; readonly at: number }
  | { readonly type: "switched"; readonly enabled: boolean };

/** Events that the feed may give again after a restart: more than it shows within its overlap. */
const MAX_SETTLED_IDS = 10_000;
const MAX_DELIVERED = 200;
const MAX_DEAD_LETTERS = 1_000;

/** State of a webhook that has never run: it begins with the events from now on. */
export const FRESH_STATE: WebhookState = {
  enabled: true,
  feed: undefined,
  cursor: undefined,
  cursorAt: 0,
  pending: undefined,
  settledIds: new Set(),
  delivered: [],
  deadLetters: [],
};

/** The state after a change. */
export function changed(state: WebhookState, change: StateChange): WebhookState {
  switch (change.type) {
    case "moved": {
      const { feed, cursor, at } = change;
      return { ...state, feed, cursor, cursorAt: at, pending: undefined };
    }
    case "failed":
      return { ...state, pending: change.delivery };
    case "settled":
      return afterSettling(state, change);
    case "restarted": {
      const { feed, cursor, at } = change;
      return { ...state, feed, cursor, cursorAt: at, pending: undefined, settledIds: new Set() };
    }
    case "switched": {
      // An event that was waiting gets its full time again.
      const pending = change.enabled ? undefined : state.pending;
      return { ...state, enabled: change.enabled, pending };
    }
    default:
      return change satisfies never;
  }
}

function afterSettling(state: WebhookState, change: Extract<StateChange, { type: "settled" }>): WebhookState {
  const { feed, delivery, at } = change;
  // One set that grows in place: copying ten thousand ids for each delivery would be most of its cost.
  const settledIds = state.settledIds as Set<string>;
  const ids = settledIds === FRESH_STATE.settledIds ? new Set<string>() : settledIds;
  if (delivery.eventId !== null) ids.add(delivery.eventId);
  for (const id of ids) {
    if (ids.size <= MAX_SETTLED_IDS) break;
    ids.delete(id);
  }
  const isDead = delivery.status === "DEAD_LETTER";
  return {
    ...state,
    feed,
    cursor: delivery.cursor,
    cursorAt: at,
    pending: undefined,
    settledIds: ids,
    delivered: isDead ? state.delivered : [...state.delivered, delivery].slice(-MAX_DELIVERED),
    deadLetters: isDead ? [...state.deadLetters, delivery].slice(-MAX_DEAD_LETTERS) : state.deadLetters,
  };
}
