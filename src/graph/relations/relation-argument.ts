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
