import type { Logger } from "pino";
import { type Config, ConfigError } from "../config.js";
import { ApiClients } from "../http/admission/api-clients.js";

/** The clients of service mode, by their keys. @throws ConfigError if their file has a mistake. */
export function createClients({ apiKeys = [], clientsFile }: Config, logger: Logger): ApiClients {
  try {
    return new ApiClients({ keys: apiKeys, path: clientsFile, logger });
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
}
