import { ErrorCode, TowerError } from "../kernel/errors.js";
import { shorten } from "../kernel/text/shorten.js";

/** Effect of a failed call on CloudTower. Decides whether a write may be sent again. */
export type Effect =
  /** Certainly none: the request never left the gateway, or CloudTower refused it before acting. */
  | "none"
  /** The request was sent, and no certain response came back. */
  | "unknown";

/** Details of a failed call, including those that clients may not see. */
export interface UpstreamFailure {
  readonly code: ErrorCode;
  /** For clients: no address and no upstream text, unless CloudTower wrote it for its users. */
  readonly message: string;
  readonly effect: Effect;
  /** Whether a read may be retried: a lost connection, 429, 502, 503, 504. */
  readonly transient: boolean;
  /** Whether CloudTower could not be reached, as opposed to refusing: a lost connection, a timeout, 502, 503, 504. @default false */
  readonly fault?: boolean;
  /** Whether the response was larger than the gateway accepts, and was cut off. @default false */
  readonly tooLarge?: boolean;
  /** HTTP status, if a response came. */
  readonly status?: number;
  /** CloudTower's own error code, such as `ResourceLocked`. */
  readonly upstreamCode?: string;
  /** CloudTower's message for its users. */
  readonly upstreamMessage?: string;
  readonly props?: unknown;
  /** CloudTower's `x-tower-request-id`. */
  readonly upstreamRequestId?: string;
  /** Retry-After of a 429, 502, 503 or 504. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** A failed call to CloudTower. */
export class UpstreamError extends TowerError {
  override readonly name = "UpstreamError";
  /** Whether it has been logged already. */
  logged = false;

  constructor(
    readonly endpoint: string,
    readonly failure: UpstreamFailure,
  ) {
    super(failure.code, failure.message, { cause: failure.cause });
  }
}

/** Whether the status says that CloudTower was not reached; it comes from a proxy. */
export function isUnavailable(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}

/** Details of a response with an error status. `text` is the body, of any media type. */
export function failureOfStatus(status: number, text: string, headers: Record<string, unknown>): UpstreamFailure {
  const body = parseErrorBody(text);
  const common = {
    status,
    upstreamCode: body?.code,
    upstreamMessage: body?.message,
    props: body?.props,
    upstreamRequestId: headerText(headers["x-tower-request-id"]),
    cause: text.length > 0 ? new Error(`HTTP ${status}: ${shorten(text, 2000)}`) : undefined,
  };
  if (status === 401) {
    const message = "CloudTower did not accept the credential.";
    return { ...common, code: ErrorCode.Unauthenticated, message, effect: "none", transient: false };
  }
  if (status === 403) {
    const message = "CloudTower does not permit this to the credential's user.";
    return { ...common, code: ErrorCode.Forbidden, message, effect: "none", transient: false };
  }
  if (status === 429) {
    const message = "CloudTower refused the call: too many requests. Try again later.";
    const retryAfterMs = parseRetryAfter(headers["retry-after"]);
    return { ...common, code: ErrorCode.RateLimited, message, effect: "none", transient: true, retryAfterMs };
  }
  if (isUnavailable(status)) {
    const message = `CloudTower is not available (HTTP ${status}).`;
    const retryAfterMs = parseRetryAfter(headers["retry-after"]);
    return {
      ...common,
      code: ErrorCode.UpstreamUnavailable,
      message,
      effect: "unknown",
      transient: true,
      fault: true,
      retryAfterMs,
    };
  }
  if (status === 400 || status === 404) {
    const message = `CloudTower refused the call (HTTP ${status}).`;
    return { ...common, code: ErrorCode.UpstreamError, message, effect: "none", transient: false };
  }
  const message = `CloudTower failed to handle the call (HTTP ${status}).`;
  return { ...common, code: ErrorCode.UpstreamError, message, effect: "unknown", transient: false };
}

/** Error codes of undici and of the system that usually mean that no connection was made: a read is worth another attempt. */
const NO_CONNECTION = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const TIMEOUTS = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);

/** OpenSSL's codes for an untrusted certificate; most others contain CERT. */
const UNTRUSTED = new Set(["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"]);

/** Whether an error code of Node or OpenSSL says that a certificate is not trusted. */
export function isUntrusted(code: string): boolean {
  return code.includes("CERT") || UNTRUSTED.has(code);
}

/**
 * Details of a lost connection, a timeout or a response that is too large.
 *
 * @param effect `none` only if the request never left. The error's code does not tell: a connection that breaks later can have the same.
 */
export function failureOfTransport(cause: unknown, effect: Effect): UpstreamFailure {
  const code = (cause as { code?: string }).code ?? "";
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
    const message =
      "CloudTower's response is larger than the gateway accepts (UPSTREAM_MAX_ANSWER_MIB). Request fewer objects at a time.";
    return { code: ErrorCode.UpstreamError, message, effect: "unknown", transient: false, tooLarge: true, cause };
  }
  const timedOut = TIMEOUTS.has(code) || (cause as Error).name === "TimeoutError";
  const untrusted = isUntrusted(code);
  const noConnection = effect === "none" || NO_CONNECTION.has(code) || code.includes("TLS");
  const reason = untrusted ? "its certificate is not trusted" : "the connection failed";
  return {
    code: timedOut ? ErrorCode.UpstreamTimeout : ErrorCode.UpstreamUnavailable,
    message: timedOut ? "CloudTower did not respond in time." : `CloudTower cannot be reached: ${reason}.`,
    effect,
    // After a timeout a retry would likely time out too, and the client has waited long enough.
    transient: !untrusted && (!timedOut || noConnection),
    fault: true,
    cause,
  };
}

function parseErrorBody(text: string): { code?: string; message?: string; props?: unknown } | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null) return undefined;
    const { code, message, props } = body as Record<string, unknown>;
    return { code: asText(code), message: asText(message), props };
  } catch {
    return undefined;
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function headerText(value: unknown): string | undefined {
  return asText(Array.isArray(value) ? value[0] : value);
}

/** Milliseconds from a Retry-After in seconds or as a date. */
function parseRetryAfter(value: unknown): number | undefined {
  const text = headerText(value)?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
