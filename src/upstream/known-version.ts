import { ErrorCode, TowerError } from "../kernel/errors.js";
import { arrivedIn, hasArrived, versionNumber } from "./wire/versions.js";

/** A read would use something that CloudTower's version does not have. Nothing was sent. */
export class MissingInVersionError extends TowerError {
  override readonly name = "MissingInVersionError";

  /** @param shown name for clients, such as `Vm.usedSizeBytes`. */
  constructor(version: string, name: string, shown: string) {
    super(ErrorCode.BadUserInput, `CloudTower ${version} has no ${shown} (since ${arrivedIn(name)}).`);
  }
}

/**
 * What the gateway knows of CloudTower's version. Lives as long as the process.
 *
 * It is read when an operation first uses something that not every version has, and again before such a use is refused on knowledge
 * older than a minute: CloudTower may have been upgraded.
 */
export class KnownVersion {
  private known: { readonly text: string; readonly number: number } | undefined;
  private learntAt = Number.NEGATIVE_INFINITY;

  /**
   * @param read reads the version; null if it is unknown. Must not fail.
   * @param now a clock in milliseconds.
   */
  constructor(
    private readonly read: () => Promise<string | null>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Records a version that was read; null if it is unknown. */
  learn(version: string | null): void {
    const number = version === null ? undefined : versionNumber(version);
    this.known = version === null || number === undefined ? undefined : { text: version, number };
    this.learntAt = this.now();
  }

  /**
   * The version, and the first of the names that it certainly lacks. Undefined if it has them all or nobody knows: then CloudTower is
   * asked.
   *
   * @param names in the table of arrivals.
   */
  async missing(names: Iterable<string>): Promise<{ readonly version: string; readonly name: string } | undefined> {
    const isFresh = () => this.now() - this.learntAt <= FRESH_MS;
    if (this.known === undefined && !isFresh()) this.learn(await this.read());
    const missing = this.lacked(names);
    if (missing === undefined || isFresh()) return missing;
    this.learn(await this.read());
    return this.lacked(names);
  }

  private lacked(names: Iterable<string>) {
    if (this.known === undefined) return undefined;
    const { text: version, number } = this.known;
    for (const name of names) if (hasArrived(number, name) === false) return { version, name };
    return undefined;
  }
}

/** Age up to which the version is believed when something would be refused. */
const FRESH_MS = 60_000;
