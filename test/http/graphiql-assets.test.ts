import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PageEnvironment } from "../../src/http/graphiql/environment.js";
import { createGraphiql } from "../../src/http/graphiql/graphiql.js";

const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const PAGE = "<!doctype html><title>TowerQL</title>";
const ENVIRONMENT: PageEnvironment = {
  ...{ version: "1.2.3", simulated: true, credential: "token", anonymous: "admin" },
  users: [{ username: "admin", token: "admin-token", description: "may do all" }],
};

let parent: string;
let server: Server;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "graphiql-"));
  const graphiql = createGraphiql({ directory: join(parent, "built"), environment: ENVIRONMENT });
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://localhost");
    if (graphiql.handles(request, pathname)) void graphiql.serve({ request, response }, pathname);
    else response.writeHead(418).end("not ours");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  server.close();
  await rm(parent, { recursive: true });
});

describe("requests for GraphiQL", () => {
  beforeEach(build);

  test.each([
    ["a browser", BROWSER],
    ["HTML alone", "text/html"],
    ["HTML before JSON", "application/json;q=0.8, text/html;q=0.9"],
  ])("gives the page to %s", async (_, accept) => {
    expect(await get("/graphql", { accept })).toMatchObject({ status: 200, body: PAGE });
  });

  test.each([
    ["no Accept", undefined],
    ["curl's wildcard", "*/*"],
    ["a GraphQL client", "application/graphql-response+json, application/json;q=0.9"],
    ["JSON before HTML of the same weight", "application/json, text/html"],
    ["HTML refused", "text/html;q=0"],
    ["server-sent events", "text/event-stream"],
  ])("leaves %s to the API", async (_, accept) => {
    expect(await get("/graphql", accept ? { accept } : {})).toMatchObject({ status: 418 });
  });

  test("gives the page to a browser that follows a link to an operation, and never runs it", async () => {
    const link = "/graphql?query=mutation{createVmSnapshot(input:{vmId:%22Vm:a%22}){created}}&variables={}";
    expect(await get(link, { accept: BROWSER })).toMatchObject({ status: 200, body: PAGE });
    expect(await get(link, { accept: "application/json" })).toMatchObject({ status: 418 });
  });

  test("leaves a browser's POST and other URLs to the API", async () => {
    expect(await get("/graphql", { accept: BROWSER }, "POST")).toMatchObject({ status: 418 });
    expect(await get("/graphqlx", { accept: BROWSER })).toMatchObject({ status: 418 });
    expect(await get("/healthz", { accept: BROWSER })).toMatchObject({ status: 418 });
  });

  test("redirects /graphiql to the page, relative to any prefix", async () => {
    expect(await get("/graphiql")).toMatchObject({ status: 302, headers: { location: "graphql" } });
    expect(await get("/graphiql/")).toMatchObject({ status: 302, headers: { location: "../graphql" } });
  });
});

describe("files", () => {
  beforeEach(build);

  test.each([
    ["assets/main-1a2b.js", "text/javascript; charset=utf-8"],
    ["assets/main-3c4d.css", "text/css; charset=utf-8"],
    ["assets/icon-5e6f.svg", "image/svg+xml"],
    ["assets/codicon-7a8b.ttf", "font/ttf"],
  ])("%s is %s and may be cached indefinitely", async (name, type) => {
    const { status, headers, body } = await get(`/graphiql/${name}`);
    expect({ status, body }).toEqual({ status: 200, body: `contents of ${name}` });
    expect(headers["content-type"]).toBe(type);
    expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  });

  test("the page must be revalidated each time, and gets 304 while it is unchanged", async () => {
    const first = await get("/graphql", { accept: BROWSER });
    expect(first.headers["cache-control"]).toBe("no-cache");
    expect(first.headers.vary).toBe("accept, accept-encoding");
    expect(first.headers.etag).toMatch(/^"[\w-]{22}"$/);
    for (const tag of [first.headers.etag, `"other", W/${first.headers.etag}`, "*"]) {
      const again = await get("/graphql", { accept: BROWSER, "if-none-match": tag });
      expect(again).toMatchObject({ status: 304, body: "", headers: { etag: first.headers.etag } });
    }
    const changed = await get("/graphql", { accept: BROWSER, "if-none-match": '"other"' });
    expect(changed.status).toBe(200);
  });

  test.each([
    ["brotli", "gzip, deflate, br, zstd", "br"],
    ["gzip", "gzip, deflate", "gzip"],
    ["gzip, if brotli is refused", "br;q=0, gzip", "gzip"],
    ["the file itself, if neither is accepted", "deflate", undefined],
    ["the file itself without the header", undefined, undefined],
  ])("sends the copy in %s", async (_, accepted, encoding) => {
    const { headers, body } = await get("/graphiql/assets/large-9d8c.js", { "accept-encoding": accepted });
    expect(body).toBe(encoding === undefined ? LARGE : `${LARGE} in ${encoding}`);
    expect(headers).toMatchObject({ "content-length": String(body.length), vary: "accept-encoding" });
    expect(headers["content-encoding"]).toBe(encoding);
    expect(headers["content-type"]).toBe("text/javascript; charset=utf-8");
  });

  test("a copy has an entity tag of its own, and no URL of its own", async () => {
    const [plain, brotli] = await Promise.all(
      [undefined, "br"].map((accepted) => get("/graphiql/assets/large-9d8c.js", { "accept-encoding": accepted })),
    );
    expect(plain?.headers.etag).not.toBe(brotli?.headers.etag);
    const tag = plain?.headers.etag;
    const other = await get("/graphiql/assets/large-9d8c.js", { "accept-encoding": "br", "if-none-match": tag });
    expect(other.status).toBe(200);
    for (const end of ["br", "gz"])
      expect(await get(`/graphiql/assets/large-9d8c.js.${end}`)).toMatchObject({ status: 404 });
  });

  test("a file without a copy is sent as it is", async () => {
    const { headers, body } = await get("/graphiql/assets/main-1a2b.js", { "accept-encoding": "br, gzip" });
    expect(body).toBe("contents of assets/main-1a2b.js");
    expect(headers["content-encoding"]).toBeUndefined();
  });

  test("the page's environment is never cached, as it has tokens", async () => {
    const { status, headers, body } = await get("/graphiql/environment.json");
    expect({ status, environment: JSON.parse(body) }).toEqual({ status: 200, environment: ENVIRONMENT });
    expect(headers).toMatchObject({ "cache-control": "no-store", "content-type": "application/json; charset=utf-8" });
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("HEAD has the headers of GET and no body", async () => {
    const head = await get("/graphiql/assets/main-1a2b.js", {}, "HEAD");
    expect(head).toMatchObject({ status: 200, body: "", headers: { "content-length": "31" } });
    expect(await get("/graphql", { accept: BROWSER }, "HEAD")).toMatchObject({ status: 200, body: "" });
  });

  test("other methods are refused", async () => {
    const response = await get("/graphiql/assets/main-1a2b.js", {}, "POST");
    expect(response).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  });

  test.each([
    "/graphiql/../secret.txt",
    "/graphiql/assets/../../secret.txt",
    "/graphiql/%2e%2e/secret.txt",
    "/graphiql/..%2fsecret.txt",
    "/graphiql/..%5csecret.txt",
    "/graphiql/assets/..%2f..%2fsecret.txt",
    "/graphiql//etc/passwd",
    "/graphiql/assets",
    "/graphiql/%00",
    "/graphiql/%",
  ])("%s does not lead out of the directory", async (path) => {
    const { status, body } = await get(path);
    expect([404, 418]).toContain(status);
    expect(body).not.toContain("secret");
  });

  test("every response has the same strict policy, also refusals", async () => {
    for (const path of ["/graphql", "/graphiql/assets/main-1a2b.js", "/graphiql/nothing"]) {
      const { headers } = await get(path, { accept: BROWSER });
      const policy = headers["content-security-policy"];
      expect(policy).toContain("default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["referrer-policy"]).toBe("no-referrer");
    }
  });
});

test("says how to build the page if it is missing, and finds it once it is built", async () => {
  const missing = await get("/graphql", { accept: BROWSER });
  expect(missing).toMatchObject({ status: 404, headers: { "content-type": "text/plain; charset=utf-8" } });
  expect(missing.body).toContain('Run "npm run build"');
  await build();
  expect(await get("/graphql", { accept: BROWSER })).toMatchObject({ status: 200, body: PAGE });
});

const LARGE = "a large file";

/** Writes a directory as Vite does, next to a file that must never be served. */
async function build(): Promise<void> {
  await mkdir(join(parent, "built/assets"), { recursive: true });
  await writeFile(join(parent, "secret.txt"), "secret");
  await writeFile(join(parent, "built/index.html"), PAGE);
  for (const name of ["main-1a2b.js", "main-3c4d.css", "icon-5e6f.svg", "codicon-7a8b.ttf"]) {
    await writeFile(join(parent, "built/assets", name), `contents of assets/${name}`);
  }
  const copies = { "": LARGE, ".br": `${LARGE} in br`, ".gz": `${LARGE} in gzip` };
  for (const [end, text] of Object.entries(copies)) {
    await writeFile(join(parent, `built/assets/large-9d8c.js${end}`), text);
  }
}

interface Result {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Uses node:http, because fetch normalizes paths. */
function get(path: string, headers: Record<string, string | undefined> = {}, method = "GET"): Promise<Result> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) sent.setHeader(name, value);
    sent.on("error", reject).end();
  });
}
