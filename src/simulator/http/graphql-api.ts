import { buildSchema, graphqlSync } from "graphql";
import type { Accounts } from "../accounts.js";
import type { HttpResponse } from "./send-response.js";

/** Path of CloudTower's unpublished GraphQL API. */
export const graphqlPath = "/api";

/** What is known of it: the directories, which need no login since users log in by them, and keys for programs. */
const schema = buildSchema(`
  type Query { authnStrategies: [AuthnStrategy!]! }
  type AuthnStrategy { id: ID! type: String! name: String }
  type Mutation { createApiKey(data: ApiKeyCreateInput!): ApiKey! }
  input ApiKeyCreateInput { name: String! }
  type ApiKey { id: ID! name: String! key: String! roles: [String!]! }
`);

/** Runs a GraphQL request: 400 if it is not valid, otherwise 200, also with errors. */
export function callGraphql(accounts: Accounts, authorization: string | undefined, body: unknown): HttpResponse {
  const { query, variables, operationName } = (body ?? {}) as Record<string, unknown>;
  if (typeof query !== "string") return json(400, { errors: [{ message: "Must provide query string." }] });
  const result = graphqlSync({
    schema,
    source: query,
    rootValue: {
      authnStrategies: () => accounts.directories,
      createApiKey: ({ data }: { data: { name: string } }) => accounts.createApiKey(authorization, data.name),
    },
    variableValues: variables as Record<string, unknown> | undefined,
    operationName: operationName as string | undefined,
  });
  return json("data" in result ? 200 : 400, result);
}

function json(status: number, body: unknown): HttpResponse {
  return { status, headers: { "content-type": "application/json; charset=utf-8" }, text: JSON.stringify(body) };
}
