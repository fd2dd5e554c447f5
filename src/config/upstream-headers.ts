import { shorten } from "../kernel/text/shorten.js";
import { InvalidValue, list, type Parse } from "./parsers.js";

/** Maximum size of all headers together, in characters: servers accept about 16 KiB with everything else. */
const MAX_CHARS = 4096;

/** Headers of the connection, of the credential, of the body and of caching, and those that the gateway sets. */
const RESERVED: ReadonlySet<string> = new Set([
  ...["connection", "expect", "host", "http2-settings", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"],
  ...["authorization", "cookie", "cookie2", "set-cookie"],
  ...["date", "range", "x-request-id", "x-tower-request-id"],
]);
/** Whole families of such headers. */
const RESERVED_PREFIXES = ["accept", "content-", "if-", "proxy-"];

/** Headers as `name: value`, separated by commas or line breaks, by their names in lower case. Values contain no commas. */
export const upstreamHeaders: Parse<Readonly<Record<string, string>>> = (text) => {
  const headers = new Map<string, string>();
  for (const item of list(text.replace(/[\r\n]+/g, ","))) {
    const [, given, value = ""] = /^([a-z][\w-]*)[ \t]*:[ \t]*(.*)$/i.exec(item) ?? [];
    if (given === undefined || !/^[\x21-\x7e]+([ \t]+[\x21-\x7e]+)*$/.test(value)) {
      throw new InvalidValue("headers such as x-tenant: blue, in visible ASCII characters, separated by commas");
    }
    const name = given.toLowerCase();
    if (RESERVED.has(name) || RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix))) {
      throw new InvalidValue(`further headers, without ${shorten(name, 80)}, which HTTP or the gateway itself sets`);
    }
    if (headers.has(name)) throw new InvalidValue(`headers of different names, not ${shorten(name, 80)} twice`);
    headers.set(name, value);
  }
  const size = [...headers].reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (size > MAX_CHARS) throw new InvalidValue(`at most ${MAX_CHARS} characters long, got ${size}`);
  return Object.fromEntries(headers);
};
