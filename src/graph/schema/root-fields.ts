import type { GraphQLResolveInfo } from "graphql";
import { ID, Mutation, Query, Resolver, Subscription } from "type-graphql";
import { cloudTowerId } from "../../kernel/text/global-id.js";
import type { Listing } from "../connections/listing.js";
import type { PageArguments } from "../connections/page-arguments.js";
import type { GraphContext } from "../loading/graph-context.js";
import type { GraphObject } from "../model/graph-object.js";
import type { ResolvedRoots } from "../plan/execute.js";
import { type LookupCalls, type RootInfo, type RootTarget, rootList, rootObjects } from "../plan/operation-plan.js";
import { countErrors } from "./count-errors.js";
import { type ArgumentDeclaration, declareArguments, pageArguments } from "./declare.js";
import type { NodeKind } from "./node-kind.js";

/** Part of the context that the root fields of the graph use. */
type Context = { readonly graph: GraphContext };

/** A field of a root type: its declaration to type-graphql and its resolver. */
export interface RootField<C = Context> {
  readonly name: string;
  readonly type: () => unknown;
  readonly nullable: boolean | "items";
  readonly description: string;
  readonly args: Readonly<Record<string, ArgumentDeclaration>>;
  /** The type or list that a field of the graph leads to: the selection is planned from there. */
  readonly leadsTo?: RootTarget;
  /** Whether the field exists only for administrators. @default false */
  readonly adminOnly?: boolean;
  /** What it costs; the price of an operation follows from it. */
  readonly lookupCalls?: LookupCalls;
  /** Maximum number of objects. @default the length of the longest list among the arguments */
  readonly lookupObjects?: LookupCalls;
  resolve(source: unknown, args: never, context: C, info: GraphQLResolveInfo): unknown;
  /** Event stream of a subscription. */
  subscribe?(source: unknown, args: never, context: C, info: GraphQLResolveInfo): unknown;
}

/** `vm(id)`: one object, with the relations that the selection needs loaded in parallel. */
export function oneField(name: string, kind: NodeKind, description: string): RootField {
  const { typename } = kind.resource;
  return {
    name,
    type: () => kind.resource,
    nullable: true,
    description,
    leadsTo: { type: kind.resource },
    lookupCalls: () => kind.calls ?? 1,
    args: { id: { type: () => ID, description: `Global or bare id of the ${typename}.` } },
    async resolve(_, { id }: { id: string }, { graph }, info) {
      const found = await findNodes(graph, info, kind, [cloudTowerId(typename, id)]);
      return found.values().next().value ?? null;
    },
  };
}

/** `vms(...)`: one page of a list. */
export function listField(name: string, list: Listing, description: string): RootField {
  return {
    name,
    type: () => list.types.connection,
    nullable: true,
    description,
    leadsTo: { listing: list },
    args: pageArguments(list),
    async resolve(_, args: PageArguments, { graph }, info) {
      const page = list.request(name, args, graph.limits);
      const plan = rootList(info, graph.registry, list);
      const session = graph.session.withColumns(plan.columns(args));
      const connection = await list.page(session, page, plan.withCount);
      await graph.lookAhead.load(plan.objects, connection.nodes);
      return connection;
    },
  };
}

/** Declares the root fields to type-graphql: a resolver for each root, since two of them may have a field of the same name. */
export function declareRootFields(roots: Readonly<Record<RootType, readonly RootField[]>>): (new () => object)[] {
  return Object.entries(DECORATORS).map(([root, decorator]) => {
    const resolver = class {};
    for (const { name, type, nullable, description, args } of roots[root as RootType]) {
      const options = { nullable, description, subscribe: unused };
      decorator(type as never, options as never)(resolver.prototype, name, { value: unused });
      declareArguments(resolver.prototype, name, args);
    }
    Resolver()(resolver);
    return resolver;
  });
}

type RootType = "Query" | "Mutation" | "Subscription";
const DECORATORS = {
  Query: (type: never, options: never) => Query(type, options),
  Mutation: (type: never, options: never) => Mutation(type, options),
  Subscription: (type: never, options: never) => Subscription(type, options),
};

/** Placeholder for a resolver, which type-graphql requires; schema.ts installs the real one. */
function unused(): never {
  throw new Error("not installed");
}

/** A root field's resolver as the schema has it: what was resolved before graphql-js took the operation over is not resolved again. */
export function resolvedOnce<C extends { readonly resolvedRoots?: ResolvedRoots }>(
  resolve: RootField<C>["resolve"],
): (source: unknown, args: never, context: C, info: GraphQLResolveInfo) => unknown {
  const counting = countErrors(resolve as never);
  return (source, args, context, info) =>
    context.resolvedRoots?.get(String(info.path.key)) ?? counting(source as never, args, context as never, info);
}

/** Objects of one kind by their local ids, with the relations that the selection needs; see `NodeKind.find`. */
export async function findNodes(
  graph: GraphContext,
  info: RootInfo,
  kind: NodeKind,
  localIds: readonly string[],
): Promise<Map<string, GraphObject | Error>> {
  const plan = rootObjects(info, graph.registry, kind.resource);
  const prefetches = kind.byCloudTowerId ? graph.lookAhead.startPrefetch(plan, localIds) : undefined;
  const found = await kind.find(graph.session, localIds);
  const objects = [...found.values()].filter((object) => !(object instanceof Error));
  await graph.lookAhead.load(plan, objects as GraphObject[], prefetches);
  return found;
}
