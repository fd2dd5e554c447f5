/**
 * Loaded into each contender before its own code, and into each thread that it starts: on a message, collects garbage and tells how
 * much memory is in use in all threads together.
 */
import { BroadcastChannel, isMainThread } from "node:worker_threads";

/** How long the other threads have to answer. */
const ANSWER_MS = 1_000;

const channel = new BroadcastChannel("memory-reporter");
channel.unref();

if (isMainThread) {
  process.on("message", () => {
    let bytes = collectedBytes();
    channel.onmessage = ({ data }: { data: unknown }) => {
      if (typeof data === "number") bytes += data;
    };
    channel.postMessage("collect");
    setTimeout(() => process.send?.(bytes), ANSWER_MS);
  });
  // A contender does not outlive the benchmark.
  process.on("disconnect", () => process.exit());
  // Must not keep the process alive: that is the contender's own affair.
  process.channel?.unref();
} else {
  channel.onmessage = ({ data }: { data: unknown }) => {
    if (data === "collect") channel.postMessage(collectedBytes());
  };
}

function collectedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
