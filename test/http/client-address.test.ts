import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { clientAddresses } from "../../src/http/client-address.js";
import { startGateway } from "../support/gateway.js";

function request(remoteAddress: string, forwarded?: string): IncomingMessage {
  return { socket: { remoteAddress }, headers: { "x-forwarded-for": forwarded } } as never;
}

const NETWORK = ["10.0.0.0/8"];

test.each([
  ["the connection's address if no proxy is trusted", [], "203.0.113.9", "198.51.100.1", "203.0.113.9"],
  ["the connection's address if it is not a trusted proxy", NETWORK, "203.0.113.9", "198.51.100.1", "203.0.113.9"],
  ["the header's address behind a trusted proxy", NETWORK, "10.1.2.3", "198.51.100.1", "198.51.100.1"],
  ["the last address that is not a proxy", NETWORK, "10.1.2.3", "6.6.6.6, 198.51.100.1, 10.9.9.9", "198.51.100.1"],
  ["the proxy's address if the header holds none", NETWORK, "10.1.2.3", "unknown", "10.1.2.3"],
  ["the proxy's address if there is no header", NETWORK, "10.1.2.3", undefined, "10.1.2.3"],
  ["an IPv4 address without its IPv6 prefix", [], "::ffff:203.0.113.9", undefined, "203.0.113.9"],
  ["the header's address behind a proxy with an IPv6 prefix", NETWORK, "::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1"],
  ["the header's address behind a proxy on this machine", ["loopback"], "127.0.0.1", "2001:db8::1", "2001:db8::1"],
])("gives %s", (_, trusted, remote, forwarded, expected) => {
  expect(clientAddresses(trusted)(request(remote, forwarded))).toBe(expected);
});

test.each(["proxy.example", "10.0.0.0/", "10.0.0.0/33", "0.0.0.0/0", "::/0"])(
  "the gateway does not start with %s as a trusted proxy",
  async (proxy) => {
    await expect(startGateway({ env: { TRUSTED_PROXIES: proxy } })).rejects.toThrow(
      /^TRUSTED_PROXIES must be .*: invalid .*\.$/,
    );
    expect(() => clientAddresses([proxy])).toThrow(proxy);
  },
);
