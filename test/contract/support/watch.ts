import type { Exchange } from "../../../src/simulator/http/exchange.js";
import { contractVersion } from "../../../src/upstream/wire/contract.js";
import { type Contract, loadContract } from "../../support/openapi.js";

/** Checks every exchange between a gateway and its simulator, and collects problems until the test ends. */
export interface ContractWatch {
  /**
   * Pass this to the simulator as `onExchange`. Never throws, so that calls in progress are not affected. If an exchange is `spoiled`,
   * its response comes from a fault, and only the request is checked.
   */
  readonly onExchange: (exchange: Exchange & { readonly spoiled?: boolean }) => void;
  /** Problems so far, without duplicates. If the contract document is missing, only unbounded writes are found. */
  readonly problems: readonly string[];
  /** Stops checking responses: for tests that break the data of the simulator or simulate another version. */
  ignoreAnswers(): void;
  /** Throws with all problems, and clears them so that one test does not fail the next. */
  verify(): void;
}

/**
 * Watches one simulator during a test. Use it in the fixture that starts the simulator.
 *
 * @example
 * const watch = watchContract();
 * const simulator = await startSimulator({ onExchange: watch.onExchange });
 * onTestFinished(() => watch.verify());
 */
export function watchContract(contract: Contract | null = contractOf(contractVersion)): ContractWatch {
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

const contracts = new Map<string, Contract | null>();

/** The contract of a version, or null without its document. The document is read and its schemas compiled once per test file. */
export function contractOf(version: string): Contract | null {
  let contract = contracts.get(version);
  if (contract === undefined) {
    contract = loadContract(version);
    contracts.set(version, contract);
  }
  return contract;
}

/** The contract allows an empty `where` in a write, which matches all objects. The gateway must filter by id. */
function unboundedWrite({ endpoint, method, requestBody }: Exchange): string[] {
  if (endpoint.startsWith("get-") || typeof requestBody !== "object" || requestBody === null) return [];
  const { where, data } = requestBody as { readonly where?: unknown; readonly data?: unknown };
  const wheres = "where" in requestBody ? [["where", where] as const] : [];
  // The labels of a label write are filtered as well as the objects that get them.
  const labeled = /-labels-/.test(endpoint) ? Object.entries(data ?? {}) : [];
  return [...wheres, ...labeled.map(([name, filter]) => [`data/${name}`, filter] as const)].flatMap(([path, filter]) =>
    isBounded(filter)
      ? []
      : [`${method} /${endpoint} request /${path}: a write must name its targets by id and by nothing else`],
  );
}

function isBounded(where: unknown): boolean {
  const { id, id_in: ids, ...others } = (where ?? {}) as Record<string, unknown>;
  const named = (typeof id === "string" && id !== "") || (Array.isArray(ids) && ids.length > 0);
  return named && Object.keys(others).length === 0;
}
