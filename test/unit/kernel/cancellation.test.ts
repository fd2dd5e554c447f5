import { describe, expect, test, vi } from "vitest";
import { Cancellation } from "../../../src/kernel/cancellation.js";

describe("a cancellation", () => {
  test("tells its listeners once, with the first reason", () => {
    const cancellation = new Cancellation();
    const listener = vi.fn();
    cancellation.addEventListener("abort", listener);
    expect(cancellation.aborted).toBe(false);
    cancellation.abort("first");
    cancellation.abort("second");
    expect(listener).toHaveBeenCalledTimes(1);
    expect(cancellation).toMatchObject({ aborted: true, reason: "first" });
  });

  test("does not tell a listener that has left", () => {
    const cancellation = new Cancellation();
    const [stays, leaves] = [vi.fn(), vi.fn()];
    for (const listener of [stays, leaves]) cancellation.addEventListener("abort", listener);
    cancellation.removeEventListener("abort", leaves);
    cancellation.abort("over");
    expect(stays).toHaveBeenCalledTimes(1);
    expect(leaves).not.toHaveBeenCalled();
  });

  test("tells nobody who left while the others were told, nor who comes later", () => {
    const cancellation = new Cancellation();
    const [leaves, late] = [vi.fn(), vi.fn()];
    cancellation.addEventListener("abort", () => cancellation.removeEventListener("abort", leaves));
    cancellation.addEventListener("abort", leaves);
    cancellation.abort("over");
    cancellation.addEventListener("abort", late);
    cancellation.abort("again");
    expect(leaves).not.toHaveBeenCalled();
    expect(late).not.toHaveBeenCalled();
  });

  test("tells the others although one of them fails or leaves meanwhile", async () => {
    const thrown = vi.spyOn(globalThis, "queueMicrotask").mockImplementation(() => {});
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
    const [[rethrow] = []] = thrown.mock.calls;
    expect(rethrow).toThrow("from a listener");
    thrown.mockRestore();
  });
});
