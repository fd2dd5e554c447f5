import type { GraphQLFieldResolver } from "graphql";
import type { GraphObject } from "../model/graph-object.js";
import { embeddedValue } from "../relations/embedded-relation.js";
import { knownResult } from "../relations/known-result.js";
import type { ConnectionRelation, EmbeddedRelation, LoadedRelation, Relation } from "../relations/relation.js";
import { narrowBy } from "../relations/relation-argument.js";
import { connectionKey } from "../relations/relation-key.js";
import { stubLacks } from "../relations/stub.js";
import type { GraphContext } from "./graph-context.js";

type Arguments = Readonly<Record<string, unknown>>;
type Resolver = GraphQLFieldResolver<GraphObject, { readonly graph: GraphContext }, Arguments>;

/** The resolver of a relation's field: returns what was loaded ahead, and loads the rest through a DataLoader. */
export function relationResolver(relation: Relation): Resolver {
  switch (relation.kind) {
    case "embedded":
      return embeddedResolver(relation);
    case "loaded":
      return loadedResolver(relation);
    case "connection":
      return connectionResolver(relation);
  }
}

function embeddedResolver(relation: EmbeddedRelation): Resolver {
  return (parent, args) => narrowBy(relation.argument, args)(embeddedValue(relation, parent));
}

function loadedResolver(relation: LoadedRelation): Resolver {
  const { argument, stub } = relation;
  const known = knownResult(relation);
  return (parent, args, { graph }, info) => {
    const value = known(parent);
    if (value !== undefined && !(value instanceof Error)) return narrowBy(argument, args)(value);
    // Other selections of the relation may have needed the call that failed.
    const columns = graph.stubColumns(relation, info);
    if (stub !== undefined && columns !== undefined && !stubLacks(relation, parent, columns))
      return stub.create(parent);
    if (value !== undefined) return value;
    return graph.loaders.load(relation, parent).then(narrowBy(argument, args));
  };
}

function connectionResolver(relation: ConnectionRelation): Resolver {
  return (parent, args, { graph }) => {
    const loaded = parent[connectionKey(relation, args)];
    if (loaded !== undefined) return loaded;
    return relation.key(parent) == null ? null : graph.loaders.loadConnection(relation, parent, args);
  };
}
