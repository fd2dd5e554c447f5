import "reflect-metadata";
import { writeSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import type { Logger } from "pino";
import { type App, startApp } from "./app.js";
import { isWildcard, localUrl } from "./config/local-url.js";
import { type Config, ConfigError, leaveMs, loadConfig } from "./config.js";
import { createLogger } from "./observe/log.js";
import { version } from "./version.js";

/** The serving thread: starts the gateway, prints its address, and does what main.ts requests. */
async function serve(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger(config.logLevel);
  // An unhandled rejection is our bug; log it, but keep serving other clients.
  process.on("unhandledRejection", (error) => logger.error({ err: error }, "unhandled promise rejection"));
  const app = await startApp(config, logger);
  followRequests(app, logger, STOP_MS + leaveMs(config));
  announce(app, config);
  // Logs why, if CloudTower cannot be used.
  if (app.simulator === undefined) await app.readiness.problem();
}

/** Time limit of the shutdown, after the gateway has left; after it the thread exits even if something hangs. */
const STOP_MS = 14_000;

/** Reads the webhooks again, or shuts down, when main.ts requests it. */
function followRequests(app: App, logger: Logger, limitMs: number): void {
  parentPort?.on("message", (request: "reload" | "stop") => {
    if (request === "reload") void app.reload();
    else stop(app, logger, limitMs);
  });
}

/** Shuts down in order. Exits with code 1 if the shutdown fails. */
function stop(app: App, logger: Logger, limitMs: number): void {
  setTimeout(() => {
    logger.warn("shutdown timed out; exiting");
    process.exit(0);
  }, limitMs).unref();
  app.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      logger.error({ err: error }, "shutdown failed");
      process.exit(1);
    },
  );
}

function announce({ port, simulator }: App, config: Config): void {
  const host = isWildcard(config.host) ? "localhost" : config.host;
  const url = localUrl({ host, port, basePath: config.basePath }, "/graphql");
  const lines = [
    `TowerQL ${version} listens on ${url}${config.graphiql ? " (open it in a browser for GraphiQL)" : ""}`,
  ];
  if (simulator === undefined) {
    lines.push(`CloudTower: ${config.cloudTowerUrl?.origin}`);
  } else {
    lines.push(
      "SIMULATED: CLOUDTOWER_URL is not set, so the embedded simulator is used. None of the data is real.",
      "Without an Authorization header you act as its administrator. Other users, to try permissions:",
      ...simulator.users.map(
        ({ username, token, description }) => `  ${username}: Authorization: ${token} (${description})`,
      ),
    );
  }
  writeSync(1, `${lines.join("\n")}\n`);
}

/** The setting to blame if the system refuses to listen, by error code. */
const LISTEN_FAILURES: Readonly<Record<string, string>> = {
  EADDRINUSE: "PORT is already in use",
  EACCES: "PORT is reserved; choose one above 1023",
  EADDRNOTAVAIL: "HOST is not an address of this machine",
  ENOTFOUND: "HOST is not an address of this machine: unknown name",
};

serve().catch((error: unknown) => {
  const { message, code, syscall } = error as NodeJS.ErrnoException;
  const failure = syscall === "listen" || syscall === "getaddrinfo" ? LISTEN_FAILURES[code ?? ""] : undefined;
  writeSync(2, `${failure === undefined ? message : `${failure} (${message})`}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
});
