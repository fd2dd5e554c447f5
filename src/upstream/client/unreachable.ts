import { isUnavailable, isUntrusted, UpstreamError } from "../upstream-error.js";

/** Reason of a response that CloudTower would not give. */
export const NOT_CLOUDTOWER = "Something other than CloudTower responds at CLOUDTOWER_URL.";

const SILENT = "CloudTower does not respond.";

/** Why a ping did not reach CloudTower, for the operator. Reveals no address. */
export function unreachableReason(failure: unknown): string {
  if (!(failure instanceof UpstreamError)) return SILENT;
  const { status, cause } = failure.failure;
  if (status !== undefined && isUnavailable(status)) return `A proxy responds for CloudTower: HTTP ${status}.`;
  const { code, name } = (cause ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  if (name === "HTTPParserError") return NOT_CLOUDTOWER;
  return typeof code === "string" ? reasonOf(code) : SILENT;
}

/** Whether a call without a credential was answered as CloudTower would: by JSON with a message, or by a refusal of the credential. */
export function isOfCloudTower(failure: unknown): boolean {
  if (failure === undefined) return true;
  if (!(failure instanceof UpstreamError)) return false;
  const { status, upstreamCode, upstreamMessage } = failure.failure;
  return status === 401 || status === 403 || upstreamCode !== undefined || upstreamMessage !== undefined;
}

/** By the code of the system, OpenSSL or undici. */
function reasonOf(code: string): string {
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "The host name in CLOUDTOWER_URL cannot be resolved.";
    case "ECONNREFUSED":
      return "The host in CLOUDTOWER_URL refuses the connection: nothing listens on its port.";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "The host in CLOUDTOWER_URL cannot be reached through the network.";
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT":
    case "ETIMEDOUT":
      return SILENT;
    case "UND_ERR_CONNECT_TIMEOUT":
      return "Connecting to CloudTower takes longer than UPSTREAM_CONNECT_TIMEOUT_SECONDS.";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return "CloudTower's certificate is for another host name than that in CLOUDTOWER_URL.";
    case "CERT_HAS_EXPIRED":
      return "CloudTower's certificate has expired.";
  }
  if (isUntrusted(code)) return "CloudTower's certificate is not trusted: set CLOUDTOWER_CA_FILE.";
  if (code === "EPROTO" || /TLS|SSL/.test(code))
    return "The TLS handshake with CloudTower fails: check https in CLOUDTOWER_URL.";
  return "CloudTower closes the connection without a response.";
}
