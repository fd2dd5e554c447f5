import { type GraphQLInputObjectType, getNamedType, isEnumType, isInputObjectType, isObjectType } from "graphql";
import type { ResourceClass } from "../../../src/graph/model/resource.js";
import { fullSchema } from "../../../src/schema/schema.js";

/** A list of the graph. */
export interface GraphList {
  /** The root field. */
  readonly name: string;
  readonly resource: ResourceClass;
  readonly filter: GraphQLInputObjectType;
  readonly orders: readonly string[];
  /** Argument, after a comma, with which the list leaves nothing out. */
  readonly wholeList: string;
}

/** Every list of the graph. */
export function graphLists(): GraphList[] {
  const { schema, relations } = fullSchema();
  const classes = new Map(
    relations.relations
      .flatMap(({ from, to }) => [from, to] as unknown as ResourceClass[])
      .map((type) => [type.typename, type]),
  );
  return Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap(({ name, type, args }) => {
    const node = schema.getType(getNamedType(type).name.replace(/Connection$/, ""));
    const resource = classes.get(node?.name ?? "");
    const filter = getNamedType(args.find((argument) => argument.name === "filter")?.type);
    const orderBy = getNamedType(args.find((argument) => argument.name === "orderBy")?.type);
    if (!isObjectType(node) || resource === undefined || !isInputObjectType(filter)) return [];
    const field = isInputObjectType(orderBy) ? getNamedType(orderBy.getFields().field?.type) : undefined;
    const orders = isEnumType(field) ? field.getValues().map((value) => value.name) : [];
    const leavesOut = args.some((argument) => argument.name === "includeRecycleBin");
    return [{ name, resource, filter, orders, wholeList: leavesOut ? ", includeRecycleBin: true" : "" }];
  });
}
