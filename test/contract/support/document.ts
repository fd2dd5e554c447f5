import { beforeEach } from "vitest";
import { type Contract, contractPath, loadContract } from "../../support/openapi.js";

/**
 * The contract for a file of contract tests. Call once, outside of tests; use the result only inside tests.
 *
 * If the document is missing, all tests of the file are skipped with a message: it belongs to the vendor and is not part of this
 * project.
 */
export function contractOrSkip(): Contract {
  const contract = loadContract();
  beforeEach(({ skip }) => {
    skip(contract === null, `no OpenAPI document at ${contractPath()} (set CLOUDTOWER_OPENAPI)`);
  });
  return contract as Contract;
}
