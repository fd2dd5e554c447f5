import { GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import type { NodeKind } from "../graph/schema/node-kind.js";
import { ErrorCode, TowerError } from "../kernel/errors.js";
import { once } from "../kernel/once.js";
import { entitiesField } from "./entities-field.js";
import { subgraphSdl } from "./subgraph-sdl.js";

/** Options for `federatedSchema`. */
export interface FederationOptions {
  /** How the objects of the entities are looked up. */
  readonly kinds: readonly NodeKind[];
  /** The schema that routers are told of. @default the given one */
  readonly described?: GraphQLSchema;
  /** Whether clients may read the schema. */
  readonly introspection: boolean;
}

/** The schema as that of a subgraph: with `_service` and `_entities`. The given one is not changed. */
export function federatedSchema(schema: GraphQLSchema, options: FederationOptions): GraphQLSchema {
  const { kinds, described = schema, introspection } = options;
  const { types: _, query, ...config } = schema.toConfig();
  if (query == null) throw new Error("the schema has no queries");
  const entities = kinds
    .map(({ resource }) => schema.getType(resource.typename))
    .filter((type) => type instanceof GraphQLObjectType);
  const sdl = once(() => subgraphSdl(described, new Set(entities.map(({ name }) => name))));
  const Service = new GraphQLObjectType({
    name: "_Service",
    description: "What the composition of a supergraph reads of a subgraph.",
    fields: {
      sdl: {
        type: new GraphQLNonNull(GraphQLString),
        description: "The schema as text, with the directives of Federation.",
      },
    },
  });
  const { fields, ...queryConfig } = query.toConfig();
  const federated = new GraphQLObjectType({
    ...queryConfig,
    fields: {
      ...fields,
      _entities: entitiesField(kinds, entities) as never,
      _service: {
        type: new GraphQLNonNull(Service),
        description: "For the composition of a supergraph: the schema of this subgraph.",
        resolve: () => (introspection ? { sdl: sdl() } : refuseSdl()),
        extensions: { lookupCalls: () => 0, weight: SDL_WEIGHT },
      },
    },
  });
  const others = Object.values(schema.getTypeMap()).filter((type) => type !== query && !type.name.startsWith("__"));
  return new GraphQLSchema({ ...config, query: federated, types: others });
}

/** The text is some 250 KiB, and an object of a result about 100 bytes: without a credential it must not be had fifty times at once. */
const SDL_WEIGHT = 2_500;

function refuseSdl(): never {
  const message =
    "The schema cannot be read: INTROSPECTION is off. Compose the supergraph from a gateway that has it on.";
  throw new TowerError(ErrorCode.Forbidden, message);
}
