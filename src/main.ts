import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import { ConfigError, loadConfig } from "./config.js";

/**
 * Memory for young objects, in MiB. The rows of a large answer live until it is sent: in V8's default of 48 they are copied, and
 * kept too long, once or twice for each answer.
 */
const YOUNG_GENERATION_MIB = 96;

/** A terminal and npm both pass Ctrl-C on: a signal that comes so soon after the first is the same one, in milliseconds. */
const SAME_SIGNAL_MS = 100;

/** After this time the process ends, whatever the thread does. It is later than the thread's own limit. */
const STOP_MS = 14_500;

/**
 * The process: checks the settings, runs the gateway in a thread of its own, and passes signals on to it.
 *
 * The thread is there because only a thread's memory can be sized by the program itself; see docs/decisions/serving-thread.md.
 */
function main(): void {
  checkSettings();
  const maxOldGenerationSizeMb = Math.floor(getHeapStatistics().heap_size_limit / 1024 / 1024);
  const thread = new Worker(new URL("./serve.js", import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB, maxOldGenerationSizeMb },
  });
  thread.once("error", (error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    process.exit(1);
  });
  thread.once("exit", (code) => process.exit(code));
  const stop = passOn(thread);
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

/** The first signal ends the gateway in order, a second one at once. */
function passOn(thread: Worker): () => void {
  let asked: number | undefined;
  return () => {
    if (asked === undefined) {
      asked = performance.now();
      thread.postMessage("stop");
      // A thread that cannot even listen is not waited for.
      setTimeout(() => process.exit(0), STOP_MS).unref();
    } else if (performance.now() - asked > SAME_SIGNAL_MS) {
      process.exit(1);
    }
  };
}

function checkSettings(): void {
  try {
    loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

main();
