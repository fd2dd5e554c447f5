import { ErrorCode } from "../../kernel/errors.js";
import { UpstreamError, type UpstreamFailure } from "../upstream-error.js";

/** Error for a client whose call needs the gateway's own credential, which CloudTower does not accept. */
export function refusedCredential(cause?: unknown): UpstreamError {
  const message = "CloudTower does not accept the gateway's own credential. Its operator must renew it.";
  return notSent({ code: ErrorCode.UpstreamError, message, transient: false, cause });
}

/** Error for a client whose call needs a login for which the directory of the gateway's user is not known. */
export function unknownDirectory(cause: unknown): UpstreamError {
  const message = "The gateway does not know by which directory to log in to CloudTower. Its operator must set it.";
  return notSent({ code: ErrorCode.UpstreamError, message, transient: false, cause });
}

/** Error for a client whose call needs a login that was answered, but not by a token: perhaps CloudTower is restarting. */
export function refusedLogin(cause?: unknown): UpstreamError {
  const message = "The gateway cannot log in to CloudTower. It tries again every few seconds.";
  return notSent({ code: ErrorCode.UpstreamUnavailable, message, transient: false, cause });
}

/** Error for a client whose call needs a login that was lost or timed out. */
export function lostLogin(cause: UpstreamError): UpstreamError {
  const { code, message, transient } = cause.failure;
  return notSent({ code, message, transient, cause });
}

/**
 * Nothing was sent for the client. The operator learns of the credential from one warning and from `/readyz`, not from a line per call.
 */
function notSent(failure: Omit<UpstreamFailure, "effect">): UpstreamError {
  const error = new UpstreamError("login", { ...failure, effect: "none" });
  error.logged = true;
  return error;
}
