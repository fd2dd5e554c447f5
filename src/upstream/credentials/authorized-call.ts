import type { CancelSignal } from "../../kernel/cancellation.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { unlessAborted } from "../../kernel/unless-aborted.js";
import type { UpstreamCall, UpstreamCaller } from "../client/upstream-client.js";
import { UpstreamError } from "../upstream-error.js";
import type { Credential } from "./credential.js";
import { refusedCredential } from "./refused-credential.js";

/** Maximum sends of a call whose tokens are refused: with the known one, with a new one, and if that was revoked in the meantime. */
const MAX_SENDS = 3;

/** How a call is made with a credential. */
interface Authorized {
  readonly client: UpstreamCaller;
  readonly credential: Credential;
  /** Ends the wait for a token. */
  readonly signal: CancelSignal;
}

/**
 * Sends a call with the credential's token, and again with a new one after a 401, which means that CloudTower did nothing.
 *
 * @throws UpstreamError UNAUTHENTICATED only for a client's own token.
 */
export async function authorizedCall(authorized: Authorized, call: UpstreamCall): Promise<unknown> {
  const pending = authorized.credential.token();
  const token = pending instanceof Promise ? await unlessAborted(pending, authorized.signal) : pending;
  if (token === undefined) {
    throw new TowerError(ErrorCode.Unauthenticated, "Authorization is missing: send a CloudTower token.");
  }
  return send(authorized, call, { token, sends: 1 });
}

/** @param sends number of sends of the call, with this one. */
async function send(
  authorized: Authorized,
  call: UpstreamCall,
  { token, sends }: { readonly token: string; readonly sends: number },
): Promise<unknown> {
  const { client, credential, signal } = authorized;
  let refusal: UpstreamError;
  try {
    const response = await client.call(call, token);
    credential.accepted(token);
    return response;
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.failure.status !== 401) throw error;
    refusal = error;
  }
  const newToken = await unlessAborted(credential.renew(token), signal);
  if (newToken === undefined) throw refusal;
  if (sends === MAX_SENDS) throw refusedCredential(refusal);
  return send(authorized, call, { token: newToken, sends: sends + 1 });
}
