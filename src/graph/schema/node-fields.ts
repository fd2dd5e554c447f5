import type { GraphQLResolveInfo } from "graphql";
import { ID } from "type-graphql";
import { badInput } from "../../kernel/errors.js";
import { quote, splitGlobalId } from "../../kernel/text/global-id.js";
import type { GraphContext } from "../loading/graph-context.js";
import { Node } from "../model/node.js";
import { callsToFind, findObjects } from "./find-objects.js";
import type { NodeKind } from "./node-kind.js";
import type { RootField } from "./root-fields.js";

/** `node(id)` and `nodes(ids)`: objects of any type by their global ids. */
export function nodeFields(kinds: readonly NodeKind[], maxIds: number): RootField[] {
  const byTypename = new Map(kinds.map((kind) => [kind.resource.typename, kind]));

  function find(graph: GraphContext, info: GraphQLResolveInfo, ids: readonly string[]) {
    if (ids.length > maxIds) throw badInput(`"ids" must have at most ${maxIds} ids, got ${ids.length}.`);
    const keys = ids.map((id) => {
      const { typename, localId } = splitGlobalId(id);
      const kind = byTypename.get(typename);
      if (kind === undefined) throw badInput(`Not the id of a known type: ${quote(id)}.`);
      return { kind, localId };
    });
    return findObjects(graph, info, keys);
  }

  const kindsOf = (args: Readonly<Record<string, unknown>>) => {
    const ids = (args.ids ?? [args.id]) as readonly string[];
    const names = new Set(ids.map((id) => splitGlobalId(id).typename));
    return [...names].flatMap((name) => byTypename.get(name) ?? []);
  };
  const typesOf = (args: Readonly<Record<string, unknown>>) => kindsOf(args).map(({ resource }) => resource);
  const lookupCalls = (args: Readonly<Record<string, unknown>>) => callsToFind(kindsOf(args));

  return [
    {
      name: "node",
      type: () => Node,
      nullable: true,
      description: "Looks up an object of any type by its global id; null if it does not exist.",
      leadsTo: { typesOf },
      lookupCalls,
      args: { id: { type: () => ID, description: "Global id." } },
      resolve: async (_, { id }: { id: string }, { graph }, info) => (await find(graph, info, [id]))[0] ?? null,
    },
    {
      name: "nodes",
      type: () => [Node],
      nullable: "items",
      description:
        "Looks up objects of any type by their global ids, in the order of the ids; null for each that does not exist.",
      leadsTo: { typesOf },
      lookupCalls,
      args: {
        ids: {
          type: () => [ID],
          description: `Global ids of any types; at most ${maxIds}, or MAX_LIST_LENGTH (1000 by default) if that is lower.`,
        },
      },
      resolve: async (_, { ids }: { ids: string[] }, { graph }, info) => find(graph, info, ids),
    },
  ];
}
