import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ConfigError, loadConfig, misspelledSettings, settings } from "../../src/config.js";

/** Error message for these settings; fails if they are accepted. */
function errorOf(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).not.toContain("\n");
    return (error as Error).message;
  }
  throw new Error(`accepted: ${JSON.stringify(env)}`);
}

function accepts(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

const all = Object.values(settings);
const checked = all.filter((setting) => !accepts(setting.parse as (text: string) => unknown, "no\nsuch value"));

describe("every setting", () => {
  test("has a unique variable, a sentence as its meaning, and a default that it accepts", () => {
    expect(new Set(all.map(({ variable }) => variable)).size).toBe(all.length);
    for (const { variable, meaning } of all) {
      expect(variable).toMatch(/^[A-Z][A-Z0-9_]*$/);
      expect(meaning).toMatch(/^\S.*\.$/);
    }
    expect(() => loadConfig({})).not.toThrow();
  });

  test("counts as unset if it is empty", () => {
    const empty = Object.fromEntries(all.map(({ variable }) => [variable, ""]));
    expect(loadConfig(empty)).toEqual(loadConfig({}));
  });

  test("cannot be modified after loading", () => {
    expect(Object.isFrozen(loadConfig({}))).toBe(true);
  });
});

describe("an invalid setting is one line that names the variable, the allowed values and the value", () => {
  test.each(checked.map((setting) => [setting.variable, setting] as const))("%s", (variable, { secret }) => {
    const message = errorOf({ [variable]: "no\nsuch value" });
    expect(message).toMatch(new RegExp(`^${variable} must be .+${secret ? "" : ", got .+"}\\.$`));
  });

  const bounds = checked.flatMap(({ variable }) => {
    const [, min, max] = /a whole number from (\d+) to (\d+)/.exec(errorOf({ [variable]: "?" })) ?? [];
    return min === undefined ? [] : [[variable, Number(min), Number(max)] as const];
  });

  test.each(bounds)("%s accepts only whole numbers from %i to %i", (variable, min, max) => {
    const { parse } = all.find((setting) => setting.variable === variable) ?? {};
    const read = parse as (text: string) => unknown;
    expect([read(String(min)), read(String(max))]).toEqual([min, max]);
    for (const bad of [
      String(min - 1),
      String(max + 1),
      `${min}.5`,
      "1e3",
      "0x10",
      " 1",
      "1 ",
      "-0",
      "Infinity",
      "NaN",
    ]) {
      expect(accepts(read, bad), bad).toBe(false);
    }
  });

  test.each(["ftp://tower.example", "tower.example", "/v2/api", "http://", "file:///etc/passwd"])(
    "CLOUDTOWER_URL=%s",
    (value) => {
      expect(errorOf({ CLOUDTOWER_URL: value })).toMatch(/^CLOUDTOWER_URL must be an http or https URL/);
    },
  );

  test.each(["constructor", "__proto__", "yes", "2"])("a flag that is %s", (value) => {
    expect(errorOf({ CLOUDTOWER_INSECURE: value })).toBe(
      `CLOUDTOWER_INSECURE must be true, false, 1 or 0, got "${value}".`,
    );
  });

  test("a certificate file that is missing, is a folder, or has no certificate", () => {
    const folder = mkdtempSync(join(tmpdir(), "towerql-config-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const noCertificate = join(folder, "ca.pem");
    writeFileSync(noCertificate, "not a certificate");
    for (const path of [join(folder, "absent.pem"), folder, noCertificate]) {
      expect(errorOf({ CLOUDTOWER_CA_FILE: path })).toMatch(
        /^CLOUDTOWER_CA_FILE must be the path of a readable PEM file/,
      );
    }
  });
});

describe("settings that contradict each other", () => {
  const service = { CLOUDTOWER_URL: "https://tower.example", AUTH_MODE: "service", API_KEYS: "k" };

  test.each([
    ["CLOUDTOWER_URL", "no URL in production", { NODE_ENV: "production" }],
    ["CLOUDTOWER_URL", "an empty URL in production", { NODE_ENV: "production", CLOUDTOWER_URL: "" }],
    ["CLOUDTOWER_URL", "a simulator switched off in production", { NODE_ENV: "production", SIMULATOR: "0" }],
    ["SIMULATOR", "a simulator in addition to a real URL", { CLOUDTOWER_URL: "https://tower.example", SIMULATOR: "1" }],
    ["API_KEYS", "service mode without keys", { ...service, API_KEYS: " , " }],
    ["CLOUDTOWER_TOKEN", "service mode without a credential", service],
    ["CLOUDTOWER_TOKEN", "service mode with half a login", { ...service, CLOUDTOWER_USERNAME: "backup" }],
    ["WEBHOOKS_FILE", "webhooks without service mode", { WEBHOOKS_FILE: "hooks.json", STATE_DIR: "/state" }],
    ["STATE_DIR", "webhooks without a place for their states", { ...service, WEBHOOKS_FILE: "hooks.json" }],
    [
      "STATE_DIR",
      "two places for the states of webhooks",
      { ...service, WEBHOOKS_FILE: "hooks.json", STATE_DIR: "/state", REDIS_URL: "redis://redis" },
    ],
    ["CLIENTS_FILE", "clients without service mode", { CLIENTS_FILE: "clients.json" }],
    ["API_KEYS", "keys that nobody needs", { API_KEYS: "k" }],
    ["ALLOW_ANONYMOUS", "anonymous clients without service mode", { ALLOW_ANONYMOUS: "1" }],
    ["CLOUDTOWER_TOKEN", "a token that is not used", { CLOUDTOWER_TOKEN: "t" }],
    ["CLOUDTOWER_USERNAME", "an account that is not used", { CLOUDTOWER_USERNAME: "backup" }],
    ["REAPER", "a reaper without service mode", { REAPER: "report" }],
    ["REAPER", "an unknown mode of the reaper", { REAPER: "on" }],
    [
      "REAPER",
      "a reaper that deletes for read-only clients",
      { ...service, REAPER: "delete", REAPER_NAME_PREFIX: "job-", READ_ONLY: "1" },
    ],
    [
      "REAPER_NAME_PREFIX",
      "a reaper that may delete anything",
      { ...service, REAPER: "delete", REAPER_NAME_PREFIX: "" },
    ],
    ["REAPER_GRACE_HOURS", "no grace", { REAPER_GRACE_HOURS: "0" }],
    ["DEFAULT_PAGE_SIZE", "a default above the maximum", { DEFAULT_PAGE_SIZE: "100", MAX_PAGE_SIZE: "99" }],
  ])("%s: %s", (variable, _, env) => {
    expect(errorOf(env)).toMatch(new RegExp(`^${variable}\\b.+\\.$`));
  });

  test("are accepted in production with a URL, or with SIMULATOR on", () => {
    const real = loadConfig({ NODE_ENV: "production", CLOUDTOWER_URL: "https://tower.example" });
    expect(real.cloudTowerUrl?.href).toBe("https://tower.example/");
    expect(loadConfig({ NODE_ENV: "production", SIMULATOR: "1" }).simulator).toBe(true);
  });
});

test("a directory account needs its directory, unless it can be looked up", () => {
  const env = { AUTH_MODE: "service", API_KEYS: "key-1", CLOUDTOWER_URL: "https://tower.example" };
  const account = { ...env, CLOUDTOWER_USERNAME: "backup", CLOUDTOWER_PASSWORD: "hunter2" };
  expect(errorOf({ ...account, CLOUDTOWER_SOURCE: "AUTHN" })).toContain("CLOUDTOWER_AUTH_CONFIG_ID must be set");
  expect(loadConfig({ ...account, CLOUDTOWER_SOURCE: "LDAP" }).source).toBe("LDAP");
});

describe("secrets", () => {
  test("can be read from a file, which must be readable", () => {
    const folder = mkdtempSync(join(tmpdir(), "towerql-config-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "token");
    writeFileSync(file, "token-from-a-file\n");
    const service = { AUTH_MODE: "service", API_KEYS: "k" };
    expect(loadConfig({ ...service, CLOUDTOWER_TOKEN_FILE: file }).token).toBe("token-from-a-file");
    expect(errorOf({ CLOUDTOWER_TOKEN_FILE: folder })).toBe(
      `CLOUDTOWER_TOKEN_FILE must be the path of a readable file, got "${folder}".`,
    );
  });

  test("are never shown, not even in a URL", () => {
    for (const url of [
      "https://u:hunter2@tower.example",
      "ftp://u:hunter2@tower",
      "u:hunter2@tower",
      "//u:hunter2@x y",
    ]) {
      const message = errorOf({ CLOUDTOWER_URL: url });
      expect(message).toMatch(/^CLOUDTOWER_URL must be an? /);
      expect(message).not.toContain("hunter2");
    }
  });

  test("are marked as such in the settings", () => {
    const secrets = all.filter(({ secret }) => secret).map(({ variable }) => variable);
    expect(secrets).toEqual(expect.arrayContaining(["API_KEYS", "CLOUDTOWER_TOKEN", "CLOUDTOWER_PASSWORD"]));
    const suspicious = all.filter(({ variable }) => /PASSWORD|SECRET|_TOKEN$|_KEYS?$/.test(variable));
    expect(suspicious.filter(({ secret }) => !secret)).toEqual([]);
  });
});

describe("variables that resemble a setting", () => {
  test.each([
    ["MAX_DEPHT", "MAX_DEPTH"],
    ["MAXDEPTH", "MAX_DEPTH"],
    ["CLOUDTOWER_URI", "CLOUDTOWER_URL"],
    ["cloudtower_url", "CLOUDTOWER_URL"],
    ["API_KEY", "API_KEYS"],
    ["API_KEY_FILE", "API_KEYS_FILE"],
    ["RATE_LIMIT_PER_SECONDS", "RATE_LIMIT_PER_SECOND"],
    ["CLOUDTOWER_USERNAME_FILE", "CLOUDTOWER_USERNAME"],
  ])("%s is taken for %s", (variable, meant) => {
    expect(misspelledSettings({ [variable]: "1" })).toEqual([{ variable, meant }]);
  });

  test("no variable of other programs is, and no setting", () => {
    const others =
      `PATH HOME HOST HOSTNAME PWD TERM USER LANG SHLVL MAIL POST PORTS EDITOR SHELL TZ DEBUG NODE_OPTIONS NODE_PATH
      KUBERNETES_PORT KUBERNETES_SERVICE_HOST REDIS_PORT TOWERQL_PORT OTEL_RESOURCE_ATTRIBUTES OTEL_EXPORTER_OTLP_HEADERS
      OTEL_LOGS_EXPORTER OTEL_METRICS_EXPORTER OTEL_EXPORTER_OTLP_LOGS_ENDPOINT OTEL_EXPORTER_OTLP_METRICS_ENDPOINT
      SSL_CERT_FILE NODE_EXTRA_CA_CERTS HTTP_PROXY NO_PROXY npm_config_cache LOGNAME XDG_STATE_DIR`.split(/\s+/);
    const own = all.flatMap(({ variable, secret }) => (secret ? [variable, `${variable}_FILE`] : [variable]));
    const env = Object.fromEntries([...others, ...own, "x".repeat(100_000)].map((name) => [name, "1"]));
    expect(misspelledSettings(env)).toEqual([]);
  });
});
