import { expect, test } from "vitest";
import { RateLimiter } from "../../src/coordination/local/rate-limiter.js";

test("refills a bucket with time", () => {
  let now = 0;
  const limiter = new RateLimiter(10, 100, () => now);

  expect(limiter.take("a", 100)).toBe(0);
  expect(limiter.take("a", 20)).toBe(2);
  now = 2_000;
  expect(limiter.take("a", 20)).toBe(0);
});

test("admits a cost above the bucket size once, which leaves a debt", () => {
  let now = 0;
  const limiter = new RateLimiter(10, 100, () => now);

  expect(limiter.take("a", 300)).toBe(0);
  expect(limiter.take("a", 1)).toBe(21);
  now = 21_000;
  expect(limiter.take("a", 1)).toBe(0);
});
