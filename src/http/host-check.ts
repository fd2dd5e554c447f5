import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import { ErrorCode } from "../kernel/errors.js";
import { quote } from "../kernel/text/global-id.js";
import { tokenIn } from "./admission/callers.js";
import { refusal } from "./messages/refusal.js";

/**
 * Checks the host name that a request without a credential is addressed to. Any site can point its own name at the gateway's address
 * (DNS rebinding): to a browser, its page is then of the gateway's own origin.
 *
 * @throws Refusal 403 if the name is unknown.
 */
export type HostCheck = (request: IncomingMessage, authorization: string | undefined) => void;

/** Options for `createHostCheck`. */
export interface HostCheckOptions {
  /** Address to listen on. */
  readonly host: string;
  /** Further host names, without a port. */
  readonly allowedHosts: readonly string[];
}

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** Creates a check that accepts the names of loopback, the address that the gateway listens on, and the allowed names. */
export function createHostCheck({ host, allowedHosts }: HostCheckOptions): HostCheck {
  const known = new Set([...LOOPBACK_NAMES, ...[host, ...allowedHosts].map(canonical)]);
  return (request, authorization) => {
    if (tokenIn(authorization) !== undefined) return;
    const name = nameIn(request.headers.host ?? "");
    // Of a gateway that listens on all addresses, the one that was connected to.
    if (name !== undefined && (known.has(name) || name === canonical(request.socket.localAddress ?? ""))) return;
    const names = `${LOOPBACK_NAMES.join(", ")}, the address it listens on, or a name in ALLOWED_HOSTS`;
    const shown = quote(name ?? request.headers.host ?? "");
    const message = `Without a credential, the gateway must be addressed as ${names}, got ${shown}. Add that name to ALLOWED_HOSTS, or send a credential in the Authorization header.`;
    throw refusal(ErrorCode.Forbidden, message, { status: 403 });
  };
}

/** Host name of a Host header, without the port: a port mapping may change it. Undefined if malformed. */
function nameIn(header: string): string | undefined {
  const [, name] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d*)?$/i.exec(header) ?? [];
  return name === undefined ? undefined : canonical(name);
}

/** A host name or an IP address as the URL standard writes it, in lower case, without a trailing dot. */
function canonical(name: string): string {
  const address = name.replace(/^::ffff:(?=\d+\.)/i, "");
  const url = `http://${isIPv6(address) ? `[${address}]` : address}`;
  return (URL.canParse(url) ? new URL(url).hostname : address.toLowerCase()).replace(/\.$/, "");
}
