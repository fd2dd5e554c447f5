import type { IncomingMessage, ServerResponse } from "node:http";
import { appended } from "./messages/write-response.js";

/** Decides which pages of other sites may use the gateway. */
export interface Cors {
  /** Sets the headers that let an allowed page read the response. @returns true for a preflight, which is then done. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Whether a request is not from a page, or from one of an allowed origin. */
  allows(request: IncomingMessage): boolean;
  /** Whether `allows` is true, or the page is of the host that the request names. */
  permits(request: IncomingMessage): boolean;
}

const METHODS = "GET, POST";
/** Request headers that the gateway reads, and those that Apollo's clients send. */
const HEADERS = [
  "content-type",
  "authorization",
  "accept-language",
  "x-request-id",
  "last-event-id",
  "x-towerql-cost",
  "mcp-protocol-version",
  "apollo-require-preflight",
  "x-apollo-operation-name",
  "apollographql-client-name",
  "apollographql-client-version",
];
const EXPOSED = "x-request-id, retry-after";
const MAX_AGE_SECONDS = 600;

/** Options for `createCors`. */
export interface CorsOptions {
  readonly origins: readonly string[];
  /** Request headers that pages may send in addition to those of GraphQL clients. */
  readonly headers: readonly string[];
}

/**
 * CORS by a list of origins; `*` allows all. A browser's credentials are never allowed: the gateway has no cookies, and a page must
 * hold the token that it sends.
 */
export function createCors({ origins, headers }: CorsOptions): Cors {
  const allowedHeaders = [...new Set([...HEADERS, ...headers])].join(", ");
  const allowsAll = origins.includes("*");
  const allows = (origin: string | undefined) => origin !== undefined && (allowsAll || origins.includes(origin));
  return {
    handle(request, response) {
      const { origin } = request.headers;
      if (origins.length > 0 && !allowsAll) response.setHeader("vary", appended(response.getHeader("vary"), "origin"));
      if (allows(origin)) {
        response.setHeader("access-control-allow-origin", allowsAll ? "*" : (origin as string));
        response.setHeader("access-control-expose-headers", EXPOSED);
      }
      const isPreflight =
        request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;
      if (!isPreflight) return false;
      if (allows(origin)) {
        response.setHeader("access-control-allow-methods", METHODS);
        response.setHeader("access-control-allow-headers", allowedHeaders);
        response.setHeader("access-control-max-age", MAX_AGE_SECONDS);
      }
      response.writeHead(204).end();
      return true;
    },
    allows: ({ headers: { origin } }) => origin === undefined || allows(origin),
    permits({ headers: { origin, host } }) {
      if (origin === undefined || allows(origin)) return true;
      return URL.canParse(origin) && new URL(origin).host === host;
    },
  };
}
