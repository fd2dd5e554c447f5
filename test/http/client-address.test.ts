import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { clientAddresses } from "../../src/http/client-address.js";

function request(remoteAddress: string, forwarded?: string): IncomingMessage {
  return { socket: { remoteAddress }, headers: { "x-forwarded-for": forwarded } } as never;
}

test.each([
  ["the connection's address, whatever the header says", [], "203.0.113.9", "198.51.100.1", "203.0.113.9"],
  ["the header's, behind a trusted proxy", ["10.0.0.0/8"], "10.1.2.3", "198.51.100.1", "198.51.100.1"],
  ["the last one that is no proxy", ["10.0.0.0/8"], "10.1.2.3", "6.6.6.6, 198.51.100.1, 10.9.9.9", "198.51.100.1"],
  ["the proxy's, where the header holds no address", ["10.0.0.0/8"], "10.1.2.3", "unknown", "10.1.2.3"],
  ["an IPv4 address without its IPv6 prefix", ["127.0.0.1"], "::ffff:127.0.0.1", "2001:db8::1", "2001:db8::1"],
])("gives %s", (_, trusted, remote, forwarded, expected) => {
  expect(clientAddresses(trusted)(request(remote, forwarded))).toBe(expected);
});

test("refuses a proxy that is neither address nor network", () => {
  expect(() => clientAddresses(["proxy.example"])).toThrow("proxy.example");
});
