import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { ErrorCode } from "../../src/kernel/errors.js";
import { failureOfStatus, failureOfTransport, UpstreamError } from "../../src/upstream/upstream-error.js";
import { type Login, tower } from "./support/login-tower.js";

const HTML = "<html>secret-page</html>";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
});

const status = (code: number, body = HTML, headers = {}) =>
  new UpstreamError("login", failureOfStatus(code, body, headers));
const transport = (code: string) =>
  new UpstreamError("login", failureOfTransport(Object.assign(new Error("secret-address"), { code }), "unknown"));
const fails =
  (error: Error): Login =>
  async () => {
    throw error;
  };
const unreadable = new UpstreamError("login", {
  code: ErrorCode.UpstreamError,
  message: "CloudTower's response is not valid JSON.",
  effect: "unknown",
  transient: false,
});

const ANSWERS: [string, Login, string][] = [
  ["a wrong password", fails(status(400, '{"message":"Incorrect username or password"}')), "UPSTREAM_ERROR"],
  ["a 401", fails(status(401, "")), "UPSTREAM_ERROR"],
  ["a 403", fails(status(403)), "UPSTREAM_ERROR"],
  ["a proxy's 404", fails(status(404)), "UPSTREAM_UNAVAILABLE"],
  ["a 429", fails(status(429, "", { "retry-after": "3600" })), "UPSTREAM_UNAVAILABLE"],
  ["a 500", fails(status(500)), "UPSTREAM_UNAVAILABLE"],
  ["a proxy's 503", fails(status(503)), "UPSTREAM_UNAVAILABLE"],
  ["a redirect", fails(status(302)), "UPSTREAM_UNAVAILABLE"],
  ["HTML or an empty body", fails(unreadable), "UPSTREAM_UNAVAILABLE"],
  ["JSON without a token", async () => ({ data: {} }), "UPSTREAM_UNAVAILABLE"],
  ["an empty token", async () => ({ data: { token: "" } }), "UPSTREAM_UNAVAILABLE"],
  ["a token of several lines", async () => ({ data: { token: "a\nb" } }), "UPSTREAM_UNAVAILABLE"],
  ["a token in Chinese", async () => ({ data: { token: "令牌" } }), "UPSTREAM_UNAVAILABLE"],
  ["null", async () => null, "UPSTREAM_UNAVAILABLE"],
  ["a lost connection", fails(transport("ECONNRESET")), "UPSTREAM_UNAVAILABLE"],
  ["a refused connection", fails(transport("ECONNREFUSED")), "UPSTREAM_UNAVAILABLE"],
  ["no response", () => new Promise(() => {}), "UPSTREAM_TIMEOUT"],
  ["a token that it then refuses", async () => ({ data: { token: "never-valid" } }), "UPSTREAM_ERROR"],
];

test.each(ANSWERS)(
  "login answered by %s: clients get a service problem with no effect, and are well within 10 s of the recovery",
  async (_, login, code) => {
    const { world, problem, queries } = tower();
    world.login = login;
    for (let round = 0; round < 3; round += 1) {
      for (const error of (await queries(3)) as UpstreamError[]) {
        expect(error).toMatchObject({ code, failure: { effect: "none" }, logged: true });
        expect(error.message).not.toMatch(/secret/);
      }
    }
    const check = problem();
    await vi.advanceTimersByTimeAsync(8_000);
    expect(await check).toEqual(expect.stringMatching(/^((?!secret).)+\.$/));
    expect(world.reasons).toEqual([await check]);

    world.login = world.accept;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await queries(3)).toEqual(["rows", "rows", "rows"]);
    expect(await problem()).toBeUndefined();
    expect(world.reasons).toHaveLength(2);
  },
);

test.each(ANSWERS)("login answered by %s: a flood of queries shares few logins", async (_, login) => {
  const { world, query } = tower();
  world.login = login;

  for (let tenth = 0; tenth < 600; tenth += 1) {
    void query();
    void query();
    await vi.advanceTimersByTimeAsync(100);
  }

  expect(world.logins).toBeGreaterThan(1);
  expect(world.logins).toBeLessThanOrEqual(61);
});

test("a wrong password is tried at most every 5 s", async () => {
  const { world, query } = tower();
  world.login = fails(status(400));

  for (let tenth = 0; tenth < 600; tenth += 1) {
    void query();
    await vi.advanceTimersByTimeAsync(100);
  }

  expect(world.logins).toBeLessThanOrEqual(13);
});

test("tokens that another gateway's logins revoke again and again cause at most one login per second", async () => {
  const { world, query } = tower();

  for (let tenth = 0; tenth < 600; tenth += 1) {
    world.valid.clear();
    void query();
    await vi.advanceTimersByTimeAsync(100);
  }

  expect(world.logins).toBeLessThanOrEqual(61);
});

test("a revoked token is replaced by one login for all that were refused", async () => {
  const { world, queries } = tower();
  expect(await queries(5)).toEqual(Array(5).fill("rows"));
  world.valid.clear();

  expect(await queries(5)).toEqual(Array(5).fill("rows"));

  expect(world.logins).toBe(2);
  expect(world.reasons).toEqual([]);
});

test("a configured token that is revoked is a service problem, and works again when CloudTower accepts it", async () => {
  const { world, problem, queries } = tower({ token: "configured" });
  expect(await queries(2)).toMatchObject(Array(2).fill({ code: "UPSTREAM_ERROR", failure: { effect: "none" } }));
  expect(await problem()).toContain("CLOUDTOWER_TOKEN");

  world.valid.add("configured");

  expect(await problem()).toBeUndefined();
  expect(await queries(2)).toEqual(["rows", "rows"]);
  expect(world.reasons).toEqual([expect.stringContaining("CLOUDTOWER_TOKEN"), undefined]);
  expect(world.logins).toBe(0);
});

test("readiness finds out by itself that a token was revoked, and calls at most every 5 s while all is well", async () => {
  const { world, problem } = tower();
  for (let second = 0; second < 30; second += 1) {
    expect(await problem()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(world.calls).toBe(6);

  world.valid.clear();
  world.login = fails(status(400));
  await vi.advanceTimersByTimeAsync(5_000);

  expect(await problem()).toContain("HTTP 400");
});

test("readiness tells of a refusal even right after an accepted call", async () => {
  const { world, problem, queries, query } = tower();
  await queries(1);
  await query();
  world.valid.clear();
  world.login = fails(status(401));
  await vi.advanceTimersByTimeAsync(1_000);

  expect(await query()).toMatchObject({ code: "UPSTREAM_ERROR" });
  expect(await problem()).toContain("HTTP 401");
});
