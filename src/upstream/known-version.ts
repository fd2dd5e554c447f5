import { ErrorCode, TowerError } from "../kernel/errors.js";
import { lateNames } from "./wire/late-names.js";
import { arrivedIn, canBeKnownMissing, hasArrived, versionNumber } from "./wire/versions.js";

/** A read would use something that CloudTower's version does not have. Nothing was sent. */
export class MissingInVersionError extends TowerError {
  override readonly name = "MissingInVersionError";

  /** @param shown name for clients, such as `Vm.usedSizeBytes`. */
  constructor(version: string, name: string, shown: string) {
    super(ErrorCode.BadUserInput, `CloudTower ${version} has no ${shown} (since ${arrivedIn(name)}).`);
    this.lacksList = !/[./]/.test(name);
  }

  /** Whether the list itself is missing: then it is known to be empty. */
  readonly lacksList: boolean;
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
   * @param read reads the version; null if it is unknown.
   * @param fieldName the schema's name of a field, such as `Vm.usedSizeBytes` for `Vm.used_size`, for messages.
   * @param now a clock in milliseconds.
   */
  constructor(
    private readonly read: () => Promise<string | null>,
    private readonly fieldName: (name: string) => string,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Records a version that was read; null if it is unknown. */
  learn(version: string | null): void {
    const number = version === null ? undefined : versionNumber(version);
    this.known = version === null || number === undefined ? undefined : { text: version, number };
    this.learntAt = this.now();
  }

  /**
   * Why a read would be refused because of CloudTower's version; undefined if CloudTower has everything that the read uses, or nobody
   * knows: then it is asked. A promise only if the read uses something that a version with `get-version` can lack.
   */
  missing(endpoint: string, body: object): Promise<MissingInVersionError | undefined> | undefined {
    const names = [...lateNames(endpoint, body)].filter(canBeKnownMissing);
    return names.length === 0 ? undefined : this.firstMissing(names);
  }

  /**
   * Whether CloudTower has something, by its name in the table of arrivals, as far as is known without a call; undefined if the version
   * is unknown, or if it is unknown whether that version has it.
   */
  has(name: string): boolean | undefined {
    return this.known && hasArrived(this.known.number, name);
  }

  /** Whether the version is known, but not whether it has something. */
  isBetweenDocuments(name: string): boolean {
    return this.known !== undefined && this.has(name) === undefined;
  }

  private async firstMissing(names: readonly string[]): Promise<MissingInVersionError | undefined> {
    const isFresh = () => this.now() - this.learntAt <= FRESH_MS;
    if (this.known === undefined && !isFresh()) this.learn(await this.read());
    const missing = this.lacked(names);
    if (missing === undefined || isFresh()) return missing;
    this.learn(await this.read());
    return this.lacked(names);
  }

  private lacked(names: readonly string[]): MissingInVersionError | undefined {
    if (this.known === undefined) return undefined;
    const { text, number } = this.known;
    for (const name of names) {
      if (hasArrived(number, name) === false) return new MissingInVersionError(text, name, this.fieldName(name));
    }
    return undefined;
  }
}

/** Age up to which the version is believed when something would be refused. */
const FRESH_MS = 60_000;
