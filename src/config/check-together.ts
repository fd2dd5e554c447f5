import { quote } from "../kernel/text/global-id.js";
import { ConfigError } from "./read-setting.js";
import type { Config } from "./settings.js";

/** The protocol by which traces are exported. */
const PROTOCOL = "http/json";

/** Checks the settings against each other. @throws ConfigError for the first contradiction. */
export function checkTogether(config: Config): void {
  checkSource(config);
  checkBounds(config);
  checkTraces(config);
  checkMcp(config);
  checkWebhooks(config);
  checkReaper(config);
  if (config.authMode === "service") checkService(config);
  else checkForward(config);
}

/** Whether CloudTower is a real one or the simulator. */
function checkSource({ cloudTowerUrl, nodeEnv, simulator }: Config): void {
  if (cloudTowerUrl === undefined && nodeEnv === "production" && !simulator) {
    throw new ConfigError(
      "CLOUDTOWER_URL is required with NODE_ENV=production. For simulated data, set SIMULATOR=1 instead.",
    );
  }
  if (cloudTowerUrl !== undefined && simulator) {
    throw new ConfigError("SIMULATOR must be off if CLOUDTOWER_URL is set. Unset one of them.");
  }
}

function checkBounds({ defaultPageSize, maxPageSize, eventsOverlapSeconds, eventsSweepSeconds }: Config): void {
  if (defaultPageSize > maxPageSize) {
    throw new ConfigError(`DEFAULT_PAGE_SIZE must be at most MAX_PAGE_SIZE (${maxPageSize}), got ${defaultPageSize}.`);
  }
  if (eventsOverlapSeconds > eventsSweepSeconds) {
    throw new ConfigError(
      `EVENTS_OVERLAP_SECONDS must be at most EVENTS_SWEEP_SECONDS (${eventsSweepSeconds}), got ${eventsOverlapSeconds}.`,
    );
  }
}

/** In service mode the gateway has an account of its own, and clients have keys of the gateway. */
function checkService(config: Config): void {
  const { apiKeys, clientsFile, allowAnonymous, cloudTowerUrl, username, password, token, source, authConfigId } =
    config;
  if (!apiKeys?.length && clientsFile === undefined && !allowAnonymous) {
    throw new ConfigError(
      "API_KEYS must have at least one key with AUTH_MODE=service, or CLIENTS_FILE must be set. To serve everyone, set ALLOW_ANONYMOUS=true instead.",
    );
  }
  if (cloudTowerUrl === undefined) return;
  if (username !== undefined && source === "AUTHN" && authConfigId === undefined) {
    throw new ConfigError(
      "CLOUDTOWER_AUTH_CONFIG_ID must be set with CLOUDTOWER_SOURCE=AUTHN. For a directory of LDAP, set CLOUDTOWER_SOURCE=LDAP instead: the gateway then looks it up.",
    );
  }
  if (token === undefined && (username === undefined || password === undefined)) {
    throw new ConfigError(
      "CLOUDTOWER_TOKEN, or CLOUDTOWER_USERNAME and CLOUDTOWER_PASSWORD, must be set with AUTH_MODE=service.",
    );
  }
}

/** Keys and accounts without service mode protect nothing and log nobody in, although their operator believes so. */
function checkForward({ apiKeys, clientsFile, token, username, password, allowAnonymous }: Config): void {
  const unused = {
    ...{ API_KEYS: apiKeys !== undefined, CLIENTS_FILE: clientsFile !== undefined, ALLOW_ANONYMOUS: allowAnonymous },
    CLOUDTOWER_TOKEN: token !== undefined,
    ...{ CLOUDTOWER_USERNAME: username !== undefined, CLOUDTOWER_PASSWORD: password !== undefined },
  };
  for (const [variable, isSet] of Object.entries(unused)) {
    if (!isSet) continue;
    throw new ConfigError(
      `${variable} must be unset unless AUTH_MODE=service: with AUTH_MODE=forward, each client sends its own CloudTower token.`,
    );
  }
}

/** The platform may set the protocol for all of its programs. */
function checkTraces({ otlpEndpoint, otlpTracesEndpoint, otlpProtocol = PROTOCOL, tracesExporter }: Config): void {
  if ((otlpEndpoint ?? otlpTracesEndpoint) === undefined || tracesExporter === "none" || otlpProtocol === PROTOCOL)
    return;
  throw new ConfigError(
    `OTEL_EXPORTER_OTLP_PROTOCOL must be ${PROTOCOL}, which every collector accepts at its port for HTTP, got ${quote(otlpProtocol)}.`,
  );
}

function checkMcp({ mcp, mcpWrites, readOnly }: Config): void {
  if (!mcpWrites) return;
  if (!mcp) throw new ConfigError("MCP must be on if MCP_WRITES is: without it, agents are not served.");
  if (readOnly)
    throw new ConfigError("MCP_WRITES must be off with READ_ONLY, which removes all writes. Unset one of them.");
}

/** The reaper acts for the gateway's own account, and what it may delete must have been said. */
function checkReaper({ reaper, reaperNamePrefix, authMode, readOnly }: Config): void {
  if (reaper === "off") return;
  if (authMode !== "service") {
    throw new ConfigError(
      "REAPER must be off unless AUTH_MODE=service: it reads and deletes snapshots with the gateway's own account.",
    );
  }
  if (reaper === "report") return;
  if (reaperNamePrefix === undefined) {
    throw new ConfigError(
      "REAPER_NAME_PREFIX must be set with REAPER=delete: anyone who may label a snapshot could have it deleted otherwise.",
    );
  }
  if (readOnly) throw new ConfigError("REAPER must be off or report with READ_ONLY: it would delete snapshots.");
}

/** Webhooks act for the gateway's own account, which there is only in service mode. */
function checkWebhooks({ authMode, webhooksFile, stateDir, redis }: Config): void {
  if (webhooksFile === undefined) return;
  if (authMode !== "service") {
    throw new ConfigError(
      "WEBHOOKS_FILE must be unset unless AUTH_MODE=service: webhooks read their events with the gateway's own account.",
    );
  }
  if (stateDir === undefined && redis === undefined) {
    throw new ConfigError(
      "STATE_DIR or REDIS_URL must be set with WEBHOOKS_FILE: without either, events would be lost or repeated after a restart.",
    );
  }
  if (stateDir !== undefined && redis !== undefined) {
    throw new ConfigError(
      "STATE_DIR must be unset with REDIS_URL: Redis has the states of webhooks then, and each begins with new events. To deliver what a directory's state has left, run a gateway without REDIS_URL first.",
    );
  }
}
