/** Loaded into each contender before its own code: on a message, collects garbage and tells how much memory is in use. */
process.on("message", () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
});
// A contender does not outlive the benchmark.
process.on("disconnect", () => process.exit());
// Must not keep the process alive: that is the contender's own affair.
process.channel?.unref();
