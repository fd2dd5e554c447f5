import "reflect-metadata";
import { writeSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import type { Logger } from "pino";
import { type App, startApp } from "./app.js";
import { isWildcard, localUrl } from "./config/local-url.js";
import { type Config, ConfigError, leaveMs, loadConfig, misspelledSettings } from "./config.js";
import { type AuditLog, openAuditLog } from "./observe/audit-log.js";
import { createLogger } from "./observe/log.js";
import { version } from "./version.js";

/** The serving thread: starts the gateway, prints its address, and does what main.ts requests. */
async function serve(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger(config.logLevel);
  // An unhandled rejection is our bug; log it, but keep serving other clients.
  process.on("unhandledRejection", (error) => logger.error({ err: error }, "unhandled promise rejection"));
  for (const { variable, meant } of misspelledSettings()) {
    logger.warn({ variable }, `There is no setting ${variable}, so it has no effect: is ${meant} meant?`);
  }
  const app = await startApp(config, logger, { audit: auditLogOf(config, logger) });
  followRequests(app, logger, STOP_MS + leaveMs(config));
  announce(app, config, logger);
  // Logs why, if CloudTower cannot be used.
  if (app.simulator === undefined) await app.readiness.problem();
}

/** Time limit of the shutdown, after the gateway has left; after it the thread exits even if something hangs. */
const STOP_MS = 14_000;

/** @throws ConfigError if its file cannot be opened. */
function auditLogOf({ auditLog }: Config, logger: Logger): AuditLog {
  try {
    return openAuditLog(auditLog, logger);
  } catch (error) {
    throw new ConfigError(`AUDIT_LOG must be stdout or a file that can be written: ${(error as Error).message}.`);
  }
}

/** Reads again what may change, or shuts down, when main.ts requests it. */
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

/** Says where the gateway listens: as text to developers, as lines of the log in production. */
function announce(app: App, config: Config, logger: Logger): void {
  const lines = announcement(app, config);
  if (config.nodeEnv === "production") for (const line of lines) logger.info(line.trim());
  else writeSync(1, `${lines.join("\n")}\n`);
}

function announcement({ port, simulator }: App, config: Config): readonly string[] {
  const host = isWildcard(config.host) ? "localhost" : config.host;
  const url = localUrl({ host, port, basePath: config.basePath }, "/graphql");
  const first = `TowerQL ${version} listens on ${url}${config.graphiql ? " (open it in a browser for GraphiQL)" : ""}`;
  if (simulator === undefined) return [first, `CloudTower: ${config.cloudTowerUrl?.origin}`];
  return [
    first,
    "SIMULATED: CLOUDTOWER_URL is not set, so the embedded simulator is used. None of the data is real.",
    "Without an Authorization header you act as its administrator. Other users, to try permissions:",
    ...simulator.users.map(
      ({ username, token, description }) => `  ${username}: Authorization: ${token} (${description})`,
    ),
  ];
}

/** The setting to blame if the system refuses to listen, by error code. */
const LISTEN_FAILURES: Readonly<Record<string, string>> = {
  EADDRINUSE: "PORT is already in use",
  EACCES: "PORT is reserved; choose one above 1023",
  EADDRNOTAVAIL: "HOST is not an address of this machine",
  ENOTFOUND: "HOST is not an address of this machine: unknown name",
};
/** The only one that passes without another setting. */
const TRANSIENT_FAILURE = "EADDRINUSE";

/** Prints why the gateway does not start. Exits with code 2 for a wrong setting, else with 1. */
function failToStart(error: unknown): never {
  const { message, code = "", syscall } = error as NodeJS.ErrnoException;
  const failure = syscall === "listen" || syscall === "getaddrinfo" ? LISTEN_FAILURES[code] : undefined;
  writeSync(2, `${failure === undefined ? message : `${failure} (${message})`}\n`);
  const isSetting = error instanceof ConfigError || (failure !== undefined && code !== TRANSIENT_FAILURE);
  return process.exit(isSetting ? 2 : 1);
}

serve().catch(failToStart);
