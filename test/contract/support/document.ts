import { beforeEach } from "vitest";
import { documentedVersions } from "../../../src/upstream/wire/arrivals.js";
import { contractVersion } from "../../../src/upstream/wire/contract.js";
import { type Contract, documentFolder, loadContract } from "../../support/openapi.js";

/** Versions with a document, from the oldest to the newest, as rows of `describe.each`. */
export const versions: readonly string[] = documentedVersions;

/**
 * The contract of a version for a file or a `describe` block of contract tests. Call it outside of tests; use the result only inside.
 *
 * If the document is missing, the tests are skipped with a message: it belongs to the vendor and is not part of this project.
 *
 * @param version default: that of the contract table.
 */
export function contractOrSkip(version: string = contractVersion): Contract {
  const contract = loadContract(version);
  beforeEach(({ skip }) => {
    skip(contract === null, `no document of CloudTower ${version} in ${documentFolder()} (set CLOUDTOWER_OPENAPI)`);
  });
  return contract as Contract;
}
