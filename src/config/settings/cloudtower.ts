import { certificates, flag, headerValue, httpUrl, integer, keys, oneOf, text } from "../parsers.js";
import { optional, setting } from "../setting.js";
import { upstreamHeaders } from "../upstream-headers.js";

/** CloudTower, and the accounts and keys by which it is used. */
export const cloudtowerSettings = {
  cloudTowerUrl: optional(
    "CLOUDTOWER_URL",
    httpUrl,
    "URL of CloudTower, with or without `/v2/api`. If empty, the embedded simulator is used.",
  ),
  simulator: setting("SIMULATOR", flag, "false", "Use the embedded simulator even with NODE_ENV=production."),
  simulatorVms: setting("SIMULATOR_VMS", integer(0, 100_000), "40", "Number of VMs in the embedded simulator."),
  authMode: setting(
    "AUTH_MODE",
    oneOf("forward", "service"),
    "forward",
    "`forward` sends each client's own token to CloudTower; `service` sends the gateway's own.",
  ),
  apiKeys: optional(
    "API_KEYS",
    keys,
    "API keys of the clients in service mode with the role `admin`, separated by commas.",
    true,
  ),
  clientsFile: optional(
    "CLIENTS_FILE",
    text,
    "JSON file of the clients in service mode, with their roles and the hashes of their API keys; read again on SIGHUP.",
  ),
  allowAnonymous: setting(
    "ALLOW_ANONYMOUS",
    flag,
    "false",
    "In service mode, serve clients without an API key. Anyone who can reach the gateway then acts as its user.",
  ),
  token: optional("CLOUDTOWER_TOKEN", headerValue, "CloudTower token of the gateway in service mode.", true),
  username: optional(
    "CLOUDTOWER_USERNAME",
    text,
    "CloudTower user of the gateway in service mode, instead of a token or to replace an expired one.",
  ),
  password: optional("CLOUDTOWER_PASSWORD", text, "Password of that user.", true),
  source: setting(
    "CLOUDTOWER_SOURCE",
    oneOf("LOCAL", "LDAP", "AUTHN", "SSO"),
    "LOCAL",
    "User source of that user: `LOCAL`, `LDAP`, `AUTHN` or `SSO`. With LDAP, the gateway looks the directory up, unless its id is set.",
  ),
  authConfigId: optional(
    "CLOUDTOWER_AUTH_CONFIG_ID",
    text,
    "Id of the directory that user belongs to. Required for AUTHN, and for LDAP if CloudTower has several directories.",
  ),
  ca: optional("CLOUDTOWER_CA_FILE", certificates, "PEM file of the authority that signed CloudTower's certificate."),
  insecure: setting("CLOUDTOWER_INSECURE", flag, "false", "Accept any certificate from CloudTower. Dangerous."),
  upstreamHeaders: optional(
    "UPSTREAM_HEADERS",
    upstreamHeaders,
    "Further headers of each call to CloudTower, as `name: value`, separated by commas, e.g. `x-bypass-whitelist: 1`.",
    true,
  ),
} as const;
