import { beforeEach } from "vitest";
import { type Contract, contractPath, loadContract } from "../../support/openapi.js";

/**
 * The contract for a file of contract tests; to be called once, outside of all tests.
 *
 * Where the document is absent every test of the file is skipped, and says so: the document is the vendor's and no part of this
 * project. The contract may therefore be used inside tests only.
 */
export function contractOrSkip(): Contract {
  const contract = loadContract();
  beforeEach(({ skip }) => {
    skip(contract === null, `no OpenAPI document at ${contractPath()} (set CLOUDTOWER_OPENAPI)`);
  });
  return contract as Contract;
}
