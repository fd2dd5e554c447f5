import { type GraphQLObjectType, getNamedType, isLeafType, isObjectType } from "graphql";
import { fullSchema } from "../../../src/schema/schema.js";

/** A selection of every plain field of a type and of the objects embedded in it: all that costs no further call. */
export function everything(typename: string): string {
  const { schema, relations } = fullSchema();
  const type = schema.getType(typename) as GraphQLObjectType;
  const nodes = schema.getPossibleTypes(schema.getType("Node") as never);
  const fields = Object.values(type.getFields()).flatMap(({ name, type: fieldType, args, extensions }) => {
    const inner = getNamedType(fieldType);
    // Computed by a flow, with calls of its own.
    if (extensions.computed === true) return [];
    if (isLeafType(inner)) return args.length === 0 ? [name] : [];
    const isEmbedded =
      isObjectType(inner) && !nodes.includes(inner) && relations.relation(typename, name)?.kind !== "connection";
    return isEmbedded ? [`${name} { ${everything(inner.name)} }`] : [];
  });
  return fields.join(" ");
}
