import { vi } from "vitest";
import { unlessAborted } from "../../../src/kernel/unless-aborted.js";
import type { UpstreamCall } from "../../../src/upstream/client/upstream-client.js";
import { authorizedCall } from "../../../src/upstream/credentials/authorized-call.js";
import { type ServiceAccount, ServiceCredential } from "../../../src/upstream/credentials/service-credential.js";
import { failureOfStatus, failureOfTransport, UpstreamError } from "../../../src/upstream/upstream-error.js";

/** What happens to a call of the login. */
export type Login = (call: UpstreamCall) => Promise<unknown>;

/** A CloudTower with one token per login and one directory of LDAP; `login` is what happens to logins. Needs fake timers. */
export function tower(account: Partial<ServiceAccount> = { username: "backup" }) {
  const state = { logins: 0, calls: 0, valid: new Set<string>(), reasons: [] as (string | undefined)[] };
  const accept: Login = async () => {
    const token = `token-${state.logins}`;
    state.valid.add(token);
    return { data: { token } };
  };
  const listDirectories: Login = async () => ({ data: { authnStrategies: [{ id: "ldap-1", type: "LDAP" }] } });
  const getVersion: Login = async () => "4.6.0";
  const bodies: unknown[] = [];
  const world = { ...state, login: accept, accept, listDirectories, getVersion, bodies };
  const client = {
    async call(call: UpstreamCall, token = ""): Promise<unknown> {
      const until = (result: Promise<unknown>) =>
        call.signal === undefined ? result : unlessAborted(result, call.signal);
      if (call.endpoint === "login") {
        world.logins += 1;
        state.logins = world.logins;
        world.bodies.push(JSON.parse(call.body ?? ""));
        return until(world.login(call));
      }
      if (call.endpoint === "authnStrategies") return until(world.listDirectories(call));
      if (call.endpoint === "get-version") return until(world.getVersion(call));
      world.calls += 1;
      // A header cannot carry it: such a call never leaves.
      if (/[^\x20-\x7e]/.test(token)) {
        const cause = Object.assign(new Error("invalid header"), { code: "UND_ERR_INVALID_ARG" });
        throw new UpstreamError(call.endpoint, failureOfTransport(cause, "none"));
      }
      if (!world.valid.has(token)) throw new UpstreamError(call.endpoint, failureOfStatus(401, "", {}));
      return "rows";
    },
  };
  const credential = new ServiceCredential(
    client,
    { source: "LOCAL", password: "secret-password", ...account },
    { credentialChanged: (problem) => void world.reasons.push(problem?.reason) },
  );
  const query = () => {
    const { signal } = new AbortController();
    return authorizedCall({ client, credential, signal }, { endpoint: "get-vms" }).catch((error: Error) => error);
  };
  const problem = () => credential.problem(new AbortController().signal);
  /** Resolves with the outcomes of queries, moving the clock until there are any. */
  const queries = async (count: number) => {
    const outcomes = Promise.all(Array.from({ length: count }, query));
    await vi.advanceTimersByTimeAsync(8_000);
    return outcomes;
  };
  return { world, problem, queries, query };
}
