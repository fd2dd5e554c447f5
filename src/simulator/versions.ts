import { contractVersion } from "../upstream/wire/contract.js";
import { hasArrived, versionNumber } from "../upstream/wire/versions.js";

/** A version of CloudTower that the simulator can be. */
export class ApiVersion {
  private readonly number: number;

  /** Throws a RangeError unless the text is `major.minor[.patch]`. */
  constructor(readonly text: string) {
    const number = versionNumber(text);
    if (number === undefined) throw new RangeError(`apiVersion must look like "${contractVersion}", got "${text}"`);
    this.number = number;
  }

  /**
   * True if the version has it: a type, a field, a value of an enum, an endpoint, by its name in the table of arrivals. What arrived
   * between two documented versions at an unknown time is missing in all versions before the later document.
   */
  has(name: string): boolean {
    return hasArrived(this.number, name) === true;
  }

  /** True from a version on, such as "4.6.0". */
  isSince(version: string): boolean {
    return this.number >= (versionNumber(version) as number);
  }

  /** False before the version in which `source` became optional at login. */
  get hasOptionalSource(): boolean {
    return this.isSince("3.0.0");
  }

  /** True if it is newer than the contract: then rows have fields that no reader knows. */
  get isNewerThanContract(): boolean {
    return this.number > (versionNumber(contractVersion) as number);
  }
}

/** First version with directories that users log in by. */
export const directoriesSince = "3.0.0";

/** First version with `content-language: *`. */
export const anyLanguageSince = "4.4.0";

/** First version in which clients can create tasks. */
export const clientTasksSince = "4.0.0";

/** First version with the log of changes. */
export const resourceChangesSince = "4.6.0";
