import { describe, expect, test, vi } from "vitest";
import { Cancellation, onAbort } from "../../../src/kernel/cancellation.js";

describe("a cancellation", () => {
  test("calls its listeners once, with the first reason", () => {
    const cancellation = new Cancellation();
    const listener = vi.fn();
    cancellation.addEventListener("abort", listener);
    expect(cancellation.aborted).toBe(false);
    cancellation.abort("first");
    cancellation.abort("second");
    expect(listener).toHaveBeenCalledTimes(1);
    expect(cancellation).toMatchObject({ aborted: true, reason: "first" });
  });

  test("does not call a listener that was removed", () => {
    const cancellation = new Cancellation();
    const [kept, removed] = [vi.fn(), vi.fn()];
    for (const listener of [kept, removed]) cancellation.addEventListener("abort", listener);
    cancellation.removeEventListener("abort", removed);
    cancellation.abort("over");
    expect(kept).toHaveBeenCalledTimes(1);
    expect(removed).not.toHaveBeenCalled();
  });

  test("does not call a listener that another one removed, nor one added after the abort", () => {
    const cancellation = new Cancellation();
    const [removed, late] = [vi.fn(), vi.fn()];
    cancellation.addEventListener("abort", () => cancellation.removeEventListener("abort", removed));
    cancellation.addEventListener("abort", removed);
    cancellation.abort("over");
    cancellation.addEventListener("abort", late);
    cancellation.abort("again");
    expect(removed).not.toHaveBeenCalled();
    expect(late).not.toHaveBeenCalled();
  });

  test("calls the remaining listeners when one throws or removes itself", async () => {
    const queued = vi.spyOn(globalThis, "queueMicrotask").mockImplementation(() => {});
    const cancellation = new Cancellation();
    const last = vi.fn();
    const failing = () => {
      cancellation.removeEventListener("abort", failing);
      throw new Error("from a listener");
    };
    cancellation.addEventListener("abort", failing);
    cancellation.addEventListener("abort", last);
    cancellation.abort("over");
    expect(last).toHaveBeenCalledTimes(1);
    const [[rethrow] = []] = queued.mock.calls;
    expect(rethrow).toThrow("from a listener");
    queued.mockRestore();
  });
});

describe.each([
  ["a cancellation", () => new Cancellation()],
  ["an AbortController's signal", () => signalWithAbort(new AbortController())],
])("onAbort with %s", (_, create) => {
  test("calls the listener once when the signal aborts", () => {
    const signal = create();
    const listener = vi.fn();
    onAbort(signal, listener);
    expect(listener).not.toHaveBeenCalled();
    signal.abort("over");
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test("calls the listener immediately if the signal has already aborted", () => {
    const signal = create();
    signal.abort("over");
    const listener = vi.fn();
    onAbort(signal, listener)();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test("does not call a listener that was removed", () => {
    const signal = create();
    const listener = vi.fn();
    const remove = onAbort(signal, listener);
    remove();
    remove();
    signal.abort("over");
    expect(listener).not.toHaveBeenCalled();
  });
});

function signalWithAbort(controller: AbortController): AbortSignal & { abort(reason: unknown): void } {
  return Object.assign(controller.signal, { abort: (reason: unknown) => controller.abort(reason) });
}
