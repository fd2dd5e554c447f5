import type { CancelSignal } from "../../kernel/cancellation.js";
import type { UpstreamCaller } from "../client/upstream-client.js";
import { UpstreamError } from "../upstream-error.js";

/** Where a login looks for the user: the fields of CloudTower's login input. */
export interface LoginTarget {
  readonly source: string;
  /** The directory of the user. */
  readonly auth_config_id?: string | undefined;
}

/** Which directory the gateway's user belongs to is not known. `message` is for the operator, without ids. */
export class UnknownDirectory extends Error {
  override readonly name = "UnknownDirectory";
}

/** Ids that the log shows of the directories to choose from. */
const MAX_SHOWN = 10;
/** Statuses of a CloudTower that has no GraphQL API, or one without directories. */
const NOT_THERE: ReadonlySet<number> = new Set([400, 404]);

/**
 * Where to log a user in whose source is configured.
 *
 * Since 3.0, CloudTower knows users of LDAP by the source AUTHN and the id of a directory, which its own clients look up before the login.
 * So does this, unless the id is configured. Older versions know the source LDAP.
 *
 * @param signal ends the calls.
 * @throws UnknownDirectory if CloudTower has no directory of LDAP or several, or does not say.
 * @throws UpstreamError if CloudTower cannot be reached.
 */
export async function loginTarget(
  client: UpstreamCaller,
  { source, authConfigId }: { readonly source: string; readonly authConfigId?: string | undefined },
  signal: CancelSignal,
): Promise<LoginTarget> {
  if (source !== "LDAP") return { source, auth_config_id: authConfigId };
  if (authConfigId !== undefined) return { source: "AUTHN", auth_config_id: authConfigId };
  const ids = await ldapDirectories(client, signal);
  if (ids === undefined) return { source };
  const [id, ...others] = ids;
  if (id === undefined) {
    throw new UnknownDirectory(
      "CloudTower has no directory of type LDAP: check CLOUDTOWER_SOURCE, or set CLOUDTOWER_AUTH_CONFIG_ID.",
    );
  }
  if (others.length === 0) return { source: "AUTHN", auth_config_id: id };
  const cause = new Error(`ids of the directories: ${ids.slice(0, MAX_SHOWN).join(", ")}`);
  const message = `CloudTower has ${ids.length} directories of type LDAP: set CLOUDTOWER_AUTH_CONFIG_ID to the id of one.`;
  throw new UnknownDirectory(message, { cause });
}

/** Ids of the directories of type LDAP; undefined for a CloudTower that has no directories. */
async function ldapDirectories(client: UpstreamCaller, signal: CancelSignal): Promise<readonly string[] | undefined> {
  const body = JSON.stringify({ query: "{authnStrategies{id type}}" });
  const response = await client
    .call({ api: "graphql", endpoint: "authnStrategies", body, signal })
    .catch((error: unknown) => {
      if (error instanceof UpstreamError && !error.failure.fault) return error;
      throw error;
    });
  const list = (response as { data?: { authnStrategies?: unknown } | null } | null)?.data?.authnStrategies;
  if (Array.isArray(list)) {
    const strategies = list as readonly ({ readonly id?: unknown; readonly type?: unknown } | null)[];
    const ids = strategies.flatMap((strategy) => (strategy?.type === "LDAP" ? (strategy.id ?? []) : []));
    return ids.filter((id): id is string => typeof id === "string" && id !== "");
  }
  const status = response instanceof UpstreamError ? response.failure.status : 200;
  if (status === 200 || (status !== undefined && NOT_THERE.has(status))) {
    if (await isBefore3(client, signal)) return undefined;
  }
  const shown = response instanceof UpstreamError && status !== undefined ? ` (HTTP ${status})` : "";
  throw new UnknownDirectory(
    `CloudTower does not list its directories${shown}: if this lasts, set CLOUDTOWER_AUTH_CONFIG_ID.`,
    { cause: response instanceof UpstreamError ? response : undefined },
  );
}

/** Whether CloudTower is older than 3.0: it says so, or is too old to say. */
async function isBefore3(client: UpstreamCaller, signal: CancelSignal): Promise<boolean> {
  try {
    const version = await client.call({ method: "GET", endpoint: "get-version", signal });
    const major = typeof version === "string" ? /^(\d+)\./.exec(version)?.[1] : undefined;
    return major === undefined || Number(major) < 3;
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.failure.fault) throw error;
    return error.failure.status === 404;
  }
}
