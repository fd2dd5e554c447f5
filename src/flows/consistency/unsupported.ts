import type { UpstreamSession } from "../../upstream/session.js";
import { UpstreamError, type UpstreamFailure } from "../../upstream/upstream-error.js";
import type { MutationError } from "../writes/mutation-errors.js";
import { readByIds } from "../writes/object-rows.js";
import type { Look } from "../writes/write-kind.js";
import { OperationNotSupportedError } from "./group-errors.js";

/** An object that a write acts on. */
interface Target {
  readonly entity: "ConsistencyGroup" | "ConsistencyGroupSnapshot";
  readonly id: string;
}

/**
 * The error of a write that got a 404: that CloudTower does not have the operation, if it shows the object at the same time. Undefined for
 * another status, and if the object is gone.
 */
export async function unsupportedWrite(
  session: UpstreamSession,
  { entity, id }: Target,
  { status, upstreamMessage }: UpstreamFailure,
  endpoint: string,
): Promise<MutationError | undefined> {
  if (status !== 404) return undefined;
  const [row] = await readByIds(session, entity, [id]).catch(() => []);
  return row === undefined ? undefined : new OperationNotSupportedError(endpoint, upstreamMessage);
}

/** Runs a look. If a list that it reads is 404, CloudTower has no consistency groups: its items, by their keys, are refused. */
export async function lookIfSupported<O>(
  keys: readonly string[],
  look: () => Promise<Map<string, Look<O>>>,
): Promise<Map<string, Look<O>>> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.failure.status !== 404) throw error;
    const refusal = new OperationNotSupportedError(error.endpoint, error.failure.upstreamMessage);
    return new Map(keys.map((key) => [key, { kind: "refused", error: refusal }]));
  }
}
