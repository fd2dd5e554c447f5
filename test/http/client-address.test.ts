import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config.js";
import { clientAddresses, wideNetworks } from "../../src/http/client-address.js";
import { captureLog } from "../support/captured-log.js";
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
  ["the first address if all are trusted", ["0.0.0.0/0"], "203.0.113.9", "6.6.6.6, 198.51.100.1", "6.6.6.6"],
  ["the first address if all of both families are trusted", ["::/0", "0.0.0.0/0"], "::1", "ff::1, 6.6.6.6", "ff::1"],
  ["the connection's address if only the other family is trusted", ["::/0"], "203.0.113.9", "6.6.6.6", "203.0.113.9"],
  ["the header's address behind a network given by its mask", ["10.0.0.0/8"], "10.1.2.3", "6.6.6.6", "6.6.6.6"],
])("gives %s", (_, trusted, remote, forwarded, expected) => {
  expect(clientAddresses(trusted)(request(remote, forwarded))).toBe(expected);
});

test("a network may be given by its mask", () => {
  expect(loadConfig({ TRUSTED_PROXIES: "10.0.0.0/255.0.0.0, 192.0.2.0/0.0.0.0" }).trustedProxies).toEqual([
    "10.0.0.0/8",
    "192.0.2.0/0",
  ]);
});

test.each([
  ["0.0.0.0/0", true],
  ["1.2.3.4/0", true],
  ["128.0.0.0/1", true],
  ["10.0.0.0/7", true],
  ["::/0", true],
  ["2000::/3", true],
  ["::ffff:0.0.0.0/96", true],
  ["10.0.0.0/8", false],
  ["fc00::/7", false],
  ["::ffff:10.0.0.0/104", false],
  ["::1", false],
  ["10.0.0.1", false],
  ["loopback", false],
])("the log warns of a client in %s that could choose its address: %s", async (network, isWide) => {
  expect(wideNetworks([network])).toEqual(isWide ? [network] : []);
  const log = captureLog("warn");
  await startGateway({ env: { TRUSTED_PROXIES: network }, logger: log.logger });

  expect(log.text().includes("TRUSTED_PROXIES")).toBe(isWide);
});
