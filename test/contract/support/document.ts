import { beforeEach } from "vitest";
import { documentedVersions } from "../../../src/upstream/wire/arrivals.js";
import { contractVersion, entities } from "../../../src/upstream/wire/contract.js";
import type { Entity } from "../../../src/upstream/wire/types.js";
import { hasArrived, versionNumber } from "../../../src/upstream/wire/versions.js";
import { type Contract, documentFolder, loadContract } from "../../support/openapi.js";

/** Versions with a document, from the oldest to the newest, as rows of `describe.each`. */
export const versions: readonly string[] = documentedVersions;

/** Everything that a version can list. */
export function listedIn(version: string): readonly Entity[] {
  const has = (name: string) => hasArrived(versionNumber(version) as number, name) === true;
  return (Object.keys(entities) as Entity[]).filter(has);
}

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
