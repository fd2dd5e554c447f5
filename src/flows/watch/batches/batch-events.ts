import { ErrorCode, TowerError } from "../../../kernel/errors.js";
import type { CheckedId } from "../../writes/check-ids.js";
import { type MutationError, UnreadableError } from "../../writes/mutation-errors.js";
import type { Update } from "../update.js";

/** An event of a stream over several objects, with what the reader has been told so far. */
export interface BatchEvent<T> {
  /** The object's id as it was sent. */
  readonly inputId: string;
  /** The object's state; undefined if an error has ended its watch. */
  readonly state: T | undefined;
  readonly error: MutationError | undefined;
  /** Whether it is the last event of this object. */
  readonly ended: boolean;
  /** Number of different ids. */
  readonly totalCount: number;
  /** Number of those whose last event has been told, with this one. */
  readonly endedCount: number;
}

/** How several objects are watched. */
interface Batch<T, E> {
  /** The updates of the objects with these ids. */
  watch(ids: readonly string[]): AsyncIterableIterator<Update<T>>;
  /** The error item for an error that ends the watch of one object. */
  errorOf(id: string, error: Error): MutationError;
  /** The event for clients. */
  eventOf(event: BatchEvent<T>): E;
}

/**
 * The events of several objects as one stream: what is wrong with an id is an event of its own. An id that was sent twice counts once.
 *
 * @throws the error of `watch`.
 */
export function batchEvents<T, E>(
  inputs: readonly CheckedId[],
  { watch, errorOf, eventOf }: Batch<T, E>,
): AsyncIterableIterator<E> {
  const inputIds = new Map<string, string>();
  const invalid = new Map<string, MutationError>();
  for (const { inputId, id, error } of inputs) {
    if (id === null && error !== undefined) invalid.set(inputId, error);
    else if (id !== null && !inputIds.has(id)) inputIds.set(id, inputId);
  }
  const totalCount = inputIds.size + invalid.size;
  const refusals = invalid.entries();
  const updates = inputIds.size === 0 ? undefined : watch([...inputIds.keys()]);
  const done = { done: true, value: undefined } as const;
  let endedCount = 0;
  return {
    async next() {
      const refusal = refusals.next();
      if (!refusal.done) {
        endedCount += 1;
        const [inputId, error] = refusal.value;
        const event = { inputId, state: undefined, error, ended: true, totalCount, endedCount };
        return { done: false, value: eventOf(event) };
      }
      const result = await updates?.next();
      if (result === undefined || result.done) return done;
      const { id, state, ended } = result.value;
      if (ended) endedCount += 1;
      const outcome =
        state instanceof Error ? { state: undefined, error: errorOf(id, state) } : { state, error: undefined };
      const event = { inputId: inputIds.get(id) ?? id, ...outcome, ended, totalCount, endedCount };
      return { done: false, value: eventOf(event) };
    },
    async return() {
      await updates?.return?.();
      return done;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The error item for an object that cannot be read; the message of an error that is not for clients stays in the log. */
export function unreadable(error: Error): UnreadableError {
  if (error instanceof TowerError) return new UnreadableError(error.message, error.code);
  return new UnreadableError("The gateway failed to read it.", ErrorCode.InternalServerError);
}

/** Whether CloudTower does not show the object. */
export function isNotFound(error: Error): boolean {
  return error instanceof TowerError && error.code === ErrorCode.NotFound;
}
