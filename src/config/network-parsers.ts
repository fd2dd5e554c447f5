import { isIP, isIPv4 } from "node:net";
import { InvalidValue, isHostName, list, type Parse } from "./parsers.js";

/** An IP address or a host name, as a URL would contain it. */
export const host: Parse<string> = (value) => {
  if (isIP(value) === 0 && (value.startsWith("[") || !isHostName(value))) {
    throw new InvalidValue("an IP address or a host name without scheme and port");
  }
  return value;
};

/** IP addresses and host names, without ports. */
export const hosts: Parse<readonly string[]> = (value) =>
  list(value).map((item) => {
    if (isIP(item) !== 0 || isHostName(item)) return item;
    throw new InvalidValue("host names or IP addresses, without scheme and port, separated by commas", item);
  });

/** A path without a trailing slash; empty for none. */
export const basePath: Parse<string> = (value) => {
  const path = value.replace(/\/+$/, "");
  // A client would resolve a dot segment, and an encoded character has several spellings.
  if (!/^(\/(?!\.\.?(\/|$))[\w.~-]+)*$/.test(path)) {
    throw new InvalidValue("a path such as /towerql of letters, digits, - . _ ~ and no dot segments");
  }
  return path;
};

/** Sets of networks that `proxy-addr` knows by name. */
const NAMED_NETWORKS: readonly string[] = ["loopback", "linklocal", "uniquelocal"];
const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/** Addresses, networks as `address/prefix`, and names of networks. */
export const networks: Parse<readonly string[]> = (value) =>
  list(value).map((item) => {
    const parsed = NAMED_NETWORKS.includes(item) ? item : networkOf(item);
    if (parsed !== undefined) return parsed;
    const names = NAMED_NETWORKS.join(", ");
    throw new InvalidValue(`addresses, networks such as 10.0.0.0/8, or ${names}, separated by commas`, item);
  });

function networkOf(item: string): string | undefined {
  const [address = "", range, ...rest] = item.split("/");
  const bits = BITS[isIP(address)];
  if (bits === undefined || rest.length > 0 || address.includes("%")) return undefined;
  if (range === undefined) return address;
  const prefix = /^\d{1,3}$/.test(range) ? Number(range) : bits === 32 ? prefixOfMask(range) : undefined;
  return prefix !== undefined && prefix <= bits ? `${address}/${prefix}` : undefined;
}

/** Length of a mask such as 255.255.0.0; undefined if it is not ones followed by zeros. */
function prefixOfMask(mask: string): number | undefined {
  if (!isIPv4(mask)) return undefined;
  const bits = mask
    .split(".")
    .map((byte) => Number(byte).toString(2).padStart(8, "0"))
    .join("");
  return /^1*0*$/.test(bits) ? bits.lastIndexOf("1") + 1 : undefined;
}

/** Origins as browsers send them, or `*`. A trailing slash is omitted, and so is the default port. */
export const origins: Parse<readonly string[]> = (value) =>
  list(value).map((item) => {
    const origin = item === "*" ? item : originOf(item);
    if (origin !== undefined) return origin;
    throw new InvalidValue("origins such as https://ops.example, without a path, separated by commas, or *", item);
  });

/** Names of headers, in lower case. */
export const headerNames: Parse<readonly string[]> = (value) =>
  list(value).map((item) => {
    if (/^[a-z][\w-]*$/i.test(item)) return item.toLowerCase();
    throw new InvalidValue("header names such as x-client-version, separated by commas", item);
  });

/** Pages with these schemes have no origin, or none that a browser sends. */
const SCHEMES_WITHOUT_ORIGIN = /^(ws|wss|ftp|file|blob|data|javascript|about):/i;

function originOf(item: string): string | undefined {
  if (!/^[a-z][a-z\d+.-]*:\/\/[^\s\\/?#@*]+\/?$/i.test(item) || SCHEMES_WITHOUT_ORIGIN.test(item)) return undefined;
  if (!URL.canParse(item)) return undefined;
  const { protocol, host, hostname } = new URL(item);
  if (!isHostName(hostname)) return undefined;
  // `URL.origin` is "null" for schemes such as that of a browser extension.
  return `${protocol}//${host}`;
}
