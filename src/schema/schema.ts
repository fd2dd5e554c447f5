import { countErrors } from "../graph/schema/count-errors.js";
import "reflect-metadata";
import {
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  GraphQLObjectType,
  type GraphQLSchema,
  isInterfaceType,
  lexicographicSortSchema,
  printSchema,
} from "graphql";
import { buildSchemaSync } from "type-graphql";
import type { Context } from "../context.js";
import { allComputedFields } from "../flows/all-computed-fields.js";
import { allPayloadRelations } from "../flows/all-payload-relations.js";
import { relationResolver } from "../graph/loading/relation-resolver.js";
import { RelationRegistry } from "../graph/relations/relation-registry.js";
import { declareRootFields, type RootField, resolvedOnce } from "../graph/schema/root-fields.js";
import { once } from "../kernel/once.js";
import { allRelations } from "../relations/all-relations.js";
import { mutationErrors, mutationFields } from "./mutation.js";
import { queryFields } from "./query.js";
import { subscriptionFields } from "./subscription.js";
import { webhookMutations, webhooksField } from "./webhook-fields.js";

/** The executable schema and the relations that its resolvers use. */
export interface Schema {
  readonly schema: GraphQLSchema;
  readonly relations: RelationRegistry;
}

/** The complete schema. Built once: type-graphql keeps its metadata for the lifetime of the process. */
export const fullSchema: () => Schema = once(() => {
  const roots = {
    Query: [...queryFields(), webhooksField],
    Mutation: [...mutationFields(), ...webhookMutations],
    Subscription: subscriptionFields(),
  };
  const built = buildSchemaSync({
    resolvers: declareRootFields(roots) as never,
    orphanedTypes: mutationErrors as never,
    validate: false,
    // Required by type-graphql if there are subscriptions; ours have their own streams.
    pubSub: { publish() {}, subscribe: () => ({ [Symbol.asyncIterator]: () => ({ next: never }) }) } as never,
  });
  for (const name of ONE_OF) (built.getType(name) as GraphQLInputObjectType).isOneOf = true;
  // Introspection, the page and the printed schema show types and fields in the same order.
  const schema = lexicographicSortSchema(built);
  schema.description = DESCRIPTION;
  const relations = new RelationRegistry(allRelations, allPayloadRelations);
  installResolvers(schema, relations);
  installComputed(schema);
  installRoots(schema, roots);
  return { schema, relations };
});

/** The schema as text: the contents of schema.graphql. */
export function emitSchema(): string {
  return `${printSchema(fullSchema().schema)}\n`;
}

/**
 * Replaces type-graphql's wrappers, which cost a call and an allocation for each field of each object: relations are resolved from
 * their description, and everything else is a plain property or getter.
 */
function installResolvers(schema: GraphQLSchema, relations: RelationRegistry): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInterfaceType(type) && !type.name.startsWith("__")) resolveTypeByConstructor(type);
    if (!(type instanceof GraphQLObjectType) || type.name.startsWith("__")) continue;
    type.isTypeOf = undefined;
    for (const field of Object.values(type.getFields())) {
      const relation = relations.relation(type.name, field.name);
      field.resolve = relation === undefined ? undefined : (countErrors(relationResolver(relation) as never) as never);
    }
  }
}

/** Installs the resolvers of fields that are computed by a flow. */
function installComputed(schema: GraphQLSchema): void {
  for (const { from, field, calls, resolve } of allComputedFields) {
    const definition = (schema.getType(from.typename) as GraphQLObjectType).getFields()[field];
    if (definition === undefined) throw new Error(`${from.typename}.${field} is not in the schema`);
    // The planner leaves operations that select the field to graphql-js.
    definition.resolve = countErrors(resolve as never) as never;
    definition.extensions = { ...definition.extensions, computed: true, calls };
  }
}

function installRoots(schema: GraphQLSchema, roots: Readonly<Record<string, readonly RootField[]>>): void {
  for (const [typename, fields] of Object.entries(roots)) {
    const type = schema.getType(typename) as GraphQLObjectType;
    type.description = ROOT_DESCRIPTIONS[typename];
    for (const { name, leadsTo, lookupCalls, lookupObjects, adminOnly = false, resolve, subscribe } of fields) {
      const field = type.getFields()[name];
      if (field === undefined) throw new Error(`${typename}.${name} is not in the schema`);
      field.resolve = resolvedOnce<Context>(resolve) as never;
      field.subscribe = subscribe as never;
      // Read by the planner, the pricer and the schema of clients.
      field.extensions = { ...field.extensions, leadsTo, lookupCalls, lookupObjects, adminOnly };
    }
  }
}

/** Inputs of which exactly one field is given. Set here because type-graphql cannot declare them. */
const ONE_OF = ["RestoreDiskTarget"];

/** Set here because type-graphql cannot describe root types. */
const DESCRIPTION =
  "The resources of SmartX CloudTower as one graph, from VMs and their snapshots to the ZBS volumes with their data. Ids are global, lists are Relay connections, times are UTC, and sizes are bytes.";

const ROOT_DESCRIPTIONS: Readonly<Record<string, string>> = {
  Query: "Reads. No field has side effects.",
  Mutation:
    "Writes. Each field takes one `input` and returns a payload whose `errors` lists expected failures; unless an error says otherwise, nothing was changed.",
  Subscription: "Event streams, over WebSocket or server-sent events.",
};

/** Resolves the type of an object from its class. */
function resolveTypeByConstructor(type: GraphQLInterfaceType): void {
  type.resolveType = (value) => (value as object & { constructor: { typename: string } }).constructor.typename;
}

function never(): Promise<IteratorResult<unknown>> {
  return Promise.resolve({ done: true, value: undefined });
}
