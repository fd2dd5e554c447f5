import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import proxyAddr from "proxy-addr";

/** Finds the address of a request's client. */
export type AddressOf = (request: IncomingMessage) => string;

/** Shortest prefixes that are not surprising: those of 10.0.0.0/8 and fc00::/7, for private addresses. */
const SHORTEST_PREFIX = { 4: 8, 6: 7 } as const;

/**
 * Addresses of connections; behind trusted proxies, the last one in X-Forwarded-For that is not itself a trusted proxy. Entries that
 * a client forges come before it and are ignored, and so is one that is not an address.
 *
 * @param trusted addresses, networks such as `10.0.0.0/8`, or `loopback`, `linklocal` and `uniquelocal`.
 * @throws TypeError for anything else.
 */
export function clientAddresses(trusted: readonly string[]): AddressOf {
  const isTrusted = proxyAddr.compile(trusted.flatMap(halves));
  return (request) => {
    const hops = proxyAddr.all(request, isTrusted);
    return withoutIpv6Prefix(hops.findLast((hop) => isIP(hop) !== 0) ?? "");
  };
}

/** Trusted networks that most likely contain clients as well as proxies: such a client can choose its own address. */
export function wideNetworks(trusted: readonly string[]): readonly string[] {
  return trusted.filter((network) => {
    const [address = "", prefix = "128"] = network.split("/");
    if (isIP(address) === 4) return Number(prefix) < SHORTEST_PREFIX[4];
    // An IPv4 network in IPv6 notation.
    if (/^::ffff:/i.test(address) && Number(prefix) >= 96) return Number(prefix) - 96 < SHORTEST_PREFIX[4];
    return Number(prefix) < SHORTEST_PREFIX[6];
  });
}

/** proxy-addr takes no network of all addresses, but its two halves. */
function halves(network: string): readonly string[] {
  if (!network.endsWith("/0")) return [network];
  return network.includes(":") ? ["::/1", "8000::/1"] : ["0.0.0.0/1", "128.0.0.0/1"];
}

/** A socket for both families puts a prefix before an IPv4 address. */
function withoutIpv6Prefix(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, "");
}
