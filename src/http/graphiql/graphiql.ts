import type { IncomingMessage } from "node:http";
import { compressionFor, prefersHtml } from "../messages/negotiation.js";
import type { Exchange } from "../messages/write-response.js";
import type { PageEnvironment } from "./environment.js";
import { type StaticFile, StaticFiles } from "./static-files.js";

/** Serves the GraphiQL page and its files. Paths are relative to the base path. */
export interface Graphiql {
  /** True for a browser that opens `/graphql`, with or without an operation to show, and for everything below `/graphiql`. */
  handles(request: IncomingMessage, path: string): boolean;
  /** Responds to a request for which `handles` is true. Rejects only if a file cannot be read. */
  serve(exchange: Exchange, path: string): Promise<void>;
}

/** Options for `createGraphiql`. */
export interface GraphiqlOptions {
  /** The result of `vite build src/graphiql`. */
  readonly directory: string;
  readonly environment: PageEnvironment;
}

const PAGE = "index.html";

/** Serves the page, its files and its environment. */
export function createGraphiql({ directory, environment }: GraphiqlOptions): Graphiql {
  const files = new StaticFiles(directory, PAGE);
  const environmentText = JSON.stringify(environment);

  async function negotiate(request: IncomingMessage, name: string): Promise<StaticFile | undefined> {
    const encoding = compressionFor(request.headers["accept-encoding"]);
    return (encoding && (await files.find(name, encoding))) ?? (await files.find(name));
  }

  return {
    handles(request, path) {
      if (path !== "/graphql") return path === "/graphiql" || path.startsWith("/graphiql/");
      return isRead(request) && prefersHtml(request.headers.accept);
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
      if (path === ENVIRONMENT) {
        // It has the tokens of the simulator's users: no cache may keep it.
        response.setHeader("cache-control", "no-store");
        return end(exchange, 200, { body: environmentText, type: "application/json; charset=utf-8" });
      }

      const isPage = path === "/graphql";
      const file = await negotiate(request, isPage ? PAGE : path.slice("/graphiql/".length));
      if (!file) return end(exchange, 404, { body: isPage ? NOT_BUILT : "No such file.\n" });

      response.setHeader("etag", file.etag);
      // Vite puts a hash of the content into the name of every file except the page.
      const isHashed = path.startsWith("/graphiql/assets/");
      response.setHeader("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
      response.setHeader("vary", isPage ? "accept, accept-encoding" : "accept-encoding");
      if (matches(request.headers["if-none-match"], file.etag)) {
        response.writeHead(304).end();
        return;
      }
      if (file.encoding !== undefined) response.setHeader("content-encoding", file.encoding);
      end(exchange, 200, file);
    },
  };
}

const ENVIRONMENT = "/graphiql/environment.json";

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

function isRead(request: IncomingMessage): boolean {
  return request.method === "GET" || request.method === "HEAD";
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
