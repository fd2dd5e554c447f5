import { GraphQLSchema, isInterfaceType, isObjectType } from "graphql";

/** The schema without its mutations, and without the types that only they lead to. */
export function readOnlySchema(schema: GraphQLSchema): GraphQLSchema {
  const { query, subscription, directives, description } = schema.toConfig();
  const parts = { query, subscription, directives, description };
  // Types that only an interface leads to must be named; each of them may lead to further interfaces.
  for (let reached = new GraphQLSchema(parts); ; ) {
    const types = Object.values(reached.getTypeMap())
      .filter(isInterfaceType)
      .flatMap((reachedInterface) => [...schema.getPossibleTypes(reachedInterface)])
      .filter(isObjectType);
    const wider = new GraphQLSchema({ ...parts, types });
    if (Object.keys(wider.getTypeMap()).length === Object.keys(reached.getTypeMap()).length) return wider;
    reached = wider;
  }
}
