import { type FieldNode, type GraphQLField, getNamedType } from "graphql";
import { badInput } from "../../kernel/errors.js";
import { quote } from "../../kernel/text/global-id.js";
import { argumentOf, type Variables } from "./arguments.js";

/** Names in a filter below which what matches nothing becomes what matches everything. */
const NEGATIONS = new Set(["not", "none", "notIn"]);

/** The filters of one operation that were checked already: a variable may stand at many places. */
export type CheckedFilters = WeakSet<object>;

/**
 * Checks that every condition in the filters of a field says something.
 *
 * A condition whose variable is absent vanishes when graphql-js coerces the filter, and so does a property that a JavaScript client set to
 * undefined: the rest would match more than the client meant, or everything. An absent filter means that there is none, and so does null.
 *
 * @throws TowerError BAD_USER_INPUT that names the place.
 */
export function checkFilters(
  field: FieldNode,
  definition: GraphQLField<unknown, unknown>,
  variables: Variables,
  checked: CheckedFilters,
): void {
  for (const { name, type } of definition.args) {
    if (!getNamedType(type).name.endsWith("Filter")) continue;
    const value = argumentOf(field, name, variables);
    if (value === undefined || value === null) continue;
    if (typeof value === "object") {
      if (checked.has(value)) continue;
      checked.add(value);
    }
    const responseName = field.alias?.value ?? field.name.value;
    checkCondition(value, [], `The ${name} of ${quote(responseName)}`);
  }
}

/** @param path names and indexes that lead to the value. */
function checkCondition(value: unknown, path: readonly (string | number)[], subject: string): void {
  const at = path.length === 0 ? "" : ` at ${quote(path.join("."))}`;
  const omit = path.length === 0 ? "omit the filter" : "omit it";
  if (value === undefined) {
    throw badInput(`${subject} has no value${at}: its variable is absent. Give a value, or ${omit}.`);
  }
  if (value === null) throw badInput(`${subject} has null${at}. Use isNull or isEmpty instead, or ${omit}.`);
  if (typeof value !== "object") return;
  if (!Array.isArray(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0) throw badInput(`${subject} has no condition${at}. Give at least one, or ${omit}.`);
    for (const [name, below] of entries) checkCondition(below, [...path, name], subject);
    return;
  }
  const matchesNothing = path.at(-1) === "in" && !path.some((name) => NEGATIONS.has(String(name)));
  if (value.length === 0 && !matchesNothing) {
    throw badInput(`${subject} has an empty list${at}. Give at least one item, or ${omit}.`);
  }
  for (const [index, item] of value.entries()) checkCondition(item, [...path, index], subject);
}
