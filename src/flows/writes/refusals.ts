import type { UpstreamFailure } from "../../upstream/upstream-error.js";
import type { MutationError } from "./mutation-errors.js";
import { PermissionDeniedError, UpstreamRejectedError } from "./write-errors.js";

/** Whether a failed write certainly had no effect: it never left, or CloudTower refused it. */
export function isWithoutEffect(failure: UpstreamFailure | undefined): boolean {
  return failure !== undefined && (failure.effect === "none" || refusalOf(failure) !== undefined);
}

/** The error of a write that CloudTower refused; undefined for another kind of failure. Check for a lock first. */
export function refusalOf({ status, upstreamMessage, upstreamCode }: UpstreamFailure): MutationError | undefined {
  if (status === 403) return new PermissionDeniedError();
  if (status === 400 || status === 404 || status === 409 || status === 422) {
    return new UpstreamRejectedError(upstreamMessage, upstreamCode);
  }
  return undefined;
}
