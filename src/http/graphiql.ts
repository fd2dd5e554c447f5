import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { extname, join, relative, sep } from "node:path";
import { prefersHtml } from "./messages/negotiation.js";
import { targetUrl } from "./messages/request-target.js";
import type { Exchange } from "./messages/write-response.js";

/** Serves the GraphiQL page and its files. Paths are relative to the base path. */
export interface Graphiql {
  /** True for a browser that opens `/graphql`, and for everything below `/graphiql`. */
  handles(request: IncomingMessage, path: string): boolean;
  /** Responds to a request for which `handles` is true. Rejects only if a file cannot be read. */
  serve(exchange: Exchange, path: string): Promise<void>;
}

/** Serves the page that `vite build src/graphiql` wrote to `directory`. Files are cached when first read, about 7 MB in total. */
export function createGraphiql({ directory }: { directory: string }): Graphiql {
  let paths: ReadonlyMap<string, string> = new Map();
  const files = new Map<string, File>();

  async function findFile(name: string): Promise<File | undefined> {
    // Looked up again until there is a page, so that one built later is found without a restart.
    if (!paths.has(PAGE)) paths = await listFiles(directory);
    const path = paths.get(name);
    if (!path) return undefined;
    const file = files.get(name) ?? (await loadFile(path));
    files.set(name, file);
    return file;
  }

  return {
    handles(request, path) {
      if (path !== "/graphql") return path === "/graphiql" || path.startsWith("/graphiql/");
      return isRead(request) && prefersHtml(request.headers.accept) && !targetUrl(request).searchParams.has("query");
    },

    async serve(exchange, path) {
      const { request, response } = exchange;
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
      if (!isRead(request)) {
        response.setHeader("allow", "GET, HEAD");
        return end(exchange, 405, { body: "Only GET and HEAD are allowed here.\n" });
      }
      // Relative: behind a path prefix, only the browser knows the full URL.
      if (path === "/graphiql" || path === "/graphiql/") {
        response.setHeader("location", path.endsWith("/") ? "../graphql" : "graphql");
        return end(exchange, 302, { body: "" });
      }

      const isPage = path === "/graphql";
      const file = await findFile(isPage ? PAGE : path.slice("/graphiql/".length));
      if (!file) return end(exchange, 404, { body: isPage ? NOT_BUILT : "No such file.\n" });

      response.setHeader("etag", file.etag);
      // Vite puts a hash of the content into the name of every file except the page.
      const isHashed = path.startsWith("/graphiql/assets/");
      response.setHeader("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
      if (isPage) response.setHeader("vary", "accept");
      if (matches(request.headers["if-none-match"], file.etag)) {
        response.writeHead(304).end();
        return;
      }
      end(exchange, 200, file);
    },
  };
}

const PAGE = "index.html";

const NOT_BUILT =
  'GraphiQL is not built. Run "npm run build" and reload this page. The API itself accepts POST requests.\n';

const SECURITY_HEADERS = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "connect-src 'self'",
    // The Monaco editor writes its colors and positions into style elements.
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

/** Paths of files by their names in URLs. Requests can only name entries of this map, so path traversal is impossible. */
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

interface Content {
  readonly body: Buffer | string;
  /** @default "text/plain; charset=utf-8" */
  readonly type?: string;
}

function end(
  { request, response }: Exchange,
  status: number,
  { body, type = "text/plain; charset=utf-8" }: Content,
): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(request.method === "HEAD" ? undefined : body);
}
