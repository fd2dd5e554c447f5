import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { federateSubgraphs } from "@wundergraph/composition";
import { type FormattedExecutionResult, type GraphQLInterfaceType, type GraphQLObjectType, parse } from "graphql";
import { expect, onTestFinished, test } from "vitest";
import { federatedSchema } from "../../src/federation/federated-schema.js";
import { subgraphSdl } from "../../src/federation/subgraph-sdl.js";
import { nodeKinds } from "../../src/schema/query.js";
import { fullSchema } from "../../src/schema/schema.js";
import { codeBlocks, readPage } from "../docs/support/pages.js";
import { startGateway } from "../support/gateway.js";
import { startBackupsSubgraph } from "./support/backups-subgraph.js";

const PAGE = readPage("docs/federation.md");
const [BACKUPS_SDL = ""] = codeBlocks(PAGE, "graphqls");
const [COMPOSE = "", CONFIG = ""] = codeBlocks(PAGE, "js");
/** The request bodies of the curl commands. */
const BODIES = codeBlocks(PAGE, "sh").flatMap((text) =>
  [...text.matchAll(/ -d '(.*?)'/gs)].map(([, body]) => body ?? ""),
);

/** What Hive Gateway adds to the null of an entity that was not found. */
const NOT_FOUND = "Unexpected error.";

const whole = fullSchema().schema;

test("the schema composes with another subgraph by the rules of WunderGraph too", () => {
  const url = "http://127.0.0.1:1/graphql";
  const names = new Set(nodeKinds().map(({ resource }) => resource.typename));
  const result = federateSubgraphs({
    subgraphs: [
      { name: "towerql", url, definitions: parse(subgraphSdl(whole, names)) },
      { name: "backups", url, definitions: parse(BACKUPS_SDL) },
    ],
  });

  const keyed = [...subgraphSdl(whole, names).matchAll(/^type (\w+) implements Node @key\(fields: "id"\) \{$/gm)];
  const nodes = whole.getPossibleTypes(whole.getType("Node") as GraphQLInterfaceType);
  expect(keyed.map(([, name]) => name).sort()).toEqual(nodes.map(({ name }) => name).sort());
  if (!result.success) throw new Error(result.errors.map(({ message }) => message).join("\n"));
  const { Query, Vm } = result.federatedGraphClientSchema.getTypeMap() as Record<string, GraphQLObjectType>;
  expect(Object.keys(Query?.getFields() ?? {})).toEqual(expect.arrayContaining(["vms", "policies"]));
  expect(Query?.getFields()).not.toHaveProperty("node");
  expect(Object.keys(Vm?.getFields() ?? {})).toEqual(expect.arrayContaining(["disks", "policy"]));
});

test("the schema is not changed by being federated", () => {
  const federated = federatedSchema(whole, { kinds: nodeKinds(), introspection: true });

  expect(federated.getQueryType()?.getFields()).toHaveProperty("_entities");
  expect(whole.getQueryType()?.getFields()).not.toHaveProperty("_entities");
  expect(whole.getType("_Entity")).toBeUndefined();
});

test("a router composes and queries both graphs as the documentation says, as the caller", async () => {
  const gateway = await startGateway({ env: { FEDERATION: "true" } });
  const { vms } = await gateway.data<{ vms: { nodes: { id: string; name: string; cluster: { name: string } }[] } }>(
    "{ vms(first: 100) { nodes { id name cluster { name } } } }",
  );
  const policies = [
    { name: "nightly", everyHours: 24, vmIds: [...vms.nodes.map(({ id }) => id), "Vm:gone"] },
    { name: "nothing", everyHours: 1, vmIds: [] },
  ];
  const backups = await startBackupsSubgraph(BACKUPS_SDL, policies);
  const router = await startRouter({
    "http://localhost:4000/graphql": `${gateway.url}/graphql`,
    "http://localhost:4001/graphql": backups.url,
  });
  const [ofPolicies = "", ofVms = ""] = BODIES;
  const { calls, users } = gateway.simulator;

  calls.clear();
  const there = await router.post(ofPolicies, gateway.token);
  expect(there.errors?.map(({ path, message }) => [path?.join("."), message])).toEqual([
    [`policies.0.vms.${vms.nodes.length}.name`, NOT_FOUND],
  ]);
  const [nightly, nothing] = there.data.policies as {
    name: string;
    vms: ({ name: string; disks: object[] } | null)[];
  }[];
  expect(nightly?.vms.map((vm) => vm?.name ?? null)).toEqual([...vms.nodes.map(({ name }) => name), null]);
  expect(nightly?.vms[0]?.disks[0]).toEqual({ volume: { sizeBytes: expect.any(Number) } });
  expect(nothing).toEqual({ name: "nothing", vms: [] });
  expect(calls.counts).toEqual({ "get-vms": 1, "get-vm-disks": 1, "get-vm-volumes": 1 });
  expect(new Set(calls.all.map(({ token }) => token))).toEqual(new Set([gateway.token]));

  const back = await router.post(ofVms, gateway.token);
  expect(back.errors).toBeUndefined();
  expect((back.data.vms as { nodes: object[] }).nodes[0]).toEqual({
    name: expect.any(String),
    policy: { name: "nightly", everyHours: 24 },
  });

  const operator = users[1]?.token ?? "";
  const { vms: visible } = await gateway.data<{ vms: { totalCount: number } }>(
    "{ vms { totalCount } }",
    {},
    { authorization: operator },
  );
  const limited = await router.post(ofPolicies, operator);
  const [seen] = limited.data.policies as { vms: (object | null)[] }[];
  expect(new Set(limited.errors?.map(({ message }) => message))).toEqual(new Set([NOT_FOUND]));
  expect(seen?.vms.filter((vm) => vm !== null)).toHaveLength(visible.totalCount);
  expect(visible.totalCount).toBeLessThan(vms.nodes.length);

  const anonymous = await router.post(ofPolicies, undefined);
  expect(anonymous.errors?.[0]?.extensions?.code).toBe("UNAUTHENTICATED");
  expect(backups.headers.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
}, 60_000);

type RouterResult = FormattedExecutionResult & { readonly data: Record<string, unknown> };

interface Router {
  post(body: string, authorization: string | undefined): Promise<RouterResult>;
}

/** Composes a supergraph and serves it, with the two files of the documentation. @param addresses those of the documentation, and those to use */
async function startRouter(addresses: Readonly<Record<string, string>>): Promise<Router> {
  mkdirSync("node_modules/.cache", { recursive: true });
  // Inside of the project, whose packages the files import.
  const folder = mkdtempSync("node_modules/.cache/supergraph-");
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const compose = Object.entries(addresses).reduce((text, [from, to]) => text.replace(from, to), COMPOSE);
  writeFileSync(join(folder, "compose.mjs"), compose);
  writeFileSync(join(folder, "gateway.config.mjs"), CONFIG);
  await promisify(execFile)(process.execPath, ["compose.mjs"], { cwd: folder });
  const { gatewayConfig } = await import(pathToFileURL(join(folder, "gateway.config.mjs")).href);
  const runtime = createGatewayRuntime({
    ...gatewayConfig,
    supergraph: join(folder, gatewayConfig.supergraph),
    logging: false,
  });
  const server = createServer(runtime);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await runtime[Symbol.asyncDispose]();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  return {
    async post(body, authorization) {
      const headers = { "content-type": "application/json", ...(authorization !== undefined && { authorization }) };
      return (await (await fetch(url, { method: "POST", headers, body })).json()) as never;
    },
  };
}
