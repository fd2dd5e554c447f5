import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { failureOfStatus, failureOfTransport, UpstreamError } from "../../src/upstream/upstream-error.js";
import { captureLog } from "../support/captured-log.js";
import { startGateway } from "../support/gateway.js";
import { oneCall } from "./support/failures.js";
import { type Login, tower } from "./support/login-tower.js";

const fails =
  (failure: UpstreamError["failure"]): Login =>
  async () => {
    throw new UpstreamError("authnStrategies", failure);
  };
const status = (code: number) => fails(failureOfStatus(code, "<html>secret-page</html>", {}));
const directories =
  (...list: unknown[]): Login =>
  async () => ({ data: { authnStrategies: list } });
const unknownField: Login = async () => ({ errors: [{ message: 'Cannot query field "authnStrategies"' }] });
const one = { id: "ldap-1", type: "LDAP" };

describe("a user of LDAP", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
  });

  test.each<[string, Login, string, object]>([
    ["by its only directory", directories(one), "4.6.0", { source: "AUTHN", auth_config_id: "ldap-1" }],
    [
      "by the only one of LDAP",
      directories({ id: "sso-1", type: "SSO" }, null, {}, one, { id: "", type: "LDAP" }, { type: "LDAP" }),
      "3.0.0",
      { source: "AUTHN", auth_config_id: "ldap-1" },
    ],
    ["by LDAP before 3.0, without GraphQL", status(404), "2.7.0", { source: "LDAP" }],
    ["by LDAP before 3.0, refusing the field", status(400), "2.8.1", { source: "LDAP" }],
    ["by LDAP before 3.0, answering errors", unknownField, "2.3.0", { source: "LDAP" }],
    ["by LDAP before versions were told", status(404), "", { source: "LDAP" }],
  ])("logs in %s", async (_, list, version, target) => {
    const { world, queries } = tower({ username: "backup", source: "LDAP" });
    world.listDirectories = list;
    world.getVersion = version === "" ? status(404) : async () => version;

    expect(await queries(3)).toEqual(["rows", "rows", "rows"]);
    expect(world.bodies).toEqual([{ username: "backup", password: "secret-password", ...target }]);
  });

  test("is not looked up if the id is configured", async () => {
    const { world, queries } = tower({ username: "backup", source: "LDAP", authConfigId: "ldap-7" });
    world.listDirectories = status(500);

    expect(await queries(1)).toEqual(["rows"]);
    expect(world.bodies).toMatchObject([{ source: "AUTHN", auth_config_id: "ldap-7" }]);
  });

  test.each<[string, Login, string, RegExp]>([
    ["no directory", directories(), "UPSTREAM_ERROR", /no directory of type LDAP: .*CLOUDTOWER_AUTH_CONFIG_ID/],
    ["none of LDAP", directories({ id: "s", type: "SSO" }), "UPSTREAM_ERROR", /no directory of type LDAP/],
    [
      "two of LDAP",
      directories(one, { id: "secret-2", type: "LDAP" }),
      "UPSTREAM_ERROR",
      /2 directories .*_AUTH_CONFIG_ID/,
    ],
    [
      "a 404 in a version that has directories",
      status(404),
      "UPSTREAM_ERROR",
      /does not list .*HTTP 404.*_AUTH_CONFIG_ID/,
    ],
    ["a 403", status(403), "UPSTREAM_ERROR", /does not list .*HTTP 403/],
    ["a 429", status(429), "UPSTREAM_ERROR", /does not list .*HTTP 429/],
    ["a 500", status(500), "UPSTREAM_ERROR", /does not list .*HTTP 500/],
    ["errors", unknownField, "UPSTREAM_ERROR", /does not list its directories: .*_AUTH_CONFIG_ID/],
    ["null", async () => null, "UPSTREAM_ERROR", /does not list its directories/],
    ["a proxy's 503", status(503), "UPSTREAM_UNAVAILABLE", /login to CloudTower failed: .*HTTP 503/],
    [
      "a lost connection",
      fails(failureOfTransport(Object.assign(new Error("secret-address"), { code: "ECONNRESET" }), "unknown")),
      "UPSTREAM_UNAVAILABLE",
      /login to CloudTower failed: /,
    ],
    ["no response", () => new Promise(() => {}), "UPSTREAM_TIMEOUT", /did not respond to the gateway's login in time/],
  ])(
    "with %s: nothing is sent, the reason is told once, and all is well 10 s after it is gone",
    async (_, list, code, reason) => {
      const { world, problem, queries } = tower({ username: "backup", source: "LDAP" });
      world.listDirectories = list;
      for (let round = 0; round < 2; round += 1) {
        for (const error of (await queries(2)) as UpstreamError[]) {
          expect(error).toMatchObject({ code, failure: { effect: "none" }, logged: true });
          expect(error.message).not.toMatch(/secret/);
        }
      }
      const check = problem();
      await vi.advanceTimersByTimeAsync(8_000);
      expect(await check).toMatch(reason);
      expect(await check).not.toMatch(/secret/);
      expect(world.reasons).toEqual([await check]);
      expect(world.logins).toBe(0);

      world.listDirectories = directories(one);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(await queries(2)).toEqual(["rows", "rows"]);
      expect(world.reasons).toHaveLength(2);
    },
  );
});

const env = {
  AUTH_MODE: "service",
  API_KEYS: "key-of-a-backup-product",
  CLOUDTOWER_USERNAME: "auditor",
  CLOUDTOWER_PASSWORD: "auditor-pass",
  CLOUDTOWER_SOURCE: "LDAP",
};
const key = { authorization: "key-of-a-backup-product" };

test("CloudTower is asked for its directories without a credential, below the address of its API", async () => {
  const gateway = await startGateway({ env });

  expect((await gateway.query(oneCall, {}, key)).errors).toBeUndefined();

  const { calls } = gateway.simulator;
  expect(calls.of("/api")).toMatchObject([{ body: { query: "{authnStrategies{id type}}" }, token: undefined }]);
  expect(calls.of("login")).toMatchObject([
    { body: { source: "AUTHN", auth_config_id: "clrdirectory00000822simulat" } },
  ]);
});

test("several directories are a reason of /readyz and a warning, whose ids only the log shows", async () => {
  const log = captureLog("warn");
  const gateway = await startGateway({ env, logger: log.logger });
  const type = "LDAP";
  gateway.simulator.control.setDirectories([
    { id: "first", type },
    { id: "second", type },
  ]);

  const { errors } = await gateway.query(oneCall, {}, key);
  const ready = await (await fetch(`${gateway.url}/readyz`)).json();

  expect(errors).toMatchObject([
    { extensions: { code: "UPSTREAM_ERROR" }, message: expect.stringContaining("operator") },
  ]);
  const reason = "CloudTower has 2 directories of type LDAP: set CLOUDTOWER_AUTH_CONFIG_ID to the id of one.";
  expect(ready).toEqual({ status: "not ready", reason });
  expect(JSON.stringify([errors, ready])).not.toMatch(/first|second/);
  expect(log.lines).toMatchObject([{ msg: reason, cause: "ids of the directories: first, second" }]);
});
