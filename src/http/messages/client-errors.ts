import { unwrapResolverError } from "@apollo/server/errors";
import { type ExecutionResult, type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from "graphql";
import type { Logger } from "pino";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import { Refusal } from "./refusal.js";

/**
 * The one place where errors become what clients see: `message`, `path`, `locations`, `extensions.code` and
 * `extensions.requestId`. An unknown error is masked for the client and logged whole.
 */
export function clientError(
  formatted: GraphQLFormattedError,
  error: unknown,
  requestId: string,
  logger: Logger,
): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  const { path, locations } = formatted;
  const place = { ...(locations && { locations }), ...(path && { path }) };
  if (original instanceof TowerError) {
    if (original instanceof UpstreamError && !original.logged) logUpstream(original, requestId, logger);
    return { message: original.message, ...place, extensions: { code: original.code, requestId } };
  }
  if (original instanceof GraphQLError) {
    const code = codeOf(formatted, original);
    if (code !== undefined) return { message: formatted.message, ...place, extensions: { code, requestId } };
  }
  logger.error({ requestId, err: original }, "unexpected error");
  const message = "the gateway failed; its log has more under this request id";
  return { message, ...place, extensions: { code: ErrorCode.InternalServerError, requestId } };
}

/**
 * The code of an error of graphql-js; undefined where the fault is ours.
 *
 * Without a path it speaks of the request itself. With one it was met while answering: then only an argument that its variable
 * left without a value is the client's fault, and a value that fits no type is not.
 */
function codeOf({ path, extensions }: GraphQLFormattedError, { message }: GraphQLError): unknown {
  const code = extensions?.code;
  if (code !== undefined && code !== ErrorCode.InternalServerError) return code;
  return (path === undefined && code === undefined) || message.startsWith('Argument "')
    ? ErrorCode.BadUserInput
    : undefined;
}

/** An executed operation's answer as clients see it. */
export function clientResult(result: ExecutionResult, requestId: string, logger: Logger): FormattedExecutionResult {
  const { errors, ...rest } = result;
  if (errors === undefined) return rest;
  return { errors: errors.map((error) => clientError(error.toJSON(), error, requestId, logger)), ...rest };
}

/** What a client is told when its request is not executed: the refusal's errors, or one that masks what was unexpected. */
export function refusedErrors(thrown: unknown, requestId: string, logger: Logger): readonly GraphQLFormattedError[] {
  if (!(thrown instanceof Refusal)) return [clientError({ message: "" }, thrown, requestId, logger)];
  return thrown.errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }));
}

/** Once, although one failed call may null a field of each of a thousand objects. */
function logUpstream(error: UpstreamError, requestId: string, logger: Logger): void {
  error.logged = true;
  const { endpoint: operation, failure, message } = error;
  const { status, upstreamCode, upstreamMessage, upstreamRequestId } = failure;
  const known = { requestId, operation, status, upstreamCode, upstreamMessage, upstreamRequestId };
  logger.warn({ ...known, cause: (failure.cause as Error | undefined)?.message }, message);
}
