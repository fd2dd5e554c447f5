import { changed, type Delivery, FRESH_STATE, type StateChange, type WebhookState } from "./webhook-state.js";
import { WebhookStateError } from "./webhook-store.js";

const VERSION = 1;

/** The first line of a log that holds a state; the changes since then follow, a line each. */
export function snapshotLine({ settledIds, ...state }: WebhookState): string {
  return JSON.stringify({ version: VERSION, state: { ...state, settledIds: [...settledIds] } });
}

/** Where a log is, for errors. */
export interface LogPlace {
  /** Completes "has a damaged", such as `STATE_DIR has a damaged file, /state/webhooks/one.jsonl`. */
  readonly damaged: string;
  /** What to restore or delete. */
  readonly unit: string;
}

/** The state that the lines of a log hold. @throws WebhookStateError that names the place and the line. */
export function parseState([first, ...rest]: readonly string[], place: LogPlace): WebhookState {
  if (first === undefined) throw corrupt(place, 1, "it has no complete line");
  return rest.reduce(
    (state, line, index) => {
      const change = parsed(line, place, index + 2);
      if (!isChange(change)) throw corrupt(place, index + 2, "it is no change of a webhook");
      return changed(state, change);
    },
    snapshotOf(first, place),
  );
}

function snapshotOf(line: string, place: LogPlace): WebhookState {
  const snapshot = parsed(line, place, 1);
  if (!isObject(snapshot) || !("version" in snapshot)) throw corrupt(place, 1, "it is no state of a webhook");
  if (snapshot.version !== VERSION) {
    throw corrupt(place, 1, `it has version ${JSON.stringify(snapshot.version)}, and this TowerQL reads ${VERSION}`);
  }
  if (!isState(snapshot.state)) throw corrupt(place, 1, "its state is incomplete");
  return { ...FRESH_STATE, ...snapshot.state, settledIds: new Set(snapshot.state.settledIds) };
}

function parsed(line: string, place: LogPlace, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw corrupt(place, number, "it is not JSON");
  }
}

function corrupt({ damaged, unit }: LogPlace, line: number, reason: string): WebhookStateError {
  const action = `Restore the ${unit}, or delete it to begin with new events: what came in the meantime is then not delivered.`;
  return new WebhookStateError(`${damaged}: line ${line}: ${reason}. ${action}`);
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isTextOrAbsent = (value: unknown) => value === undefined || isText(value);

/** A state as it is stored: its ids are a list. */
type StoredState = Omit<WebhookState, "settledIds"> & { readonly settledIds: readonly string[] };

function isState(value: unknown): value is StoredState {
  if (!isObject(value)) return false;
  const { enabled, feed, cursor, cursorAt, pending, settledIds, delivered, deadLetters } = value;
  return (
    typeof enabled === "boolean" &&
    isTextOrAbsent(feed) &&
    isTextOrAbsent(cursor) &&
    isNumber(cursorAt) &&
    (pending === undefined || isDelivery(pending)) &&
    isListOf(settledIds, isText) &&
    isListOf(delivered, isDelivery) &&
    isListOf(deadLetters, isDelivery)
  );
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isDelivery(value: unknown): value is Delivery {
  if (!isObject(value)) return false;
  const { eventId, cursor, status, attempts, firstAttemptAt, lastAttemptAt } = value;
  return (
    (eventId === null || isText(eventId)) &&
    isText(cursor) &&
    (status === "PENDING" || status === "DELIVERED" || status === "DEAD_LETTER") &&
    [attempts, firstAttemptAt, lastAttemptAt].every(isNumber)
  );
}

function isChange(value: unknown): value is StateChange {
  if (!isObject(value)) return false;
  const { type, feed, cursor, at, delivery, enabled } = value;
  switch (type) {
    case "moved":
      return isText(feed) && isText(cursor) && isNumber(at);
    case "failed":
      return isDelivery(delivery);
    case "settled":
      return isText(feed) && isDelivery(delivery) && isNumber(at);
    case "restarted":
      return isText(feed) && isTextOrAbsent(cursor) && isNumber(at);
    case "switched":
      return typeof enabled === "boolean";
    default:
      return false;
  }
}
