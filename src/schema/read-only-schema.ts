import { GraphQLSchema, isInterfaceType, isObjectType } from "graphql";

/** The schema without mutations and the types that only they use. */
export function readOnlySchema(schema: GraphQLSchema): GraphQLSchema {
  const { query, subscription, directives, description } = schema.toConfig();
  const parts = { query, subscription, directives, description };
  // Types reached only through an interface must be listed, and each of them may lead to further interfaces.
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
