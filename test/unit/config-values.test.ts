import { isIP } from "node:net";
import { expect, test } from "vitest";
import { ConfigError, loadConfig, settings } from "../../src/config.js";
import { seeded } from "../abuse/support/seeded.js";

type Accepts = (value: string) => boolean;

const all = Object.entries(settings);

const isAny: Accepts = () => true;
const isFlag: Accepts = (value) => ["true", "false", "1", "0"].includes(value.toLowerCase());
const isFile: Accepts = () => false;
const isHeader: Accepts = (value) => /^[!-~]([ -~]*[!-~])?$/.test(value) && /\w/.test(value.replaceAll("_", ""));
const isUrl: Accepts = (value) =>
  /^https?:\/\/(\[::1\]|[\w.-]+)(:\d*)?(\/[\w/.:,-]*)?$/i.test(value) && URL.canParse(value);
const each =
  (accepts: Accepts): Accepts =>
  (value) =>
    value
      .split(",")
      .map((item) => item.trim())
      .every((item) => item === "" || accepts(item));

/** Which values the table of settings documents, written without the parsers. All other settings are numbers or flags. */
const documented: Readonly<Record<string, Accepts>> = {
  HOST: (value) => isIP(value) !== 0 || /^(?!(.*\.)?(\d+|0x\w*)\.?$)[A-Za-z\d_][\w-]*(\.[\w-]+)*\.?$/.test(value),
  NODE_ENV: (value) => ["development", "production", "test"].includes(value),
  LOG_LEVEL: (value) => ["fatal", "error", "warn", "info", "debug", "trace", "silent"].includes(value),
  AUDIT_LOG: (value) => value === "stdout" || /^\/.*[^/]$/s.test(value),
  CLOUDTOWER_URL: isUrl,
  OTEL_EXPORTER_OTLP_ENDPOINT: isUrl,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: isUrl,
  OTEL_EXPORTER_OTLP_PROTOCOL: isAny,
  OTEL_TRACES_EXPORTER: (value) => ["otlp", "none"].includes(value),
  OTEL_TRACES_SAMPLER: (value) => /^(parentbased_)?(always_on|always_off|traceidratio)$/.test(value),
  OTEL_TRACES_SAMPLER_ARG: (value) => /^\d(\.\d+)?$/.test(value) && Number(value) <= 1,
  AUTH_MODE: (value) => ["forward", "service"].includes(value),
  API_KEYS: each((key) => isHeader(key) && !/^bearer\b/i.test(key)),
  WEBHOOKS_FILE: isAny,
  STATE_DIR: isAny,
  CLIENTS_FILE: isAny,
  REAPER: (value) => ["off", "report", "delete"].includes(value),
  REAPER_NAME_PREFIX: isAny,
  CLOUDTOWER_TOKEN: isHeader,
  CLOUDTOWER_USERNAME: isAny,
  CLOUDTOWER_PASSWORD: isAny,
  CLOUDTOWER_SOURCE: (value) => ["LOCAL", "LDAP", "AUTHN", "SSO"].includes(value),
  CLOUDTOWER_AUTH_CONFIG_ID: isAny,
  UPSTREAM_HEADERS: (value) => {
    const items = value.split(/[,\r\n]/).map((item) => item.trim());
    const headers = items.filter((item) => item !== "");
    const names = new Set(headers.map((header) => header.split(":")[0]?.trim().toLowerCase()));
    return (
      names.size === headers.length &&
      headers.every((header) => /^[a-z][\w-]*[ \t]*:[ \t]*[!-~]([ -~\t]*[!-~])?$/i.test(header))
    );
  },
  CLOUDTOWER_CA_FILE: isFile,
  REDIS_CA_FILE: isFile,
  REDIS_PREFIX: (value) => /^[A-Za-z\d_.:-]{1,100}$/.test(value),
  // None of the values; its forms are tested in test/coordination/addresses.test.ts.
  REDIS_URL: () => false,
  SAFELIST_FILE: isFile,
  SAFELIST_MODE: (value) => ["allow", "warn", "enforce"].includes(value),
  BASE_PATH: (value) => /^(\/[\w.~-]+)*\/*$/.test(value) && !value.split("/").some((part) => /^\.\.?$/.test(part)),
  TRUSTED_PROXIES: each((item) => {
    if (["loopback", "linklocal", "uniquelocal"].includes(item)) return true;
    const [address = "", ...prefix] = item.split("/");
    const bits = isIP(address) === 4 ? 32 : 128;
    if (isIP(address) === 0 || address.includes("%") || prefix.length > 1) return false;
    if (["255.0.0.0", "255.255.255.0", "0.0.0.0"].includes(prefix[0] ?? "")) return bits === 32;
    return prefix.every((digits) => /^\d{1,3}$/.test(digits) && Number(digits) <= bits);
  }),
  CORS_ORIGINS: each(
    (item) => item === "*" || /^(?!ws|ftp|file)[a-z][a-z\d+.-]*:\/\/(\[::1\]|[\p{L}\d.-]+)(:\d{0,4})?\/?$/iu.test(item),
  ),
  ALLOWED_HOSTS: each(
    (item) => (/^\[.*\]$/.test(item) && isIP(item.slice(1, -1)) === 6) || (documented.HOST?.(item) ?? false),
  ),
  CORS_HEADERS: each((item) => /^[a-z][a-z\d_-]*$/i.test(item)),
};

const VALUES = [
  "1",
  "10",
  "300",
  "007",
  "1e3",
  "0x10",
  "0b1",
  " 5 ",
  "5 ",
  "1.5",
  "1.0",
  "-1",
  "+1",
  "1_000",
  "1,000",
  "\uff11",
  "9".repeat(30),
  "Infinity",
  "NaN",
  "true",
  "TRUE",
  "False",
  "yes",
  "on",
  "off",
  "null",
  "undefined",
  "constructor",
  "__proto__",
  "prod",
  "production",
  "Production",
  "production ",
  "development",
  "test",
  "info",
  "INFO",
  "allow",
  "enforce",
  "LOCAL",
  "local",
  "service",
  "foo",
  "foo,bar",
  ",",
  " ",
  "*",
  "*,*",
  "a b",
  "a\nb",
  "a\tb",
  "caf\u00e9",
  "\u865a",
  "\ufeffa",
  "Bearer key",
  "x-tenant: blue",
  "X-Tenant:a, x-other: b c",
  "x-tenant: a\nx-tenant: b",
  "x-tenant:",
  "bearer",
  "key-1, key_2",
  "/",
  "//",
  "/a",
  "/a/",
  "/a//b",
  "a/b",
  "/..",
  "/a/../b",
  "/.",
  "/.well-known",
  "/%61",
  "/a b",
  "/a?b",
  "/a#b",
  "\\a",
  "/graphql",
  "10.0.0.0/",
  "10.0.0.0/8",
  "10.0.0.0/33",
  "10.0.0.0/-1",
  "10.0.0.0/8/8",
  "10.0.0.0/255.0.0.0",
  "10.0.0.0/255.0.255.0",
  "10.0.0.0/0.0.0.0",
  "0.0.0.0/0",
  "::/0",
  "::1/128",
  "::1/129",
  "::1/255.0.0.0",
  "fe80::1%eth0",
  "10.1",
  "010.0.0.1",
  "0x7f.0.0.1",
  "256.1.1.1",
  "[::1]",
  "::1",
  "127.0.0.1",
  "127.0.0.1:80",
  "localhost",
  "localhost:80",
  "loopback",
  "Loopback",
  "uniquelocal,10.0.0.1",
  "10.0.0.1 10.0.0.2",
  "10.0.0.1;10.0.0.2",
  "https://ops.example",
  "https://ops.example/",
  "https://ops.example//",
  "https://ops.example/a",
  "https://ops.example?",
  "https://ops.example#",
  "https://u:p@ops.example",
  "https://*.example",
  "https://OPS.example:8443",
  "http://[::1]:80",
  "http://",
  "http:ops.example",
  "http:/ops.example",
  "http:\\\\ops.example",
  " https://ops.example",
  "https://ops.example\n",
  "https://ops example",
  "ws://ops.example",
  "ftp://ops.example",
  "file:///etc",
  "javascript:1",
  "data:,a",
  "chrome-extension://abcdef",
  "https://ops.example https://b.example",
  "https://a.example,https://b.example/",
  "https://a.example:99999",
];

/** Values with a character inserted, removed or replaced: the same in each run. */
function mutations(count: number): string[] {
  const random = seeded(11);
  const characters = [..." ,/.:-_*%#?@\\\n\t0189azAZ[]\u00e9"];
  return Array.from({ length: count }, () => {
    const value = random.pick(VALUES);
    const at = random.below(value.length + 1);
    return value.slice(0, at) + random.pick(["", ...characters]) + value.slice(at + random.below(2));
  }).filter((value) => value !== "");
}

function outcome(variable: string, value: string): string | undefined {
  try {
    loadConfig({ [variable]: value });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message;
  }
}

/** Whether a setting is a number within its bounds, or a flag, by its own default and error. */
function acceptsByKind(variable: string, value: string): boolean {
  const [, min, max] = /a whole number from (\d+) to (\d+)/.exec(outcome(variable, "?") ?? "") ?? [];
  if (min === undefined) return isFlag(value);
  return /^[0-9]+$/.test(value) && BigInt(value) >= BigInt(min) && BigInt(value) <= BigInt(max ?? 0);
}

test.each(all)("%s accepts what is documented, and stops the start with one line for anything else", (_, setting) => {
  const { variable } = setting;
  const secret = "secret" in setting && setting.secret;
  const accepts = documented[variable] ?? ((value: string) => acceptsByKind(variable, value));
  const values = [...VALUES, ...mutations(400)];

  const rejected = values.filter((value) => !parses(setting.parse, value));
  expect(rejected).toEqual(values.filter((value) => !accepts(value)));
  for (const value of rejected) {
    const error = outcome(variable, value);
    expect(error, value).toMatch(new RegExp(`^${variable} must be [^\\n]+\\.$`));
    expect(error?.includes(", got "), value).toBe(!secret);
  }
});

function parses(parse: (value: string) => unknown, value: string): boolean {
  try {
    parse(value);
    return true;
  } catch {
    return false;
  }
}

test("an origin is compared as browsers send it", () => {
  const value =
    "https://OPS.example/, http://a.example:80, https://b.example:443/, http://c.example:8080, chrome-extension://abc";
  expect(loadConfig({ CORS_ORIGINS: value }).corsOrigins).toEqual([
    "https://ops.example",
    "http://a.example",
    "https://b.example",
    "http://c.example:8080",
    "chrome-extension://abc",
  ]);
});

test.each([
  ["TRUSTED_PROXIES", "10.0.0.1, 10.0.0.0/, ::1", '"10.0.0.0/"'],
  ["CORS_ORIGINS", "https://a.example, https://ops.example/path", '"https://ops.example/path"'],
  ["NODE_ENV", "prod", '"prod"'],
  ["BASE_PATH", "/a/../b", '"/a/../b"'],
  ["PORT", "1e3", '"1e3"'],
])("%s: the message shows the invalid part of %j", (variable, value, part) => {
  expect(outcome(variable, value)).toMatch(
    new RegExp(`^${variable} must be .*, got ${part.replaceAll(".", "\\.")}\\.$`),
  );
});
