import type { GraphQLFormattedError } from "graphql";
import { ErrorCode } from "../../kernel/errors.js";

/** How a refusal appears on HTTP. */
interface HttpRefusal {
  /** @default 200 or 400, depending on the media type: for a request that is well-formed. */
  readonly status?: number;
  /** @default {} */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A request or operation that is not executed, with the errors for the client.
 *
 * They lack the request id, which is added when they are sent. Never the gateway's fault, so not logged as an error.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly errors: readonly GraphQLFormattedError[],
    readonly http: HttpRefusal = {},
  ) {
    super(errors[0]?.message);
  }
}

/** A refusal with one error; `details` are added to its extensions. */
export function refusal(
  code: ErrorCode,
  message: string,
  { details, ...http }: HttpRefusal & { readonly details?: Readonly<Record<string, unknown>> } = {},
): Refusal {
  return new Refusal([{ message, extensions: { code, ...details } }], http);
}

/** A document or operation beyond a limit; the message gives the limit. */
export function tooExpensive(message: string, details?: Readonly<Record<string, unknown>>): Refusal {
  return refusal(ErrorCode.QueryTooExpensive, message, { details });
}

/** A malformed request: wrong method, media type or body. */
export function badRequest(message: string, status = 400, headers?: Readonly<Record<string, string>>): Refusal {
  return refusal(ErrorCode.BadRequest, message, { status, headers });
}
