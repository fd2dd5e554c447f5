import type { EnumType } from "../connections/define-enum.js";
import { columnsRead } from "../model/column.js";
import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import type { RelationArgument } from "./relation.js";

/** An argument that keeps the objects of which a field has the value of the argument. */
export function filterBy<C extends GraphObject>(
  of: GraphObjectClass<C>,
  field: keyof C & string,
  values: EnumType,
  description: string,
): RelationArgument<C> {
  const columns = columnsRead(of, field);
  if (columns === undefined) throw new Error(`${of.typename}.${field} does not declare what it reads`);
  return {
    name: field,
    type: () => values.type,
    description,
    columns,
    matches: (object, value) => object[field] === value,
  };
}

/** Applies an argument to the objects that a relation led to; anything but a list stays as it is, also an Error. */
export function narrowBy(
  argument: RelationArgument<never> | undefined,
  args: Readonly<Record<string, unknown>>,
): (value: unknown) => unknown {
  const wanted = argument && args[argument.name];
  if (argument === undefined || wanted === undefined || wanted === null) return (value) => value;
  return (value) => (Array.isArray(value) ? value.filter((item) => argument.matches(item as never, wanted)) : value);
}
