import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ConfigError, loadConfig, settings } from "../../src/config.js";

/** What the start says of these settings; fails where they are accepted. */
function refusal(env: Record<string, string>): string {
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
  test("has a name of its own, a meaning that is a sentence, and a default that it would accept", () => {
    expect(new Set(all.map(({ variable }) => variable)).size).toBe(all.length);
    for (const { variable, meaning } of all) {
      expect(variable).toMatch(/^[A-Z][A-Z0-9_]*$/);
      expect(meaning).toMatch(/^\S.*\.$/);
    }
    expect(() => loadConfig({})).not.toThrow();
  });

  test("is taken for absent where it is empty", () => {
    const empty = Object.fromEntries(all.map(({ variable }) => [variable, ""]));
    expect(loadConfig(empty)).toEqual(loadConfig({}));
  });

  test("cannot be changed later", () => {
    expect(Object.isFrozen(loadConfig({}))).toBe(true);
  });
});

describe("a bad setting stops the start with one line that names it, what was expected and what came", () => {
  test.each(checked.map((setting) => [setting.variable, setting] as const))("%s", (variable, { secret }) => {
    const message = refusal({ [variable]: "no\nsuch value" });
    expect(message).toMatch(new RegExp(`^${variable}: expected .+, got ${secret ? "something else" : ".+"}$`));
  });

  const bounds = checked.flatMap(({ variable }) => {
    const [, min, max] = /a whole number from (\d+) to (\d+)/.exec(refusal({ [variable]: "?" })) ?? [];
    return min === undefined ? [] : [[variable, Number(min), Number(max)] as const];
  });

  test.each(bounds)("%s takes whole numbers from %i to %i only", (variable, min, max) => {
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
      expect(refusal({ CLOUDTOWER_URL: value })).toMatch(/^CLOUDTOWER_URL: expected an http or https address/);
    },
  );

  test.each(["constructor", "__proto__", "yes", "2"])("a switch that is %s", (value) => {
    expect(refusal({ CLOUDTOWER_INSECURE: value })).toBe(
      `CLOUDTOWER_INSECURE: expected true, false, 1 or 0, got "${value}"`,
    );
  });

  test("a certificate file that is not there, is a folder, or holds no certificate", () => {
    const folder = mkdtempSync(join(tmpdir(), "towerql-config-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const noCertificate = join(folder, "ca.pem");
    writeFileSync(noCertificate, "not a certificate");
    for (const path of [join(folder, "absent.pem"), folder, noCertificate]) {
      expect(refusal({ CLOUDTOWER_CA_FILE: path })).toMatch(/^CLOUDTOWER_CA_FILE: expected the path of a PEM file/);
    }
  });
});

describe("settings that make no sense together", () => {
  const service = { CLOUDTOWER_URL: "https://tower.example", AUTH_MODE: "service", API_KEYS: "k" };

  test.each([
    ["CLOUDTOWER_URL", "no address in production", { NODE_ENV: "production" }],
    ["CLOUDTOWER_URL", "an empty address in production", { NODE_ENV: "production", CLOUDTOWER_URL: "" }],
    ["CLOUDTOWER_URL", "a simulator switched off in production", { NODE_ENV: "production", SIMULATOR: "0" }],
    ["SIMULATOR", "a simulator beside a real address", { CLOUDTOWER_URL: "https://tower.example", SIMULATOR: "1" }],
    ["API_KEYS", "service mode without keys", { ...service, API_KEYS: " , " }],
    ["CLOUDTOWER_TOKEN", "service mode without a credential", service],
    ["CLOUDTOWER_TOKEN", "service mode with half a login", { ...service, CLOUDTOWER_USERNAME: "backup" }],
    ["DEFAULT_PAGE_SIZE", "a default above the maximum", { DEFAULT_PAGE_SIZE: "100", MAX_PAGE_SIZE: "99" }],
  ])("%s: %s", (variable, _, env) => {
    expect(refusal(env)).toMatch(new RegExp(`^${variable}: expected .+, got .+$`));
  });

  test("are fine in production with an address, or when the simulator is asked for by name", () => {
    const real = loadConfig({ NODE_ENV: "production", CLOUDTOWER_URL: "https://tower.example" });
    expect(real.cloudTowerUrl?.href).toBe("https://tower.example/");
    expect(loadConfig({ NODE_ENV: "production", SIMULATOR: "1" }).simulator).toBe(true);
  });
});

describe("secrets", () => {
  test("are never shown, not even one that stands in the address", () => {
    for (const url of [
      "https://u:hunter2@tower.example",
      "ftp://u:hunter2@tower",
      "u:hunter2@tower",
      "//u:hunter2@x y",
    ]) {
      const message = refusal({ CLOUDTOWER_URL: url });
      expect(message).toMatch(/^CLOUDTOWER_URL: expected an /);
      expect(message).not.toContain("hunter2");
    }
  });

  test("are marked where a setting holds one", () => {
    const secrets = all.filter(({ secret }) => secret).map(({ variable }) => variable);
    expect(secrets).toEqual(expect.arrayContaining(["API_KEYS", "CLOUDTOWER_TOKEN", "CLOUDTOWER_PASSWORD"]));
    const suspicious = all.filter(({ variable }) => /PASSWORD|SECRET|_TOKEN$|_KEYS?$/.test(variable));
    expect(suspicious.filter(({ secret }) => !secret)).toEqual([]);
  });
});
