import { createClient, type TowerQLClient } from "@towerql/client";
import type { Command } from "commander";
import { Interrupted, UsageError } from "./failures.js";
import { loadSettings } from "./settings.js";

/** What every command works with. */
export interface Session {
  readonly client: TowerQLClient;
  /** Whether to print JSON. */
  readonly json: boolean;
  /** Aborted by the interrupt key. */
  readonly signal: AbortSignal;
  /**
   * Sends a mutation with `variables` and `$maxWaitSeconds`, and waits for its response so much longer.
   *
   * @param maxWaitSeconds how long the gateway waits for a lock.
   */
  mutateLocked<Data>(mutation: string, variables: object, maxWaitSeconds: number): Promise<Data>;
  /** Id of a VM that is given by its name or its id. */
  vmId(vm: string): Promise<string>;
}

/** Options that every command has. */
interface GlobalOptions {
  readonly url?: string;
  readonly json?: boolean;
}

/** The session of a command, from its options, the environment and what was stored, in this order. */
export function sessionOf(command: Command): Session {
  const { url: given, json = false } = command.optsWithGlobals<GlobalOptions>();
  const stored = loadSettings();
  const url = given ?? process.env.TOWERQL_URL ?? stored.url ?? "http://localhost:4000/graphql";
  if (!URL.canParse(url))
    throw new UsageError(`"${url}" is no address of a gateway, such as https://towerql.example/graphql`);
  // A token is for the gateway that it was stored for.
  const token = process.env.TOWERQL_TOKEN ?? (stored.url === url ? stored.token : undefined);
  const client = createClient({ url, patienceSeconds: 60, ...(token && { token }) });
  const interruption = new AbortController();
  const { signal } = interruption;
  process.once("SIGINT", () => interruption.abort(new Interrupted()));
  return {
    client,
    json,
    signal,
    mutateLocked: (mutation, variables, maxWaitSeconds) =>
      client.mutate(mutation, { ...variables, maxWaitSeconds }, { signal, waitSeconds: maxWaitSeconds }),
    async vmId(vm) {
      return /^Vm:/.test(vm) ? vm : (await client.findVm(vm, { signal })).id;
    },
  };
}
