import type { GraphQLFormattedError } from "graphql";
import { ErrorCode } from "../../kernel/errors.js";

/** How a refusal looks on HTTP. */
interface HttpLook {
  /** Absent where the request itself was well-formed: the media type then decides between 200 and 400. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A request or operation that is not executed, with what the client is told.
 *
 * Its errors lack the request id, which is added where they are sent. It is never the gateway's fault, so it is not logged as one.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly errors: readonly GraphQLFormattedError[],
    readonly http: HttpLook = {},
  ) {
    super(errors[0]?.message);
  }

  /** The code of its first error. */
  get code(): string {
    return String(this.errors[0]?.extensions?.code);
  }
}

/** A refusal with one error. `details` go to the client beside the code. */
export function refusal(
  code: ErrorCode,
  message: string,
  http: HttpLook = {},
  details: Readonly<Record<string, unknown>> = {},
): Refusal {
  return new Refusal([{ message, extensions: { code, ...details } }], http);
}

/** A document or operation beyond a limit; the message names the figure and the limit. */
export function tooExpensive(message: string, details?: Readonly<Record<string, unknown>>): Refusal {
  return refusal(ErrorCode.QueryTooExpensive, message, {}, details);
}

/** A request that is none: a wrong method, media type or shape. */
export function badRequest(message: string, status = 400, headers?: Readonly<Record<string, string>>): Refusal {
  return refusal(ErrorCode.BadRequest, message, { status, headers });
}
