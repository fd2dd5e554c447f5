import { GraphQLObjectType, GraphQLSchema, isInterfaceType, isObjectType } from "graphql";

/** The schema without mutations and the types that only they use. */
export function readOnlySchema(schema: GraphQLSchema): GraphQLSchema {
  return reduced(schema, { mutation: null });
}

/** The schema without the fields for administrators and the types that only they use. */
export function clientSchema(schema: GraphQLSchema): GraphQLSchema {
  return reduced(schema, {
    query: withoutAdminFields(schema.getQueryType()),
    mutation: withoutAdminFields(schema.getMutationType()),
  });
}

function withoutAdminFields(type: GraphQLObjectType | null | undefined): GraphQLObjectType | null {
  if (type == null) return null;
  const config = type.toConfig();
  const fields = Object.entries(config.fields).filter(([, { extensions }]) => extensions?.adminOnly !== true);
  return new GraphQLObjectType({ ...config, fields: Object.fromEntries(fields) });
}

/** Lists the types by their names, as the whole schema does. */
function inOrder(schema: GraphQLSchema, names: readonly string[]): GraphQLSchema {
  const config = schema.toConfig();
  const types = names.toSorted().flatMap((name) => schema.getType(name) ?? []);
  return new GraphQLSchema({ ...config, types });
}

type Roots = Partial<Record<"query" | "mutation", GraphQLObjectType | null>>;

/** The schema with other root types, and the types that they reach. */
function reduced(schema: GraphQLSchema, roots: Roots): GraphQLSchema {
  const { query, mutation, subscription, directives, description } = schema.toConfig();
  const parts = { query, mutation, subscription, directives, description, ...roots };
  // Types reached only through an interface must be listed, and each of them may lead to further interfaces.
  for (let reached = new GraphQLSchema(parts); ; ) {
    const types = Object.values(reached.getTypeMap())
      .filter(isInterfaceType)
      .flatMap((reachedInterface) => [...schema.getPossibleTypes(reachedInterface)])
      .filter(isObjectType);
    const wider = new GraphQLSchema({ ...parts, types });
    const names = Object.keys(wider.getTypeMap());
    if (names.length === Object.keys(reached.getTypeMap()).length) return inOrder(wider, names);
    reached = wider;
  }
}
