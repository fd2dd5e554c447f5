import type { Exchange } from "../../../src/simulator/http/exchange.js";
import { type Contract, loadContract } from "../../support/openapi.js";

/** Checks every exchange between a gateway and its simulator, and remembers what was wrong until the test ends. */
export interface ContractWatch {
  /**
   * To be given to the simulator as its `onExchange`. Never throws: the call in progress must not notice. Of an exchange that is
   * marked as spoiled, only the request is checked: a fault made the answer.
   */
  readonly onExchange: (exchange: Exchange & { readonly spoiled?: boolean }) => void;
  /** What was wrong so far; the same problem is listed once. Always empty where the contract document is absent. */
  readonly problems: readonly string[];
  /** From now on only requests are checked: for a test that makes the simulator's data wrong, or plays another version. */
  ignoreAnswers(): void;
  /** Fails the test with all problems. Forgets them, so that one test does not fail the next. */
  verify(): void;
}

/**
 * Watches one simulator for the length of a test. Use it in the fixture that starts the simulator:
 *
 *     const watch = watchContract();
 *     const simulator = await startSimulator({ onExchange: watch.onExchange });
 *     // ... and when the test ends:
 *     watch.verify();
 */
export function watchContract(contract: Contract | null = sharedContract()): ContractWatch {
  const problems = new Set<string>();
  let requestOnly = false;
  return {
    onExchange(exchange) {
      const part = { requestOnly: requestOnly || exchange.spoiled === true };
      try {
        for (const problem of contract?.check(exchange, part) ?? []) problems.add(problem);
        for (const problem of unboundedWrite(exchange)) problems.add(problem);
      } catch (error) {
        problems.add(`${exchange.method} ${exchange.path}: could not be checked: ${error}`);
      }
    },
    get problems() {
      return [...problems];
    },
    ignoreAnswers() {
      requestOnly = true;
    },
    verify() {
      const found = [...problems];
      problems.clear();
      if (found.length > 0) throw new Error(`violations of the CloudTower contract:\n  ${found.join("\n  ")}`);
    },
  };
}

let shared: Contract | null | undefined;

/** The document is read and its schemas are compiled once for a test file, not once for each of its tests. */
function sharedContract(): Contract | null {
  if (shared === undefined) shared = loadContract();
  return shared;
}

/** The contract allows a write with an empty `where`, which then hits every object there is. Ours must name their targets. */
function unboundedWrite({ endpoint, method, requestBody }: Exchange): string[] {
  if (endpoint.startsWith("get-") || typeof requestBody !== "object" || requestBody === null) return [];
  if (!("where" in requestBody)) return [];
  const { id, id_in: ids, ...others } = (requestBody.where ?? {}) as Record<string, unknown>;
  const named = (typeof id === "string" && id !== "") || (Array.isArray(ids) && ids.length > 0);
  if (named && Object.keys(others).length === 0) return [];
  return [`${method} /${endpoint} request /where: a write must name its targets by id and by nothing else`];
}
