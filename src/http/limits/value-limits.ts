import { type DocumentNode, Kind, visit } from "graphql";
import { badInput } from "../../kernel/errors.js";
import type { DocumentLimits } from "./document-limits.js";

/** Lists and objects inside one another in a variable: coercion calls itself for each. */
const MAX_VALUE_DEPTH = 32;

type ValueLimits = Pick<DocumentLimits, "maxListLength" | "maxStringLength">;

/**
 * Checks the values that stand in a document.
 *
 * @throws TowerError BAD_USER_INPUT for a list or a string that is too long.
 */
export function checkLiterals(document: DocumentNode, limits: ValueLimits): void {
  visit(document, {
    [Kind.STRING]: ({ value }) => checkString(value, limits),
    [Kind.LIST]: ({ values }) => checkList(values, limits),
  });
}

/**
 * Checks the values that came as JSON beside a document.
 *
 * @throws TowerError BAD_USER_INPUT for a list, a string or a nesting that is too long or deep.
 */
export function checkVariables(variables: unknown, limits: ValueLimits): void {
  checkValue(variables, limits, 0);
}

function checkValue(value: unknown, limits: ValueLimits, depth: number): void {
  if (typeof value === "string") checkString(value, limits);
  if (typeof value !== "object" || value === null) return;
  if (depth > MAX_VALUE_DEPTH) throw badInput(`expected variables nested at most ${MAX_VALUE_DEPTH} deep, got more`);
  if (Array.isArray(value)) checkList(value, limits);
  for (const item of Array.isArray(value) ? value : Object.values(value)) checkValue(item, limits, depth + 1);
}

function checkString(value: string, { maxStringLength }: ValueLimits): void {
  if (value.length > maxStringLength) {
    throw badInput(`expected strings of at most ${maxStringLength} characters, got one of ${value.length}`);
  }
}

function checkList(values: readonly unknown[], { maxListLength }: ValueLimits): void {
  if (values.length > maxListLength) {
    throw badInput(`expected lists of at most ${maxListLength} items, got one of ${values.length}`);
  }
}
