import { unwrapResolverError } from "@apollo/server/errors";
import { type ExecutionResult, type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from "graphql";
import type { Logger } from "pino";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import { Refusal } from "./refusal.js";

/** The request that an error belongs to, and the log for what its client may not see. */
export interface ErrorContext {
  readonly requestId: string;
  readonly logger: Logger;
}

/**
 * The one place where errors become what clients see: `message`, `path`, `locations`, `extensions.code` and
 * `extensions.requestId`. An unknown error is masked for the client and logged whole.
 */
export function clientError(
  formatted: GraphQLFormattedError,
  error: unknown,
  { requestId, logger }: ErrorContext,
): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  const { path, locations } = formatted;
  const where = { ...(locations && { locations }), ...(path && { path }) };
  if (original instanceof TowerError) {
    if (original instanceof UpstreamError && !original.logged) logUpstream(original, { requestId, logger });
    return { message: original.message, ...where, extensions: { code: original.code, ...original.details, requestId } };
  }
  if (original instanceof GraphQLError) {
    const code = codeOf(formatted, original);
    if (code !== undefined) return { message: formatted.message, ...where, extensions: { code, requestId } };
  }
  logger.error({ requestId, err: original }, "unexpected error");
  const message = "Internal error. The gateway's log has the details under this request id.";
  return { message, ...where, extensions: { code: ErrorCode.InternalServerError, requestId } };
}

/**
 * Code of an error of graphql-js; undefined if the gateway is at fault.
 *
 * Without a path, the error is about the request itself. With one, it arose during execution: then the client is at fault only for an
 * argument whose variable has no value, not for a value that does not fit its type.
 */
function codeOf({ path, extensions }: GraphQLFormattedError, { message }: GraphQLError): unknown {
  const code = extensions?.code;
  if (code !== undefined && code !== ErrorCode.InternalServerError) return code;
  return (path === undefined && code === undefined) || message.startsWith('Argument "')
    ? ErrorCode.BadUserInput
    : undefined;
}

/** Result of an executed operation as its client sees it. */
export function clientResult(result: ExecutionResult, context: ErrorContext): FormattedExecutionResult {
  // Not copied: an event may have thousands of readers.
  if (result.errors === undefined) return result as FormattedExecutionResult;
  const { errors, ...rest } = result;
  return { errors: errors.map((error) => clientError(error.toJSON(), error, context)), ...rest };
}

/** Errors for a client whose request is not executed: those of the refusal, or one that masks an unexpected error. */
export function refusedErrors(thrown: unknown, context: ErrorContext): readonly GraphQLFormattedError[] {
  if (!(thrown instanceof Refusal)) return [clientError({ message: "" }, thrown, context)];
  const { requestId } = context;
  return thrown.errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }));
}

/** Logs a failed call once, although it may null a field of each of a thousand objects. */
function logUpstream(error: UpstreamError, { requestId, logger }: ErrorContext): void {
  error.logged = true;
  const { endpoint, failure, message } = error;
  const { status, upstreamCode, upstreamMessage, upstreamRequestId } = failure;
  const known = { requestId, endpoint, status, upstreamCode, upstreamMessage, upstreamRequestId };
  logger.warn({ ...known, cause: (failure.cause as Error | undefined)?.message }, message);
}
