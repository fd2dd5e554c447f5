import { type ASTVisitor, Kind } from "graphql";
import { badInput } from "../../kernel/errors.js";
import { quote } from "../../kernel/text/global-id.js";
import type { DocumentLimits } from "./document-limits.js";

/** Maximum depth of lists and objects in a variable: coercion recurses for each. */
const MAX_VALUE_DEPTH = 32;

type ValueLimits = Pick<DocumentLimits, "maxListLength" | "maxStringLength">;

/** Checks the literals of a document while it is visited: throws TowerError BAD_USER_INPUT for a list or a string that is too long. */
export function literalChecks(limits: ValueLimits): ASTVisitor {
  return {
    [Kind.STRING]: ({ value }) => checkString(value, limits),
    [Kind.LIST]: ({ values }) => checkList(values, limits),
  };
}

/**
 * Checks the variables of a request.
 *
 * @throws TowerError BAD_USER_INPUT for a list, an object or a string that is too long, a string that is no Unicode text, or values nested too
 * deeply.
 */
export function checkVariables(variables: unknown, limits: ValueLimits): void {
  checkValue(variables, limits, 0);
}

function checkValue(value: unknown, limits: ValueLimits, depth: number): void {
  if (typeof value === "string") checkString(value, limits);
  if (typeof value !== "object" || value === null) return;
  if (depth > MAX_VALUE_DEPTH) throw badInput(`Variables nested too deeply: at most ${MAX_VALUE_DEPTH} levels.`);
  if (Array.isArray(value)) checkList(value, limits);
  const items = Array.isArray(value) ? value : Object.values(value);
  if (items.length > limits.maxListLength) {
    throw badInput(`Object in a variable too large: at most ${limits.maxListLength} fields, got ${items.length}.`);
  }
  for (const item of items) checkValue(item, limits, depth + 1);
}

function checkString(value: string, { maxStringLength }: ValueLimits): void {
  // Cannot be encoded in UTF-8: CloudTower would get other characters.
  if (/\p{Surrogate}/u.test(value)) throw badInput(`String with half of a surrogate pair: ${quote(value)}.`);
  if (value.length > maxStringLength) {
    throw badInput(`String too long: at most ${maxStringLength} characters, got ${value.length}.`);
  }
}

function checkList(values: readonly unknown[], { maxListLength }: ValueLimits): void {
  if (values.length > maxListLength) {
    throw badInput(`List too long: at most ${maxListLength} items, got ${values.length}.`);
  }
}
