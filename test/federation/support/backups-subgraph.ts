import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buildSchema, graphql } from "graphql";
import { onTestFinished } from "vitest";

/** A backup policy with the global ids of its VMs. */
export interface Policy {
  readonly name: string;
  readonly everyHours: number;
  readonly vmIds: readonly string[];
}

/** A running subgraph that extends `Vm` by its backup policy. */
export interface BackupsSubgraph {
  /** `http://127.0.0.1:<port>/graphql` */
  readonly url: string;
  /** Headers of all requests. */
  readonly headers: readonly IncomingHttpHeaders[];
}

interface Representation {
  readonly __typename: string;
  readonly id: string;
}

/** Starts the subgraph of the documentation for one test. @param sdl its schema, without what every subgraph has. */
export async function startBackupsSubgraph(sdl: string, policies: readonly Policy[]): Promise<BackupsSubgraph> {
  const schema = buildSchema(
    `${sdl.replace(/^extend schema.*$/m, "")}
     directive @key(fields: String!) on OBJECT
     scalar _Any
     union _Entity = Vm
     type _Service { sdl: String! }
     extend type Query { _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }`,
  );
  const vm = (id: string) => ({
    __typename: "Vm",
    id,
    policy: () => shown(policies.find(({ vmIds }) => vmIds.includes(id))),
  });
  const shown = (policy: Policy | undefined) => policy && { ...policy, vms: () => policy.vmIds.map(vm) };
  const rootValue = {
    policies: () => policies.map(shown),
    _service: { sdl },
    _entities: ({ representations }: { representations: Representation[] }) => representations.map(({ id }) => vm(id)),
  };
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer(async (request, response) => {
    headers.push(request.headers);
    const { query, variables } = await bodyOf(request);
    const result = await graphql({ schema, source: query, variableValues: variables, rootValue });
    response.setHeader("content-type", "application/json").end(JSON.stringify(result));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, headers };
}

async function bodyOf(request: IncomingMessage): Promise<{ query: string; variables?: Record<string, unknown> }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}
