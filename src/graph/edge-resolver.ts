import { type GraphQLFieldResolver, type GraphQLObjectType, getNamedType } from "graphql";
import type { Edge, FetchedEdge, InlineEdge, ListEdge, Narrowing } from "./edge.js";
import type { GraphContext } from "./graph-context.js";
import { inlineValue } from "./inline-edge.js";
import type { Joinable } from "./joinable.js";
import { listSlot } from "./list-edge.js";

type Arguments = Readonly<Record<string, unknown>>;
type Resolver = GraphQLFieldResolver<Joinable, { readonly graph: GraphContext }, Arguments>;

/** The field behind an edge: what was joined is answered at once, anything else goes through a DataLoader. */
export function edgeResolver(edge: Edge): Resolver {
  switch (edge.kind) {
    case "inline":
      return inlineResolver(edge);
    case "fetched":
      return fetchedResolver(edge);
    case "list":
      return listResolver(edge);
  }
}

function inlineResolver(edge: InlineEdge): Resolver {
  return (parent, args) => narrowed(edge.narrowing, inlineValue(edge, parent), args);
}

function fetchedResolver(edge: FetchedEdge): Resolver {
  const slot = `@${edge.field}` as const;
  const { narrowing, stub, many } = edge;
  return (parent, args, { graph }, info) => {
    const joined = parent[slot];
    if (joined !== undefined) return narrowed(narrowing, joined, args);
    const key = edge.key(parent);
    if (key === null || key === undefined) return many ? [] : null;
    if (stub !== undefined && graph.needsOnly(stub.fields, info, getNamedType(info.returnType) as GraphQLObjectType)) {
      return stub.of(parent);
    }
    return graph.loaders.load(edge, parent).then((value) => narrowed(narrowing, value, args));
  };
}

function listResolver(edge: ListEdge): Resolver {
  return (parent, args, { graph }) => {
    const joined = parent[listSlot(edge, args)];
    if (joined !== undefined) return joined;
    const key = edge.key(parent);
    return key === null || key === undefined ? null : graph.loaders.loadList(edge, parent, args);
  };
}

/** An Error stays one: returned by a resolver it becomes the error of this field. */
function narrowed(narrowing: Narrowing<never> | undefined, value: unknown, args: Arguments): unknown {
  if (narrowing === undefined || !Array.isArray(value)) return value;
  const wanted = args[narrowing.name];
  return wanted === undefined || wanted === null
    ? value
    : value.filter((item) => narrowing.keep(item as never, wanted));
}
