import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import { type Config, ConfigError, leaveMs, loadConfig } from "./config.js";

/**
 * Memory for young objects, in MiB. The rows of a large response live until it is sent: with V8's default of 48 they are copied, and
 * kept too long, once or twice per response.
 */
const YOUNG_GENERATION_MIB = 96;

/** A terminal and npm both forward Ctrl-C: a signal within this time of the first is the same one. */
const SAME_SIGNAL_MS = 100;

/** Time limit of the shutdown, after the gateway has left; after it the process exits even if the thread hangs. Longer than the thread's own limit. */
const STOP_MS = 14_500;

/**
 * The process: checks the settings, runs the gateway in a worker thread, and forwards signals to it.
 *
 * It is a thread because a program can set the memory sizes only of its threads; see docs/decisions/serving-thread.md.
 */
function main(): void {
  const config = checkedSettings();
  const maxOldGenerationSizeMb = Math.floor(getHeapStatistics().heap_size_limit / 1024 / 1024);
  const thread = new Worker(new URL("./serve.js", import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB, maxOldGenerationSizeMb },
  });
  thread.once("error", (error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    process.exit(1);
  });
  thread.once("exit", (code) => process.exit(code));
  const stop = forwardSignals(thread, STOP_MS + leaveMs(config));
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // If there is nothing to read or to open again, a closed terminal ends the process.
  if (hasFilesToReload(config)) process.on("SIGHUP", () => thread.postMessage("reload"));
}

function hasFilesToReload({ clientsFile, webhooksFile, auditLog }: Config): boolean {
  return clientsFile !== undefined || webhooksFile !== undefined || auditLog !== "stdout";
}

/** The first signal stops the gateway in order; a second one exits immediately. */
function forwardSignals(thread: Worker, limitMs: number): () => void {
  let requestedAt: number | undefined;
  return () => {
    if (requestedAt === undefined) {
      requestedAt = performance.now();
      thread.postMessage("stop");
      // Do not wait for a thread that no longer handles messages.
      setTimeout(() => process.exit(0), limitMs).unref();
    } else if (performance.now() - requestedAt > SAME_SIGNAL_MS) {
      process.exit(1);
    }
  };
}

function checkedSettings(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(2);
  }
}

main();
