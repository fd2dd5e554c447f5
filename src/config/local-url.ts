import { isIPv6 } from "node:net";

/** Where a gateway listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Prefix of every path; may be empty. */
  readonly basePath: string;
}

/** Addresses that stand for all addresses of the machine, with the one that reaches them on it. */
const LOOPBACK: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** URL of a path of the gateway, such as `/graphql`, for clients on its machine. */
export function localUrl({ host, port, basePath }: ListenAddress, path: string): string {
  const address = LOOPBACK[host] ?? host;
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}${basePath}${path}`;
}

/** Whether a gateway with this host listens on all addresses of its machine. */
export function isWildcard(host: string): boolean {
  return host in LOOPBACK;
}
