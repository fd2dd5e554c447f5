import type { GraphQLResolveInfo } from "graphql";
import { ID, Mutation, Query, Resolver, Subscription } from "type-graphql";
import { badInput } from "../kernel/errors.js";
import { cloudTowerId, quote, splitGlobalId } from "../kernel/global-id.js";
import { readByIds } from "../upstream/reads.js";
import type { UpstreamSession } from "../upstream/session.js";
import { type ArgumentDeclaration, declareArguments, pageArguments } from "./declare.js";
import type { GraphContext } from "./graph-context.js";
import type { Joinable, JoinableClass } from "./joinable.js";
import { rootLevel, rootList } from "./level.js";
import type { List } from "./list/list.js";
import type { PageArguments } from "./list/page-arguments.js";
import { Node } from "./node.js";
import type { ResourceClass } from "./resource.js";

/** What a root field of the graph needs of the context. */
type Context = { readonly graph: GraphContext };

/** How objects of one type are found by what stands behind the colon of their global ids. */
export interface NodeKind {
  readonly of: JoinableClass;
  /** True where that is CloudTower's id, so that edges can be loaded beside the objects. */
  readonly byCloudTowerId: boolean;
  /** Ids of nothing are left out. */
  find(session: UpstreamSession, localIds: readonly string[]): Promise<Map<string, Joinable>>;
}

/** The kind of node that stands on CloudTower's own ids. */
export function nodeKind(of: ResourceClass): NodeKind {
  return {
    of,
    byCloudTowerId: true,
    async find(session, ids) {
      const rows = await readByIds(session, of.entity, ids);
      return new Map(rows.map((row) => [row.id, new of(row)]));
    },
  };
}

/** A field of a root type: what type-graphql is told, and how it is answered. */
export interface RootField<C = Context> {
  readonly name: string;
  readonly type: () => unknown;
  readonly nullable: boolean | "items";
  readonly description: string;
  readonly args: Readonly<Record<string, ArgumentDeclaration>>;
  resolve(source: unknown, args: never, context: C, info: GraphQLResolveInfo): unknown;
  /** Of a subscription: its stream of events. */
  subscribe?(source: unknown, args: never, context: C, info: GraphQLResolveInfo): unknown;
}

/** `vm(id)`: one object, with what the selection wants below it loaded side by side. */
export function oneField(name: string, kind: NodeKind, description: string): RootField {
  const { typename } = kind.of;
  return {
    name,
    type: () => kind.of,
    nullable: true,
    description,
    args: { id: { type: () => ID, description: `The ${typename}'s id, global or bare.` } },
    async resolve(_, { id }: { id: string }, { graph }, info) {
      const found = await findJoined(graph, info, kind, [cloudTowerId(typename, id)]);
      return found.values().next().value ?? null;
    },
  };
}

/** `vms(...)`: one page of a list. */
export function listField(name: string, list: List, description: string): RootField {
  return {
    name,
    type: () => list.types.connection,
    nullable: true,
    description,
    args: pageArguments(list),
    async resolve(_, args: PageArguments, { graph }, info) {
      const { withCount, items, columns } = rootList(graph.graph, info, list, args);
      const connection = await list.page(graph.session.keeping(columns), args, graph.limits, withCount);
      await graph.lookAhead.join(items, connection.nodes);
      return connection;
    },
  };
}

/** `node(id)` and `nodes(ids)`: any object by its global id. */
export function nodeFields(kinds: readonly NodeKind[], maxIds: number): RootField[] {
  const byTypename = new Map(kinds.map((kind) => [kind.of.typename, kind]));

  async function find(
    graph: GraphContext,
    info: GraphQLResolveInfo,
    ids: readonly string[],
  ): Promise<(Joinable | null)[]> {
    if (ids.length > maxIds) throw badInput(`expected at most ${maxIds} ids, got ${ids.length}`);
    const wanted = ids.map(splitGlobalId);
    const byKind = new Map<NodeKind, Set<string>>();
    for (const [index, { typename, localId }] of wanted.entries()) {
      const kind = byTypename.get(typename);
      if (kind === undefined) throw badInput(`expected the id of a known type, got ${quote(ids[index] ?? "")}`);
      byKind.set(kind, (byKind.get(kind) ?? new Set()).add(localId));
    }
    const found = new Map<string, Map<string, Joinable>>();
    await Promise.all(
      [...byKind].map(async ([kind, localIds]) => {
        found.set(kind.of.typename, await findJoined(graph, info, kind, [...localIds]));
      }),
    );
    return wanted.map(({ typename, localId }) => found.get(typename)?.get(localId) ?? null);
  }

  return [
    {
      name: "node",
      type: () => Node,
      nullable: true,
      description: "Any object by its global id; null for an id of nothing.",
      args: { id: { type: () => ID, description: "A global id." } },
      resolve: async (_, { id }: { id: string }, { graph }, info) => (await find(graph, info, [id]))[0] ?? null,
    },
    {
      name: "nodes",
      type: () => [Node],
      nullable: "items",
      description: "Objects by their global ids, in the order of the ids; null for an id of nothing.",
      args: { ids: { type: () => [ID], description: "Global ids, of any types." } },
      resolve: (_, { ids }: { ids: string[] }, { graph }, info) => find(graph, info, ids),
    },
  ];
}

/** Tells type-graphql of the root fields. */
export function declareRootFields(roots: Readonly<Record<RootType, readonly RootField[]>>): new () => object {
  const resolver = class {};
  for (const [root, decorator] of Object.entries(DECORATORS)) {
    for (const { name, type, nullable, description, args } of roots[root as RootType]) {
      const options = { nullable, description, subscribe: unused };
      decorator(type as never, options as never)(resolver.prototype, name, { value: unused });
      declareArguments(resolver.prototype, name, args);
    }
  }
  Resolver()(resolver);
  return resolver;
}

type RootType = "Query" | "Mutation" | "Subscription";
const DECORATORS = {
  Query: (type: never, options: never) => Query(type, options),
  Mutation: (type: never, options: never) => Mutation(type, options),
  Subscription: (type: never, options: never) => Subscription(type, options),
};

/** Stands where type-graphql wants a resolver; schema.ts puts the real one in. */
function unused(): never {
  throw new Error("not installed");
}

/** Objects of one kind by their keys, with what the selection wants below them. */
export async function findJoined(
  graph: GraphContext,
  info: GraphQLResolveInfo,
  kind: NodeKind,
  localIds: readonly string[],
): Promise<Map<string, Joinable>> {
  const level = rootLevel(graph.graph, info, kind.of.typename);
  const begun = kind.byCloudTowerId ? graph.lookAhead.begin(level, localIds) : undefined;
  const found = await kind.find(graph.session, localIds);
  await graph.lookAhead.join(level, [...found.values()], begun);
  return found;
}
