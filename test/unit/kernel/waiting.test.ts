import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { backoffMs, wait } from "../../../src/kernel/backoff.js";
import { Deadline } from "../../../src/kernel/deadline.js";
import { ErrorCode } from "../../../src/kernel/errors.js";
import { linkedSignal } from "../../../src/kernel/linked-signal.js";
import { unlessAborted } from "../../../src/kernel/unless-aborted.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("backoffMs", () => {
  const pace = { firstMs: 100, maxMs: 1_000 };

  test("doubles with each attempt up to the maximum", () => {
    const bounds = [2, 3, 4, 5, 6, 7, 100].map((attempt) => backoffMs(attempt, pace, () => 1));
    expect(bounds).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000]);
  });

  test("is at least half of the bound and spread at random", () => {
    expect([2, 3, 100].map((attempt) => backoffMs(attempt, pace, () => 0))).toEqual([50, 100, 500]);
    const spread = Array.from({ length: 100 }, () => backoffMs(3, pace));
    expect(Math.min(...spread)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...spread)).toBeLessThanOrEqual(200);
    expect(new Set(spread).size).toBeGreaterThan(10);
  });
});

describe("wait", () => {
  test("resolves after the time", async () => {
    const ended = vi.fn();
    void wait(500).then(ended);
    await vi.advanceTimersByTimeAsync(499);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledOnce();
  });

  test("rejects immediately with the signal's reason, before or during the time", async () => {
    const reason = new Error("left");
    await expect(wait(500, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = wait(500, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("Deadline", () => {
  test("aborts with UPSTREAM_TIMEOUT and names the limit", async () => {
    const { signal } = new Deadline(2_000);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(signal.reason).toMatchObject({
      code: ErrorCode.UpstreamTimeout,
      message: "The operation did not finish within 2 s.",
    });
  });

  test("keeps the reason of an earlier cancellation, and leaves no timer once disposed", () => {
    const limit = new Deadline(2_000);
    const reason = new Error("the client left");
    limit.cancel(reason);
    limit.dispose();
    limit.dispose();
    expect(limit.signal.reason).toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("linkedSignal", () => {
  test("aborts with the first of the others, even if that had aborted before", () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const { signal } = linkedSignal([first.signal, second.signal]);
    second.abort("second");
    first.abort("first");
    expect(signal.reason).toBe("second");
    expect(linkedSignal([first.signal]).signal.reason).toBe("first");
  });

  test("aborts after its timeout, but not once disposed", async () => {
    const reason = new Error("too slow");
    const timed = linkedSignal([], 100, reason);
    const disposed = linkedSignal([], 100, reason);
    disposed.dispose();
    disposed.dispose();
    await vi.advanceTimersByTimeAsync(100);
    expect(timed.signal.reason).toBe(reason);
    expect(disposed.signal.aborted).toBe(false);
  });
});

describe("unlessAborted", () => {
  test("settles like the work if the signal does not abort", async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(unlessAborted(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
  });

  test("rejects as soon as the signal aborts, and a later failure of the work is ignored", async () => {
    const controller = new AbortController();
    const { promise, reject } = withResolvers();
    const aborted = unlessAborted(promise, controller.signal);
    controller.abort(new Error("left"));
    await expect(aborted).rejects.toThrow("left");
    reject(new Error("failed later"));
    await expect(unlessAborted(Promise.reject(new Error("unseen")), controller.signal)).rejects.toThrow("left");
  });
});

/** `Promise.withResolvers` is not in Node 20. */
function withResolvers() {
  let reject: (reason: Error) => void = () => {};
  const promise = new Promise<never>((_, refuse) => {
    reject = refuse;
  });
  return { promise, reject };
}
