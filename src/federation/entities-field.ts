import {
  GraphQLError,
  type GraphQLFieldConfig,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  GraphQLUnionType,
  valueFromASTUntyped,
} from "graphql";
import type { GraphContext } from "../graph/loading/graph-context.js";
import type { ResolvedRoots } from "../graph/plan/execute.js";
import type { LookupCalls, RootTarget } from "../graph/plan/operation-plan.js";
import { callsToFind, findObjects } from "../graph/schema/find-objects.js";
import type { NodeKind } from "../graph/schema/node-kind.js";
import { resolvedOnce } from "../graph/schema/root-fields.js";
import { TowerError } from "../kernel/errors.js";
import { type EntityKey, type EntityKinds, keyOf } from "./representation.js";

type Context = { readonly graph: GraphContext; readonly resolvedRoots?: ResolvedRoots };
type Arguments = { readonly representations: readonly unknown[] };

const Any = new GraphQLScalarType<unknown, unknown>({
  name: "_Any",
  description:
    'A reference to an object by its type and its key, such as `{"__typename": "Vm", "id": "Vm:cl2k9x0a0"}`.',
  parseValue: (value) => value,
  // It is never in a result.
  serialize() {
    throw new GraphQLError("_Any is for arguments only");
  },
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});

/**
 * `Query._entities`: the objects that a router's references lead to, in their order; null for each that does not exist, and null with an
 * error for each that names no object of this subgraph or could not be read.
 *
 * @param types the types of the kinds in the schema.
 */
export function entitiesField(
  kinds: readonly NodeKind[],
  types: readonly GraphQLObjectType[],
): GraphQLFieldConfig<unknown, Context> {
  const byTypename: EntityKinds = new Map(kinds.map((kind) => [kind.resource.typename, kind]));
  const Entity = new GraphQLUnionType({
    name: "_Entity",
    description: "An object that other subgraphs can refer to.",
    types: [...types],
    resolveType: (value) => (value as { constructor: { typename: string } }).constructor.typename,
  });

  function kindsOf(args: Readonly<Record<string, unknown>>): readonly NodeKind[] {
    const { representations = [] } = args as Partial<Arguments>;
    return [
      ...new Set(
        representations
          .map((given) => keyOf(given, byTypename))
          .filter(isKey)
          .map(({ kind }) => kind),
      ),
    ];
  }

  async function find(_: unknown, { representations }: Arguments, { graph }: Context, info: GraphQLResolveInfo) {
    const keys = representations.map((given) => keyOf(given, byTypename));
    const found = (await findObjects(graph, info, keys.filter(isKey))).values();
    return keys.map((key) => (isKey(key) ? found.next().value : key));
  }

  return {
    type: new GraphQLNonNull(new GraphQLList(Entity)),
    description: "For the router of a supergraph: objects by references.",
    args: { representations: { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(Any))) } },
    resolve: resolvedOnce<Context>(find as never) as never,
    extensions: {
      leadsTo: { typesOf: (args) => kindsOf(args).map(({ resource }) => resource) } satisfies RootTarget,
      lookupCalls: ((args) => callsToFind(kindsOf(args))) satisfies LookupCalls,
    },
  };
}

function isKey(key: EntityKey | TowerError): key is EntityKey {
  return !(key instanceof TowerError);
}
