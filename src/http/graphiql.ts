import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, relative, sep } from "node:path";
import { prefersHtml } from "./messages/negotiation.js";

/** The GraphiQL page and its files, as one step of the HTTP server. */
export interface Graphiql {
  /** True for a browser that opens `/graphql`, and for everything below `/graphiql`. Anything else is not ours. */
  handles(request: IncomingMessage): boolean;
  /** Answers a request that `handles` took. Never rejects for a bad request; rejects when a file cannot be read. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Serves the page that `vite build src/graphiql` left in `directory`. A file is read once and kept: about 7 MB when all were asked for. */
export function createGraphiql({ directory }: { directory: string }): Graphiql {
  let paths: ReadonlyMap<string, string> = new Map();
  const files = new Map<string, File>();

  async function findFile(name: string): Promise<File | undefined> {
    // Looked up again while there is no page, so that one built later is found without a restart.
    if (!paths.has(PAGE)) paths = await listFiles(directory);
    const path = paths.get(name);
    if (!path) return undefined;
    const file = files.get(name) ?? (await loadFile(path));
    files.set(name, file);
    return file;
  }

  return {
    handles(request) {
      const { pathname, searchParams } = addressOf(request);
      if (pathname === "/graphql") {
        return isRead(request) && !searchParams.has("query") && prefersHtml(request.headers.accept);
      }
      return pathname === "/graphiql" || pathname.startsWith("/graphiql/");
    },

    async serve(request, response) {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
      if (!isRead(request)) {
        return end(request, response.setHeader("allow", "GET, HEAD"), 405, "Only GET and HEAD are answered here.\n");
      }
      const { pathname } = addressOf(request);
      // Relative, because behind a path prefix only the browser knows the whole address.
      if (pathname === "/graphiql") return end(request, response.setHeader("location", "graphql"), 302, "");
      if (pathname === "/graphiql/") return end(request, response.setHeader("location", "../graphql"), 302, "");

      const isPage = pathname === "/graphql";
      const file = await findFile(isPage ? PAGE : pathname.slice("/graphiql/".length));
      if (!file) return end(request, response, 404, isPage ? NOT_BUILT : "There is no such file.\n");

      response.setHeader("etag", file.etag);
      // Vite puts a hash of the contents into the name of every file but the page.
      const isHashed = pathname.startsWith("/graphiql/assets/");
      response.setHeader("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
      if (isPage) response.setHeader("vary", "accept");
      if (matches(request.headers["if-none-match"], file.etag)) {
        response.writeHead(304).end();
        return;
      }
      end(request, response, 200, file.body, file.type);
    },
  };
}

const PAGE = "index.html";

const NOT_BUILT =
  'GraphiQL is not built. Run "npm run build" and reload this page. The API itself answers POST requests.\n';

const SECURITY_HEADERS = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "connect-src 'self'",
    // The Monaco editor writes its colours and positions into style elements.
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

const CONTENT_TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".woff2": "font/woff2",
};

interface File {
  body: Buffer;
  type: string;
  etag: string;
}

function isRead(request: IncomingMessage): boolean {
  return request.method === "GET" || request.method === "HEAD";
}

function addressOf(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? "/", "http://localhost");
  } catch {
    // A target such as `http://[` is no address and not ours.
    return new URL("http://localhost/");
  }
}

/** File names as they stand in addresses, to their paths. A request can only name what is in this list, so no path can be smuggled in. */
async function listFiles(directory: string): Promise<ReadonlyMap<string, string>> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return new Map(paths.map((path) => [relative(directory, path).split(sep).join("/"), path]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw error;
  }
}

async function loadFile(path: string): Promise<File> {
  const body = await readFile(path);
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  return { body, type: CONTENT_TYPES[extname(path)] ?? "application/octet-stream", etag };
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(etag);
}

function end(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: Buffer | string,
  type = "text/plain; charset=utf-8",
): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(request.method === "HEAD" ? undefined : body);
}
