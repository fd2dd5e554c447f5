import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { GuardedClient } from "../../src/upstream/client/guarded-client.js";
import { Readiness } from "../../src/upstream/readiness.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

test("however often anybody asks, CloudTower is checked twice a second at most", async () => {
  let checks = 0;
  const client = { problem: async () => ({ reason: `check ${++checks}`, code: "UPSTREAM_UNAVAILABLE" }) };
  const readiness = new Readiness(client as unknown as GuardedClient, undefined, { reachabilityChanged() {} });

  for (let asked = 0; asked < 50; asked++) expect(await readiness.problem()).toBe("check 1");
  vi.advanceTimersByTime(499);
  expect(await readiness.problem()).toBe("check 1");
  vi.advanceTimersByTime(1);
  expect(await readiness.problem()).toBe("check 2");
});
