import { ErrorCode } from "../kernel/errors.js";
import * as reads from "./reads.js";
import type { UpstreamSession } from "./session.js";
import { UpstreamError } from "./upstream-error.js";
import { endpointOf } from "./wire/endpoints.js";
import type { Entity, Row, Where } from "./wire/types.js";

// The reads of the graph. A row that is no object, or that has no usable id, cannot be shown and says nothing of whose it is: what would
// be concluded from the other rows alone, above all that something is absent, is not known. Flows about writes tolerate such rows.

/** The rows of a list that can be used, and the error of everything that the others may have been about; undefined if there are none. */
export interface SoundRows<E extends Entity> {
  readonly rows: readonly Row<E>[];
  readonly odd: UpstreamError | undefined;
}

/** Separates the rows that are objects with an id from the others. */
export function soundRows<E extends Entity>(entity: E, rows: readonly Row<E>[]): SoundRows<E> {
  if (rows.every(hasId)) return { rows, odd: undefined };
  return { rows: rows.filter(hasId), odd: oddRow(entity) };
}

/** The rows. @throws UpstreamError if one of them is no object with an id. */
export function allSound<E extends Entity, R extends readonly Row<E>[]>(entity: E, rows: R): R {
  if (!rows.every(hasId)) throw oddRow(entity);
  return rows;
}

/** Whether a row is an object with an id. */
export function hasId(row: unknown): boolean {
  const { id } = (row ?? {}) as { readonly id?: unknown };
  return typeof id === "string" && id !== "";
}

/** Like that of `reads.ts`. @throws UpstreamError if a row is no object with an id. */
export async function readByKeys<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  keys: readonly string[],
  where: (keys: readonly string[]) => Where<E>,
  exhaustive = false,
): Promise<Row<E>[]> {
  return allSound(entity, await reads.readByKeys(session, entity, keys, where, exhaustive));
}

/** The error of what would be known if CloudTower had not sent such a row. */
export function oddRow(entity: Entity): UpstreamError {
  const endpoint = endpointOf(entity);
  const message = `CloudTower sent a ${entity} that is not an object with an id (${endpoint}).`;
  return new UpstreamError(endpoint, { code: ErrorCode.UpstreamError, message, effect: "unknown", transient: false });
}
