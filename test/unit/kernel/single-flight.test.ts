import { expect, test } from "vitest";
import { once } from "../../../src/kernel/once.js";
import { singleFlight } from "../../../src/kernel/single-flight.js";

/** Work whose runs end as the test says. */
function work() {
  const runs: { readonly succeed: (value: string) => void; readonly fail: (error: Error) => void }[] = [];
  const start = () => new Promise<string>((succeed, fail) => runs.push({ succeed, fail }));
  return { runs, start };
}

/** Lets everything run that is waiting for nothing but promises. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test.each([false, true])("fails, waits, succeeds: a failure is never kept (keepResult: %s)", async (keepResult) => {
  const { runs, start } = work();
  const shared = singleFlight(start, { keepResult });

  for (let failure = 0; failure < 3; failure += 1) {
    const callers = [shared(), shared()];
    await settle();
    runs[failure]?.fail(new Error(`failure ${failure}`));
    for (const caller of callers) await expect(caller).rejects.toThrow(`failure ${failure}`);
    await settle();
  }
  const callers = [shared(), shared()];
  await settle();
  runs[3]?.succeed("value");

  expect(await Promise.all(callers)).toEqual(["value", "value"]);
  expect(runs).toHaveLength(4);
});

test("the first caller after a failure may come before the failed run's callers have handled it", async () => {
  const { runs, start } = work();
  const shared = singleFlight(start, { keepResult: true });
  const retried = shared().catch(() => shared());
  await settle();
  runs[0]?.fail(new Error("failure"));
  await settle();
  runs[1]?.succeed("value");

  expect(await retried).toBe("value");
});

test("work that throws instead of rejecting is a failure like any other", async () => {
  let calls = 0;
  const shared = singleFlight(() => {
    calls += 1;
    if (calls === 1) throw new Error("thrown");
    return Promise.resolve("value");
  });

  await expect(shared()).rejects.toThrow("thrown");
  expect(await shared()).toBe("value");
});

test("a result is kept only if that is wanted", async () => {
  let calls = 0;
  const count = async () => {
    calls += 1;
    return calls;
  };
  const kept = singleFlight(count, { keepResult: true });
  expect([await kept(), await kept(), await kept()]).toEqual([1, 1, 1]);
  const shared = singleFlight(count);
  expect([await shared(), await shared()]).toEqual([2, 3]);
});

test("once does not accept a promise, whose failure it would keep", () => {
  // @ts-expect-error: a promise is not a value.
  once(async () => "value");
  // @ts-expect-error: neither is what may be one.
  once((): string | Promise<string> => "value");
  let calls = 0;
  const value = once(() => {
    calls += 1;
    if (calls === 1) throw new Error("failure");
    return calls;
  });
  expect(value).toThrow("failure");
  expect([value(), value()]).toEqual([2, 2]);
});
