/** Codes in `extensions.code` of a GraphQL error and in `code` of an error item. Clients match these; the list may grow. */
export enum ErrorCode {
  Unauthenticated = "UNAUTHENTICATED",
  Forbidden = "FORBIDDEN",
  NotFound = "NOT_FOUND",
  BadUserInput = "BAD_USER_INPUT",
  /** A malformed request: wrong method, media type or body. */
  BadRequest = "BAD_REQUEST",
  GraphqlParseFailed = "GRAPHQL_PARSE_FAILED",
  GraphqlValidationFailed = "GRAPHQL_VALIDATION_FAILED",
  OperationResolutionFailure = "OPERATION_RESOLUTION_FAILURE",
  /** The operation is not on the safelist. */
  OperationNotAllowed = "OPERATION_NOT_ALLOWED",
  QueryTooExpensive = "QUERY_TOO_EXPENSIVE",
  PayloadTooLarge = "PAYLOAD_TOO_LARGE",
  RateLimited = "RATE_LIMITED",
  /** A reader of events lags behind: its stream was ended. */
  EventsLagged = "EVENTS_LAGGED",
  /** CloudTower no longer shows what happened since a cursor. */
  CursorExpired = "CURSOR_EXPIRED",
  AmbiguousName = "AMBIGUOUS_NAME",
  /** The data of a snapshot cannot be accessed, or not yet. */
  SnapshotNotReady = "SNAPSHOT_NOT_READY",
  /** What the replicas share cannot be used, so that no write may be sent. */
  CoordinationUnavailable = "COORDINATION_UNAVAILABLE",
  UpstreamTimeout = "UPSTREAM_TIMEOUT",
  UpstreamUnavailable = "UPSTREAM_UNAVAILABLE",
  UpstreamError = "UPSTREAM_ERROR",
  InternalServerError = "INTERNAL_SERVER_ERROR",
}

/**
 * An error whose message may be shown to clients.
 *
 * `message` says what is wrong, which value or limit, and what to do. Secrets, addresses and upstream bodies belong in `cause`, which
 * is only logged. Any error that is not a `TowerError` is masked as INTERNAL_SERVER_ERROR.
 */
export class TowerError extends Error {
  override readonly name: string = "TowerError";
  /** What clients find in the error's `extensions` beside the code. */
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options);
    this.details = options.details;
  }
}

/** Shorthand for the most common refusal, BAD_USER_INPUT. */
export function badInput(message: string): TowerError {
  return new TowerError(ErrorCode.BadUserInput, message);
}

/** The thrown value if it is an `Error`, else an `Error` with the value as its cause. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error("A value other than an Error was thrown.", { cause: thrown });
}
