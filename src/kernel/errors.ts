/** Codes in `extensions.code` of a GraphQL error and in the `code` of an error item. Clients match these; the list may grow. */
export enum ErrorCode {
  Unauthenticated = "UNAUTHENTICATED",
  Forbidden = "FORBIDDEN",
  NotFound = "NOT_FOUND",
  BadUserInput = "BAD_USER_INPUT",
  /** A request that is no GraphQL request: wrong method, media type or shape. */
  BadRequest = "BAD_REQUEST",
  GraphqlParseFailed = "GRAPHQL_PARSE_FAILED",
  GraphqlValidationFailed = "GRAPHQL_VALIDATION_FAILED",
  OperationResolutionFailure = "OPERATION_RESOLUTION_FAILURE",
  /** Only operations of the safelist are answered. */
  OperationNotAllowed = "OPERATION_NOT_ALLOWED",
  QueryTooExpensive = "QUERY_TOO_EXPENSIVE",
  PayloadTooLarge = "PAYLOAD_TOO_LARGE",
  RateLimited = "RATE_LIMITED",
  AmbiguousName = "AMBIGUOUS_NAME",
  /** The data of a snapshot cannot be reached, or not yet. */
  SnapshotNotReady = "SNAPSHOT_NOT_READY",
  UpstreamTimeout = "UPSTREAM_TIMEOUT",
  UpstreamUnavailable = "UPSTREAM_UNAVAILABLE",
  UpstreamError = "UPSTREAM_ERROR",
  InternalServerError = "INTERNAL_SERVER_ERROR",
}

/**
 * An error whose message may be shown to clients.
 *
 * `message` states what was expected and what came; secrets, addresses and upstream bodies belong into `cause`, which only the
 * log sees. Everything that is not a `TowerError` is masked as INTERNAL_SERVER_ERROR.
 */
export class TowerError extends Error {
  override readonly name: string = "TowerError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Shorthand for the commonest refusal: the client sent something that cannot be served. */
export function badInput(message: string): TowerError {
  return new TowerError(ErrorCode.BadUserInput, message);
}

/** The given error if it is one, else an `Error` that carries the thrown value as its cause. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error("a value that is no error was thrown", { cause: thrown });
}
