import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import proxyAddr from "proxy-addr";

/** Finds the address of a request's client. */
export type AddressOf = (request: IncomingMessage) => string;

/**
 * Addresses of connections; behind trusted proxies, the last one in X-Forwarded-For that is not itself a trusted proxy. Entries that
 * a client forges come before it and are ignored, and so is one that is not an address.
 *
 * @param trusted addresses, networks such as `10.0.0.0/8`, or `loopback`, `linklocal` and `uniquelocal`.
 * @throws TypeError for anything else, and for a network that spans every address.
 */
export function clientAddresses(trusted: readonly string[]): AddressOf {
  const isTrusted = proxyAddr.compile([...trusted]);
  return (request) => {
    const hops = proxyAddr.all(request, isTrusted);
    return withoutIpv6Prefix(hops.findLast((hop) => isIP(hop) !== 0) ?? "");
  };
}

/** A socket for both families puts a prefix before an IPv4 address. */
function withoutIpv6Prefix(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, "");
}
