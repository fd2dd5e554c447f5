import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createClient } from "graphql-ws";
import { describe, expect, test } from "vitest";
import WebSocket from "ws";
import { ConfigError } from "../../src/config.js";
import { MUTATION_ROLES, ROLES, type Role, roleOf } from "../../src/http/admission/roles.js";
import { fullSchema } from "../../src/schema/schema.js";
import { captureLog } from "../support/captured-log.js";
import { clientsFile, sha256 } from "../support/clients-file.js";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { codeOf, overSse, overWebSocket, type Result } from "../support/transports.js";

/** One client for each role, whose key is the role's name. */
const ALL = ROLES.map((role) => ({ name: role, role }));
const mutations = Object.values(fullSchema().schema.getMutationType()?.getFields() ?? {});

/** An operation that selects a mutation; its variables are missing, so that it never writes. */
function operationOf({ name, args }: (typeof mutations)[number]): string {
  const declared = args.map((arg) => `$${arg.name}: ${arg.type}`).join(", ");
  const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(", ");
  return `mutation Try(${declared}) { ${name}(${passed}) { __typename } }`;
}

const isAdminOnly = ({ extensions }: (typeof mutations)[number]) => extensions.adminOnly === true;
const as = (key: string) => ({ authorization: key });
const asClient = (gateway: TestGateway, key: string): TestGateway => ({
  ...gateway,
  token: key,
  socket: () => gateway.socket({ Authorization: key }),
});

test("every mutation of the schema has a role in the table, and the table has no other", () => {
  expect(Object.keys(MUTATION_ROLES).sort()).toEqual(mutations.map(({ name }) => name).sort());
});

test("a mutation without an entry is for administrators", () => {
  expect([roleOf("mutationOfTomorrow"), roleOf("constructor"), roleOf("__proto__")]).toEqual([
    "admin",
    "admin",
    "admin",
  ]);
});

test("each role may call the mutations of its own and of lesser roles, and no other, however it sends them", async () => {
  const { env } = clientsFile(ALL);
  const gateway = await startGateway({ env });
  for (const role of ROLES) {
    const client = asClient(gateway, role);
    for (const mutation of mutations) {
      const query = operationOf(mutation);
      const isAllowed = ROLES.indexOf(role) >= ROLES.indexOf(roleOf(mutation.name));
      // Allowed operations fail later, because their variables are missing.
      const hidden = isAdminOnly(mutation) ? "GRAPHQL_VALIDATION_FAILED" : "FORBIDDEN";
      const code = isAllowed ? "BAD_USER_INPUT" : hidden;
      const overHttp = (await gateway.query(query, {}, as(role))) as Result;
      const results = [overHttp, await overSse(client, query), await overWebSocket(client, query)];
      expect(results.map(codeOf), `${role} ${mutation.name}`).toEqual([code, code, code]);
    }
    // Reads and subscriptions are for all.
    expect(codeOf((await gateway.query("{ vms { totalCount } }", {}, as(role))) as Result)).toBeUndefined();
  }
  expect(writes(gateway)).toBe(0);
});

describe("a client that may only read cannot hide a write", () => {
  const write = `deleteVmSnapshots(input: { ids: ["VmSnapshot:any"] }) { __typename }`;
  const documents = [
    `mutation { a: ${write} }`,
    `mutation { ... on Mutation { ${write} } }`,
    `mutation { ... { ... { ${write} } } }`,
    `mutation { ...A } fragment A on Mutation { ...B } fragment B on Mutation { ${write} }`,
    `mutation ($no: Boolean = false) { ${write.replace(") {", ") @include(if: $no) {")} }`,
    `mutation { __typename ${write} }`,
    `query A { __typename } mutation B { ${write} }`,
  ];
  const hash = (query: string) => createHash("sha256").update(query).digest("hex");

  test("in a fragment, under a directive, behind a hash, in a batch or with GET", async () => {
    const { env } = clientsFile(ALL);
    const gateway = await startGateway({ env });
    const codes = async (response: Response) => codeOf((await response.json()) as Result);
    for (const query of documents) {
      const operationName = query.includes("mutation B") ? "B" : undefined;
      expect(await codes(await gateway.post({ query, operationName }, as("snapshot"))), query).toBe("FORBIDDEN");
    }
    const query = `mutation { ${write} }`;
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash(query) } };
    expect(await codes(await gateway.post({ query, extensions }, as("backup")))).toBeUndefined();
    expect(await codes(await gateway.post({ extensions }, as("backup")))).toBeUndefined();
    const before = gateway.simulator.calls.count();
    expect(await codes(await gateway.post({ extensions }, as("read")))).toBe("FORBIDDEN");
    expect(await codes(await gateway.post([{ query }], as("read")))).toBe("BAD_REQUEST");
    const headers = { ...as("read"), "apollo-require-preflight": "1" };
    const url = `${gateway.url}/graphql?query=${encodeURIComponent(query)}`;
    expect((await fetch(url, { headers })).status).toBe(405);
    expect(gateway.simulator.calls.count()).toBe(before);
  });

  test("not even as part of an operation whose other writes it may do", async () => {
    const { env } = clientsFile(ALL);
    const gateway = await startGateway({ env });
    const vm = gateway.simulator.control.rows("Vm", { name: "web-prod-01" })[0]?.id;
    const create = `createVmSnapshot(input: { vmId: "${vm}", name: "one" }) { created }`;
    const { errors } = await gateway.query(`mutation { ${create} ${write} }`, {}, as("snapshot"));
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/^deleteVmSnapshots needs the role backup, .* role snapshot\./) },
    ]);
    expect(writes(gateway)).toBe(0);
    const created = await gateway.query(`mutation { ${create} }`, {}, as("snapshot"));
    expect(created).toEqual({ data: { createVmSnapshot: { created: true } } });
  });
});

function writes({ simulator: { calls } }: TestGateway): number {
  const endpoints = ["create-vm-snapshot", "delete-vm-snapshot", "rollback-vm", "rebuild-vm-from-snapshot"];
  return endpoints.reduce((sum, endpoint) => sum + calls.count(endpoint), 0);
}

/** Opens a subscription that never ends by itself. @returns the code of the error that ends it. */
function follow(gateway: TestGateway, key: string, transport: "sse" | "websocket"): Promise<unknown> {
  const query = "subscription { taskEvents { taskId } }";
  if (transport === "sse") {
    return gateway.post({ query }, { ...as(key), accept: "text/event-stream" }).then(async (response) => {
      const text = await response.text();
      return /"code":"(\w+)"/.exec(text)?.[1];
    });
  }
  const socket = createClient({
    url: `${gateway.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: key },
    retryAttempts: 0,
  });
  return new Promise((resolve) => {
    let code: unknown;
    socket.subscribe(
      { query },
      {
        next: (result) => {
          code = codeOf(result as Result) ?? code;
        },
        error: (error) => resolve(code ?? (Array.isArray(error) ? error[0]?.extensions?.code : error)),
        complete: () => resolve(code),
      },
    );
  });
}

test("a key that is removed or expires ends its operations: the next ones are refused, and open subscriptions end", async () => {
  const file = clientsFile([{ name: "stays", role: "read" }]);
  const expires = new Date(Date.now() + 3_000).toISOString();
  file.define([
    { name: "stays", role: "read" },
    { name: "removed", role: "admin" },
    { name: "expires", role: "read", expires },
  ]);
  const log = captureLog();
  const gateway = await startGateway({ env: file.env, logger: log.logger });
  const ended: Record<string, unknown> = {};
  for (const key of ["stays", "removed", "expires"]) {
    for (const transport of ["sse", "websocket"] as const) {
      void follow(gateway, key, transport).then((code) => {
        ended[`${key} ${transport}`] = code;
      });
    }
  }
  const subscriptions = async () => /^towerql_subscriptions (\d+)/m.exec(await metrics(gateway))?.[1];
  await expect.poll(subscriptions).toBe("6");

  file.define([
    { name: "stays", role: "read" },
    { name: "expires", role: "read", expires },
  ]);
  await gateway.app.reload();
  expect(codeOf((await gateway.query("{ vms { totalCount } }", {}, as("removed"))) as Result)).toBe("UNAUTHENTICATED");
  const unauthenticated = "UNAUTHENTICATED";
  await expect
    .poll(() => ended, { timeout: 10_000 })
    .toEqual({
      ...{ "removed sse": unauthenticated, "removed websocket": unauthenticated },
      ...{ "expires sse": unauthenticated, "expires websocket": unauthenticated },
    });
  const refused = await gateway.query("{ vms { totalCount } }", {}, as("expires"));
  expect(refused.errors).toMatchObject([
    { message: `The API key expired at ${expires}: ask the gateway's operator for a new one.` },
  ]);
  expect(codeOf((await gateway.query("{ vms { totalCount } }", {}, as("stays"))) as Result)).toBeUndefined();

  // A file with a mistake changes nothing.
  writeFileSync(file.path, "[");
  await gateway.app.reload();
  expect(codeOf((await gateway.query("{ vms { totalCount } }", {}, as("stays"))) as Result)).toBeUndefined();
  const [line] = log.lines.filter(({ level }) => level === 50);
  expect(line).toMatchObject({
    msg: expect.stringContaining("the earlier ones stay"),
    reason: expect.stringContaining("must be JSON"),
  });
  expect(log.lines.filter(({ msg }) => msg === "operation").map(({ client }) => client)).toContain("client stays");
});

async function metrics({ url }: TestGateway): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

describe("a mistake in the file stops the start with a line that names the entry and the field", () => {
  const hash = sha256("key");
  const entry = { name: "nightly", keySha256: hash, role: "backup" };
  const other = { ...entry, name: "second", keySha256: sha256("other") };
  test.each<[string, unknown, RegExp]>([
    ["no list", {}, /must be a JSON list/],
    ["no object", [1], /entry 1 must be an object/],
    ["no name", [{ ...entry, name: "a b" }], /entry 1 \("a b"\), field "name" must/],
    ["a name of metrics", [{ ...entry, name: "token" }], /field "name" must not be api-key, token/],
    ["a key instead of its hash", [{ ...entry, keySha256: "key" }], /field "keySha256" must be the SHA-256/],
    [
      "a role that does not exist",
      [{ ...entry, role: "owner" }],
      /field "role" must be read or snapshot or backup or admin/,
    ],
    ["a time without a zone", [{ ...entry, expires: "2027-01-31T12:00" }], /field "expires" must be a date/],
    ["a day that does not exist", [{ ...entry, expires: "2027-02-30" }], /field "expires" must be a date/],
    ["a field that does not exist", [{ ...entry, expiry: "2027-01-31" }], /field "expiry" is unknown/],
    [
      "the same key twice",
      [entry, { ...other, keySha256: hash.toUpperCase() }],
      /entry 2 \("second"\), field "keySha256" must be unique/,
    ],
    ["two roles of one name", [entry, { ...other, name: "nightly", role: "read" }], /entry 2 .* field "role"/],
    ["a key of API_KEYS", [{ ...entry, keySha256: sha256("api-key") }], /has a key of API_KEYS/],
  ])("%s", async (_, content, message) => {
    const file = clientsFile([]);
    writeFileSync(file.path, JSON.stringify(content));
    const start = startGateway({ env: { ...file.env, API_KEYS: "api-key" } });
    await expect(start).rejects.toThrow(ConfigError);
    await expect(start).rejects.toThrow(message);
    await expect(start).rejects.toThrow(/^CLIENTS_FILE [^\n]+\.$/);
  });

  test("two keys of one client are accepted while one replaces the other", async () => {
    const file = clientsFile([
      { name: "nightly", role: "snapshot" as Role, key: "old", expires: "2099-01-01" },
      { name: "nightly", role: "snapshot" as Role, key: "new" },
    ]);
    const gateway = await startGateway({ env: file.env });
    for (const key of ["old", "new"]) {
      expect(codeOf((await gateway.query("{ vms { totalCount } }", {}, as(key))) as Result)).toBeUndefined();
    }
  });
});
