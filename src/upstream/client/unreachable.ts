import { isUnavailable, isUntrusted, UpstreamError } from "../upstream-error.js";

/** Reason of a response that CloudTower would not give. */
export const NOT_CLOUDTOWER =
  "Something other than CloudTower responds at CLOUDTOWER_URL: check the host, the port and https in it, and leave its path out.";
/** Reason of such a response if CloudTower responds at its usual path. */
export const WRONG_PATH = "CloudTower's API is not at the path in CLOUDTOWER_URL, but at /v2/api: leave the path out.";

const SILENT = "CloudTower does not respond: check that it runs, and that no firewall on the way drops the connection.";

/** Why a ping did not reach CloudTower and what to do, for the operator. Reveals no address. */
export function unreachableReason(failure: unknown): string {
  if (!(failure instanceof UpstreamError)) return SILENT;
  const { status, cause } = failure.failure;
  if (status !== undefined && isUnavailable(status))
    return `A proxy responds for CloudTower with HTTP ${status}: check CloudTower behind it.`;
  const { code, name } = (cause ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  if (name === "HTTPParserError") return NOT_CLOUDTOWER;
  return typeof code === "string" ? reasonOf(code) : SILENT;
}

/**
 * Whether a call without a credential was answered as CloudTower would: by JSON with a message, or by a refusal of the credential. A 404 says
 * nothing: the call may be unknown to this version of CloudTower, or the path to any.
 */
export function isOfCloudTower(failure: unknown): boolean {
  if (failure === undefined) return true;
  if (!(failure instanceof UpstreamError)) return false;
  const { status, upstreamCode, upstreamMessage } = failure.failure;
  if (status === 404) return false;
  return status === 401 || status === 403 || upstreamCode !== undefined || upstreamMessage !== undefined;
}

/** By the code of the system, OpenSSL or undici. */
function reasonOf(code: string): string {
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "The host name in CLOUDTOWER_URL cannot be resolved: check its spelling, and the DNS of this machine.";
    case "ECONNREFUSED":
      return "The host in CLOUDTOWER_URL refuses the connection, because nothing listens on its port: check the port, and that CloudTower runs.";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "The host in CLOUDTOWER_URL cannot be reached through the network: check routes and firewalls.";
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT":
    case "ETIMEDOUT":
      return SILENT;
    case "UND_ERR_CONNECT_TIMEOUT":
      return "Connecting to CloudTower takes longer than UPSTREAM_CONNECT_TIMEOUT_SECONDS: check the host and the port in CLOUDTOWER_URL, and firewalls.";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return "CloudTower's certificate is for another host name than that in CLOUDTOWER_URL: use a name that it has, as in the log.";
    case "CERT_HAS_EXPIRED":
      return "CloudTower's certificate has expired: renew it in CloudTower.";
  }
  if (isUntrusted(code))
    return "CloudTower's certificate is not trusted: set CLOUDTOWER_CA_FILE to its authority, or to the certificate itself.";
  if (code === "EPROTO" || /TLS|SSL/.test(code))
    return "The TLS handshake with CloudTower fails: check the port in CLOUDTOWER_URL, and whether http is meant instead of https.";
  return "CloudTower closes the connection without a response: check the port in CLOUDTOWER_URL, and whether https is meant instead of http.";
}
