import type { UpstreamFailure } from "../../upstream/upstream-error.js";
import { type MutationError, PermissionDeniedError, UpstreamRejectedError } from "./mutation-errors.js";

/** The error of a write that CloudTower refused; undefined for another kind of failure. Check for a lock first. */
export function refusalOf({ status, upstreamMessage, upstreamCode }: UpstreamFailure): MutationError | undefined {
  if (status === 403) return new PermissionDeniedError();
  if (status === 400 || status === 404 || status === 409 || status === 422) {
    return new UpstreamRejectedError(upstreamMessage, upstreamCode);
  }
  return undefined;
}
