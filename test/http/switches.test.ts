import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadConfig } from "../../src/config.js";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { codeOf } from "../support/transports.js";

const QUERY = "{ vms { totalCount } }";
const HASH = createHash("sha256").update(QUERY).digest("hex");

const SERVICE = { AUTH_MODE: "service", CLOUDTOWER_TOKEN: "a-secret" };
const PREFLIGHTED = { headers: { "apollo-require-preflight": "1" } };

async function file(content: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "towerql-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "file");
  await writeFile(path, content);
  return path;
}

async function send(gateway: TestGateway, body: object) {
  return (await (await gateway.post(body)).json()) as {
    data?: object;
    errors?: { message: string; extensions: { code: string } }[];
  };
}

test("READ_ONLY removes mutations from the schema and nothing else", async () => {
  const gateway = await startGateway({ env: { READ_ONLY: "true" } });
  const { data } = await gateway.query<{ __schema: { mutationType: null; types: { name: string }[] } }>(
    "{ __schema { mutationType { name } types { name } } }",
  );
  const names = data?.__schema.types.map(({ name }) => name);

  expect(data?.__schema.mutationType).toBeNull();
  expect(names).toContain("VmSnapshot");
  expect(names).not.toContain("CreateVmSnapshotPayload");
  expect(codeOf(await gateway.query('mutation { createVmSnapshot(input: { vmId: "a" }) { created } }'))).toBe(
    "GRAPHQL_VALIDATION_FAILED",
  );
  expect(
    (await gateway.query('{ vms(first: 1) { nodes { id disks { volume { name } } } } node(id: "Vm:a") { id } }'))
      .errors,
  ).toBeUndefined();
});

test("GRAPHIQL=false serves no page", async () => {
  const gateway = await startGateway({ env: { GRAPHIQL: "false" } });
  const response = await fetch(`${gateway.url}/graphql`, { headers: { accept: "text/html" } });

  expect(response.headers.get("content-type")).not.toContain("text/html");
});

test.each([
  ["forward", {}, { credential: "token", anonymous: null }],
  ["service", { ...SERVICE, API_KEYS: "a-key" }, { credential: "apiKey", anonymous: null }],
  [
    "service with ALLOW_ANONYMOUS",
    { ...SERVICE, ALLOW_ANONYMOUS: "true" },
    { credential: "apiKey", anonymous: "the gateway's account" },
  ],
])("in front of a CloudTower, in mode %s, the page is told no token of anybody", async (_, env, expected) => {
  const gateway = await startGateway({ env });
  const text = await (await fetch(`${gateway.url}/graphiql/environment.json`)).text();

  expect(JSON.parse(text)).toEqual({ version: expect.any(String), simulated: false, users: [], ...expected });
  for (const secret of ["a-secret", "a-key", gateway.token]) expect(text).not.toContain(secret);
});

test("BASE_PATH is the prefix of every path", async () => {
  const gateway = await startGateway({ env: { BASE_PATH: "/towerql/" } });
  const status = async (path: string) => (await fetch(`${gateway.url}${path}`, { redirect: "manual" })).status;

  expect(await status("/towerql/healthz")).toBe(200);
  expect(await status("/healthz")).toBe(404);
  expect(await status("/towerqlx/healthz")).toBe(404);
  const redirect = await fetch(`${gateway.url}/towerql`, { redirect: "manual" });
  expect(redirect.headers.get("location")).toBe("/towerql/graphql");
  expect((await fetch(`${gateway.url}/towerql/graphql?query={__typename}`, PREFLIGHTED)).status).toBe(200);
});

test("reads secrets from files, and names a file that is missing", async () => {
  const path = await file("key-one,key-two\n");

  const config = loadConfig({
    ...{ AUTH_MODE: "service", API_KEYS_FILE: path, CLOUDTOWER_TOKEN_FILE: await file("secret\n") },
  });
  expect([config.apiKeys, config.token]).toEqual([["key-one", "key-two"], "secret"]);
  expect(() => loadConfig({ CLOUDTOWER_PASSWORD_FILE: "/nowhere" })).toThrow(
    /^CLOUDTOWER_PASSWORD_FILE must be .*\/nowhere/,
  );
});

test("automatic persisted queries: unknown, registered, known", async () => {
  const gateway = await startGateway();
  const extensions = { persistedQuery: { version: 1, sha256Hash: HASH } };

  expect((await send(gateway, { extensions })).errors?.[0]).toMatchObject({
    message: "PersistedQueryNotFound",
    extensions: { code: "PERSISTED_QUERY_NOT_FOUND" },
  });
  expect((await send(gateway, { query: QUERY, extensions })).errors).toBeUndefined();
  expect((await send(gateway, { extensions })).data).toMatchObject({ vms: { totalCount: expect.any(Number) } });
  const wrong = { persistedQuery: { version: 1, sha256Hash: HASH.replace(/^../, "00") } };
  const version = { persistedQuery: { version: 2, sha256Hash: HASH } };
  for (const refused of [wrong, version]) {
    const { errors } = await send(gateway, { query: QUERY, extensions: refused });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions.code).toBe("BAD_REQUEST");
  }
});

test("automatic persisted queries can be switched off", async () => {
  const gateway = await startGateway({ env: { PERSISTED_QUERIES: "false" } });
  const extensions = { persistedQuery: { version: 1, sha256Hash: HASH } };

  expect((await send(gateway, { extensions })).errors?.[0]?.extensions.code).toBe("PERSISTED_QUERY_NOT_SUPPORTED");
});

test.each([
  ["an object of ids", JSON.stringify({ counts: QUERY })],
  [
    "Apollo's manifest",
    JSON.stringify({
      format: "apollo-persisted-query-manifest",
      version: 1,
      operations: [{ id: "counts", name: "Q", type: "query", body: QUERY }],
    }),
  ],
])("a safelist as %s: enforce runs only listed operations, by text or id", async (_, content) => {
  const gateway = await startGateway({ env: { SAFELIST_FILE: await file(content), SAFELIST_MODE: "enforce" } });

  expect((await send(gateway, { query: QUERY })).errors).toBeUndefined();
  expect((await send(gateway, { documentId: "counts" })).errors).toBeUndefined();
  expect(
    (await send(gateway, { extensions: { persistedQuery: { version: 1, sha256Hash: HASH } } })).errors,
  ).toBeUndefined();
  expect((await send(gateway, { query: "{ __typename }" })).errors?.[0]?.extensions.code).toBe("OPERATION_NOT_ALLOWED");
  expect(codeOf(await gateway.query("{ __schema { queryType { name } } }"))).toBe("OPERATION_NOT_ALLOWED");
});

test.each([
  ["{", "SAFELIST_FILE must be JSON."],
  ["1", "SAFELIST_FILE must be a JSON object or list of operations."],
  ['{"operations":[null]}', "SAFELIST_FILE must have a string as the text of each operation."],
  ["[1]", "SAFELIST_FILE must have a string as the text of each operation."],
])("the gateway does not start with the safelist %s", async (content, message) => {
  await expect(startGateway({ env: { SAFELIST_FILE: await file(content) } })).rejects.toThrow(message);
});

test.each(["allow", "warn"])("a safelist with %s also runs unlisted operations", async (mode) => {
  const env = { SAFELIST_FILE: await file(JSON.stringify([QUERY])), SAFELIST_MODE: mode };
  const gateway = await startGateway({ env });

  expect((await send(gateway, { query: "{ __typename }" })).errors).toBeUndefined();
  expect((await send(gateway, { documentId: HASH })).errors).toBeUndefined();
});
