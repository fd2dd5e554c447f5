/**
 * Preloaded into each contender and into each of its threads. On a message, runs a garbage collection and reports the memory in use
 * by all threads.
 */
import { BroadcastChannel, isMainThread } from "node:worker_threads";

/** How long to wait for the other threads, in milliseconds: they may have much to collect. */
const THREADS_MS = 5_000;

const channel = new BroadcastChannel("memory-reporter");
channel.unref();

if (isMainThread) {
  process.on("message", () => {
    let bytes = collectedBytes();
    channel.onmessage = ({ data }: { data: unknown }) => {
      if (typeof data === "number") bytes += data;
    };
    channel.postMessage("collect");
    setTimeout(() => process.send?.(bytes), THREADS_MS);
  });
  // Exit with the benchmark.
  process.on("disconnect", () => process.exit());
  // The channel must not keep the contender alive.
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
