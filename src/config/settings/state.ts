import { certificates, integer, oneOf, text } from "../parsers.js";
import { keyPrefix, redisUrl } from "../redis-url.js";
import { optional, setting } from "../setting.js";

/** What outlives an operation: what several gateways share, webhooks, and the reaper. */
export const stateSettings = {
  redis: optional(
    "REDIS_URL",
    redisUrl,
    "URL of the Redis or Valkey by which several gateways behave as one: `redis://[user:password@]host[:port][/database]`, `rediss://` for TLS, `redis+sentinel://host[:port],.../name`, `redis+cluster://host[:port],...`. If empty, everything stays in the process: run only one.",
    true,
  ),
  redisCa: optional("REDIS_CA_FILE", certificates, "PEM file of the authority that signed Redis' certificate."),
  redisPrefix: setting(
    "REDIS_PREFIX",
    keyPrefix,
    "towerql:",
    "Prefix of each key in Redis, of letters, digits and `-_.:`; the same for all gateways that behave as one.",
  ),
  reaper: setting(
    "REAPER",
    oneOf("off", "report", "delete"),
    "off",
    "What to do with snapshots whose leases have expired: `report` logs which ones `delete` would delete. Needs AUTH_MODE=service.",
  ),
  reaperNamePrefix: optional(
    "REAPER_NAME_PREFIX",
    text,
    "Only snapshots whose names begin with this are deleted or reported. Required with REAPER=delete.",
  ),
  reaperGraceHours: setting(
    "REAPER_GRACE_HOURS",
    integer(1, 8760),
    "24",
    "How long the gateway must have known that a lease has expired before it deletes the snapshot, in hours; for the reaper and deleteExpiredSnapshots.",
  ),
  webhooksFile: optional(
    "WEBHOOKS_FILE",
    text,
    "JSON file that defines webhooks; read again on SIGHUP. Needs AUTH_MODE=service, and STATE_DIR or REDIS_URL.",
  ),
  stateDir: optional(
    "STATE_DIR",
    text,
    "Directory in which the gateway keeps how far webhooks were delivered; for one gateway alone. With REDIS_URL, Redis has it.",
  ),
} as const;
