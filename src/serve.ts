import "reflect-metadata";
import { writeSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import type { Logger } from "pino";
import { type App, startApp } from "./app.js";
import { type Config, loadConfig } from "./config.js";
import { createLogger } from "./observe/log.js";
import { version } from "./version.js";

/** The serving thread: starts the gateway, says where, and stops when main.ts asks for it. */
async function serve(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger(config.logLevel);
  // One that was forgotten is a mistake of ours, and no reason to leave everybody else without an answer.
  process.on("unhandledRejection", (error) => logger.error({ err: error }, "a rejection that nobody waited for"));
  const app = await startApp(config, logger);
  stopWhenAsked(app, logger);
  announce(app, config);
  if (app.simulator === undefined && !(await app.upstream.isResponding())) {
    logger.warn("CloudTower does not answer; queries fail with UPSTREAM_UNAVAILABLE until it does");
  }
}

/** The shutdown ends after this time, whatever hangs. */
const STOP_MS = 14_000;

/** Ends the thread in order, with code 0 where all went well. */
function stopWhenAsked(app: App, logger: Logger): void {
  parentPort?.once("message", () => {
    setTimeout(() => {
      logger.warn("the shutdown took too long and is cut short");
      process.exit(0);
    }, STOP_MS).unref();
    app.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, "the shutdown failed");
        process.exit(1);
      },
    );
  });
}

function announce({ port, simulator }: App, config: Config): void {
  const host = config.host === "0.0.0.0" || config.host === "::" ? "localhost" : config.host;
  const lines = [`TowerQL ${version} listens on http://${host}:${port}/graphql (GraphiQL opens there in a browser)`];
  if (simulator === undefined) {
    lines.push(`CloudTower: ${config.cloudTowerUrl?.origin}`);
  } else {
    lines.push(
      "SIMULATED: no CLOUDTOWER_URL is set, so an embedded simulator answers. None of the data is real.",
      "Without an Authorization header you act as its administrator. Other users, for trying permissions:",
      ...simulator.users.map(
        ({ username, token, description }) => `  ${username}: Authorization: ${token} (${description})`,
      ),
    );
  }
  writeSync(1, `${lines.join("\n")}\n`);
}

/** What is wrong with the settings where the system refuses to listen. */
const LISTEN_FAILURES: Readonly<Record<string, string>> = {
  EADDRINUSE: "PORT: expected a free port, got one that is in use",
  EACCES: "PORT: expected a port that this user may listen on, got one that is reserved",
  EADDRNOTAVAIL: "HOST: expected an address of this machine, got another one",
  ENOTFOUND: "HOST: expected an address of this machine, got a name that is not known",
};

serve().catch((error: unknown) => {
  const { message, code, syscall } = error as NodeJS.ErrnoException;
  const failure = syscall === "listen" || syscall === "getaddrinfo" ? LISTEN_FAILURES[code ?? ""] : undefined;
  writeSync(2, `${failure === undefined ? message : `${failure} (${message})`}\n`);
  process.exit(1);
});
