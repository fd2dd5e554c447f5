import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { CancelSignal } from "../../src/kernel/cancellation.js";
import { ErrorCode, TowerError } from "../../src/kernel/errors.js";
import { CircuitBreaker, type CircuitUpstream } from "../../src/upstream/client/circuit-breaker.js";
import { UpstreamError } from "../../src/upstream/upstream-error.js";

/** A CloudTower whose calls the test ends. */
class FakeUpstream implements CircuitUpstream {
  lastResponseAt = Number.NEGATIVE_INFINITY;
  pings = 0;
  /** What happens to pings. */
  pinged: "response" | "reset" | "hang" = "response";

  async ping(signal: CancelSignal): Promise<void> {
    this.pings += 1;
    if (this.pinged === "response") this.respond();
    if (this.pinged === "reset") throw fault();
    if (this.pinged === "hang") {
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    }
  }

  respond(): void {
    this.lastResponseAt = performance.now();
  }
}

function fault(): UpstreamError {
  const code = ErrorCode.UpstreamUnavailable;
  return new UpstreamError("get-vms", { code, message: "refused", effect: "none", transient: true, fault: true });
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "performance", "Date"] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
});

function create() {
  const upstream = new FakeUpstream();
  const states: string[] = [];
  const circuit = new CircuitBreaker(upstream, (state) => states.push(state));
  /** A call that ends when the test says so. */
  const start = () => {
    let settle = { respond() {}, reject(_: Error) {} };
    const promise = new Promise<void>((resolve, reject) => {
      const respond = () => {
        upstream.respond();
        resolve();
      };
      settle = { respond, reject };
    });
    const done = circuit.run(() => promise, true).catch((error: unknown) => error);
    return { done, ...settle };
  };
  const fail = async (times: number) => {
    for (let n = 0; n < times; n += 1) {
      const call = start();
      call.reject(fault());
      await call.done;
    }
  };
  return { upstream, states, circuit, start, fail };
}

test("a single slow call never opens the circuit: pings show that CloudTower is alive", async () => {
  const { upstream, circuit, start } = create();
  const slow = start();

  for (let second = 0; second < 120; second += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    expect(circuit.state).toBe("closed");
  }
  slow.respond();
  await slow.done;

  expect(upstream.pings).toBeGreaterThan(20);
  expect(upstream.pings).toBeLessThanOrEqual(40);
});

test("a slow call does not open the circuit if CloudTower has no endpoint for pings", async () => {
  const { upstream, circuit, start } = create();
  upstream.pinged = "reset";
  const slow = start();

  await vi.advanceTimersByTimeAsync(30_000);
  slow.reject(fault());
  await slow.done;
  await vi.advanceTimersByTimeAsync(30_000);

  expect(circuit.state).toBe("closed");
});

test("hundreds of simultaneous timeouts beside responses do not open the circuit", async () => {
  const { upstream, circuit, start } = create();
  upstream.pinged = "hang";
  const slow = Array.from({ length: 300 }, start);
  for (let n = 0; n < 300; n += 1) {
    await vi.advanceTimersByTimeAsync(100);
    const quick = start();
    quick.respond();
    await quick.done;
  }
  for (const { reject } of slow) reject(fault());
  await Promise.all(slow.map(({ done }) => done));

  expect(circuit.state).toBe("closed");
});

test("the circuit opens after 3 s of refused connections, not earlier, however many there are", async () => {
  const { upstream, circuit, fail } = create();
  upstream.pinged = "reset";
  for (let at = 0; at < 2_900; at += 100) {
    await fail(100);
    expect(circuit.state).toBe("closed");
    await vi.advanceTimersByTimeAsync(100);
  }

  await vi.advanceTimersByTimeAsync(200);
  expect(circuit.state).toBe("open");
});

test("the circuit opens 5.5 s after CloudTower begins to hang, before any call has failed", async () => {
  const { upstream, circuit, start } = create();
  const quick = start();
  quick.respond();
  await quick.done;
  upstream.pinged = "hang";
  const calls = Array.from({ length: 3 }, start);

  await vi.advanceTimersByTimeAsync(5_400);
  expect(circuit.state).toBe("closed");
  await vi.advanceTimersByTimeAsync(200);
  expect(circuit.state).toBe("open");
  const rejected = await start().done;
  expect(rejected).toMatchObject({ code: "UPSTREAM_UNAVAILABLE", failure: { effect: "none", transient: false } });
  for (const { reject } of calls) reject(fault());
});

test("a response during the ping keeps the circuit closed although the ping times out", async () => {
  const { upstream, circuit, start } = create();
  upstream.pinged = "hang";
  const slow = start();
  await vi.advanceTimersByTimeAsync(5_000);
  const quick = start();
  quick.respond();
  await quick.done;

  await vi.advanceTimersByTimeAsync(2_000);
  expect(circuit.state).toBe("closed");
  slow.respond();
});

test("an error that is not a fault does not count, and an idle circuit sends no pings", async () => {
  const { upstream, circuit, start } = create();
  for (let n = 0; n < 50; n += 1) {
    const call = start();
    call.reject(new TowerError(ErrorCode.RateLimited, "refused"));
    await call.done;
  }
  await vi.advanceTimersByTimeAsync(60_000);

  expect([circuit.state, upstream.pings, vi.getTimerCount()]).toEqual(["closed", 0, 0]);
});

test("a probe closes the circuit after the cool-down, and a failed one opens it again", async () => {
  const { upstream, states, circuit, start, fail } = create();
  upstream.pinged = "reset";
  await fail(3);
  await vi.advanceTimersByTimeAsync(3_100);
  expect(states).toEqual(["open"]);

  await vi.advanceTimersByTimeAsync(1_500);
  expect(await start().done).toMatchObject({ failure: { transient: true } });
  await vi.advanceTimersByTimeAsync(0);
  expect(states).toEqual(["open", "half-open", "open"]);

  upstream.pinged = "response";
  expect(await start().done).toMatchObject({ failure: { transient: false } });
  await vi.advanceTimersByTimeAsync(1_500);
  const probe = start();
  await vi.advanceTimersByTimeAsync(100);
  expect(circuit.state).toBe("half-open");
  probe.respond();
  await probe.done;
  expect(states).toEqual(["open", "half-open", "open", "half-open", "closed"]);
});

test.each(["reset", "hang"] as const)(
  "after an outage (pings: %s) of any length, calls succeed within 5 s of the recovery",
  async (pinged) => {
    for (let outageMs = 7_000; outageMs < 15_000; outageMs += 370) {
      const { upstream, circuit } = create();
      const run = (call: () => Promise<void>) => circuit.run(call, true).catch(() => {});
      upstream.pinged = pinged;
      for (let at = 0; at < outageMs; at += 100) {
        for (let n = 0; n < 3; n += 1) void run(() => Promise.reject(fault()));
        await vi.advanceTimersByTimeAsync(100);
      }
      expect(circuit.state).not.toBe("closed");

      upstream.pinged = "response";
      for (let at = 0; at < 5_000 && circuit.state !== "closed"; at += 100) {
        await run(async () => upstream.respond());
        await vi.advanceTimersByTimeAsync(100);
      }
      expect([outageMs, circuit.state]).toEqual([outageMs, "closed"]);
      circuit.dispose();
    }
  },
);

test("a late response to a call from before closes the circuit without a probe", async () => {
  const { upstream, states, start } = create();
  upstream.pinged = "hang";
  const late = start();
  await vi.advanceTimersByTimeAsync(5_600);
  expect(states).toEqual(["open"]);

  late.respond();
  const next = start();
  next.respond();
  await next.done;

  expect(states).toEqual(["open", "closed"]);
});

test("readiness is no while the circuit is open, and a ping for it closes the circuit", async () => {
  const { upstream, circuit, fail } = create();
  upstream.pinged = "reset";
  const signal = new AbortController().signal;
  expect(await circuit.responds(signal)).toBe(false);
  await fail(3);
  await vi.advanceTimersByTimeAsync(3_100);

  upstream.pinged = "response";
  expect([await circuit.responds(signal), circuit.state]).toEqual([false, "open"]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect([await circuit.responds(signal), circuit.state]).toEqual([true, "closed"]);
});

test.each([-1, 1])("setting the wall clock by %i day has no effect", async (days) => {
  const { upstream, circuit, start, fail } = create();
  const setClock = () => vi.setSystemTime(Date.now() + days * 86_400_000);
  const slow = start();
  setClock();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(circuit.state).toBe("closed");
  slow.respond();
  await slow.done;

  upstream.pinged = "reset";
  await fail(3);
  setClock();
  await vi.advanceTimersByTimeAsync(2_900);
  expect(circuit.state).toBe("closed");
  await vi.advanceTimersByTimeAsync(200);
  expect(circuit.state).toBe("open");
  setClock();
  upstream.pinged = "response";
  await vi.advanceTimersByTimeAsync(1_600);
  await start().done;
  await vi.advanceTimersByTimeAsync(0);
  expect(circuit.state).toBe("closed");
});
