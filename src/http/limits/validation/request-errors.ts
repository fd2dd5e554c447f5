import type { GraphQLError, GraphQLFormattedError } from "graphql";
import { type ErrorCode, TowerError } from "../../../kernel/errors.js";
import { shorten } from "../../../kernel/text/shorten.js";
import { Refusal } from "../../messages/refusal.js";

/** Cut, because graphql-js quotes the client's own text. */
const MAX_MESSAGE_CHARACTERS = 500;

/** An error of graphql-js in a request, as its client sees it. */
export function requestError({ message, locations }: GraphQLError, code: ErrorCode): GraphQLFormattedError {
  const text = shorten(message, MAX_MESSAGE_CHARACTERS);
  return { message: text, ...(locations && { locations }), extensions: { code } };
}

/** The result of a check. @throws Refusal for the TowerError that it throws. */
export function asRefusal<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw refusalOf(error);
  }
}

/** A TowerError as a Refusal; another error itself. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof TowerError)) return error;
  return new Refusal([{ message: error.message, extensions: { code: error.code } }]);
}
