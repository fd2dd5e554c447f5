import type { IncomingMessage } from "node:http";
import { quote } from "../../kernel/text/global-id.js";
import { badRequest } from "./refusal.js";

/**
 * URL of a request, from its target in origin-form (`/graphql?query=...`) or absolute-form (`http://host/graphql`). Its host means
 * nothing for the former. Source: RFC 9112 3.2, and the URL standard for paths, queries and percent-encoding.
 *
 * @throws Refusal 400 for any other target, and for one with a fragment or a credential.
 */
export function targetUrl({ url: target = "/" }: IncomingMessage): URL {
  if (target === "*") throw badRequest('The request target "*" is not supported: request a path such as /graphql.');
  if (target.includes("#")) {
    throw badRequest(`The request target must not contain "#": write %23 instead, got ${quote(target)}.`);
  }
  // Concatenated, not resolved: `//host/path` would replace the host.
  const text = isAbsolute(target) ? target : `http://localhost${target}`;
  const url = target.startsWith("/") || isAbsolute(target) ? parse(text) : undefined;
  if (url === undefined) {
    throw badRequest(`The request target must be a path such as /graphql or an http URL, got ${quote(target)}.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw badRequest("The request target must not contain a credential: send it in the Authorization header.");
  }
  return url;
}

/** Whether a request names its host in its target, which then takes precedence over the Host header. */
export function hasAbsoluteTarget({ url = "/" }: IncomingMessage): boolean {
  return isAbsolute(url);
}

function isAbsolute(target: string): boolean {
  return /^https?:\/\//i.test(target);
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
