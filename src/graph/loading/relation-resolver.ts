import { type GraphQLFieldResolver, type GraphQLObjectType, getNamedType } from "graphql";
import type { GraphObject } from "../model/graph-object.js";
import { embeddedValue } from "../relations/embedded-relation.js";
import type {
  ConnectionRelation,
  EmbeddedRelation,
  LoadedRelation,
  Relation,
  RelationArgument,
} from "../relations/relation.js";
import { connectionKey } from "../relations/relation-key.js";
import { knownResult } from "./follow-relation.js";
import type { GraphContext } from "./graph-context.js";

type Arguments = Readonly<Record<string, unknown>>;
type Resolver = GraphQLFieldResolver<GraphObject, { readonly graph: GraphContext }, Arguments>;

/** The field behind a relation: what was joined is answered at once, anything else goes through a DataLoader. */
export function relationResolver(relation: Relation): Resolver {
  switch (relation.kind) {
    case "embedded":
      return inlineResolver(relation);
    case "loaded":
      return fetchedResolver(relation);
    case "connection":
      return listResolver(relation);
  }
}

function inlineResolver(relation: EmbeddedRelation): Resolver {
  return (parent, args) => narrowed(relation.argument, embeddedValue(relation, parent), args);
}

function fetchedResolver(relation: LoadedRelation): Resolver {
  const { argument, stub } = relation;
  const known = knownResult(relation);
  return (parent, args, { graph }, info) => {
    const value = known(parent);
    if (value !== undefined) return narrowed(argument, value, args);
    if (stub !== undefined && graph.needsOnly(stub.fields, info, getNamedType(info.returnType) as GraphQLObjectType)) {
      return stub.create(parent);
    }
    return graph.loaders.load(relation, parent).then((value) => narrowed(argument, value, args));
  };
}

function listResolver(relation: ConnectionRelation): Resolver {
  return (parent, args, { graph }) => {
    const joined = parent[connectionKey(relation, args)];
    if (joined !== undefined) return joined;
    const key = relation.key(parent);
    return key === null || key === undefined ? null : graph.loaders.loadConnection(relation, parent, args);
  };
}

/** An Error stays one: returned by a resolver it becomes the error of this field. */
function narrowed(argument: RelationArgument<never> | undefined, value: unknown, args: Arguments): unknown {
  if (argument === undefined || !Array.isArray(value)) return value;
  const wanted = args[argument.name];
  return wanted === undefined || wanted === null
    ? value
    : value.filter((item) => argument.matches(item as never, wanted));
}
