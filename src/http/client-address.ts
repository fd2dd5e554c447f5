import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";

/** Finds where a client is. */
export type AddressOf = (request: IncomingMessage) => string;

/**
 * The address of the connection; behind trusted proxies, the last one in X-Forwarded-For that is not such a proxy. What a client
 * writes into that header itself stands before it and counts for nothing.
 *
 * @param trusted addresses and networks such as `10.0.0.0/8`.
 * @throws Error for one that is neither.
 */
export function clientAddresses(trusted: readonly string[]): AddressOf {
  const proxies = new BlockList();
  for (const item of trusted) {
    const [address = "", prefix] = item.split("/");
    const family = familyOf(address);
    if (family === undefined) throw new Error(`expected an address or a network such as 10.0.0.0/8, got ${item}`);
    if (prefix === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(prefix), family);
  }
  const isProxy = (address: string) => {
    const family = familyOf(address);
    return family !== undefined && proxies.check(address, family);
  };
  return ({ socket, headers }) => {
    let address = plain(socket.remoteAddress ?? "");
    if (trusted.length === 0) return address;
    const hops = String(headers["x-forwarded-for"] ?? "").split(",");
    while (isProxy(address) && hops.length > 0) {
      const before = plain((hops.pop() ?? "").trim());
      if (familyOf(before) === undefined) break;
      address = before;
    }
    return address;
  };
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  return ({ 4: "ipv4", 6: "ipv6" } as const)[isIP(address) as 4 | 6];
}

/** Without the prefix that a socket for both families puts before an IPv4 address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, "");
}
