/** Maximum number of leases that are remembered; beyond it the oldest is forgotten, which delays its deletion. */
const MAX_LEASES = 100_000;

interface FirstLook {
  /** Text of the expiry label. */
  readonly expires: string;
  /** On the monotonic clock, in ms. */
  readonly at: number;
}

/**
 * When this process first saw that a lease had expired. A snapshot is deleted only if a later look, at least the grace after the first,
 * shows the same expired lease: time to notice and renew, whoever or whatever set the labels.
 *
 * In memory: after a restart the first look is still to come, so that a restart can only delay a deletion. The clock is monotonic: setting
 * the machine's clock shortens nothing. Lives as long as the process.
 */
export class ExpiryLooks {
  private readonly first = new Map<string, FirstLook>();

  /** @param now a monotonic clock in ms. */
  constructor(
    readonly graceMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Records a look at an expired lease. @returns how long ago the first one was, in ms; 0 if it is this one. */
  see(snapshotId: string, expires: string): number {
    const known = this.first.get(snapshotId);
    const at = this.now();
    if (known?.expires === expires) return at - known.at;
    this.first.delete(snapshotId);
    this.first.set(snapshotId, { expires, at });
    const [oldest] = this.first.keys();
    if (this.first.size > MAX_LEASES && oldest !== undefined) this.first.delete(oldest);
    return 0;
  }

  /** Forgets a snapshot: it is gone, or has no expired lease. */
  forget(snapshotId: string): void {
    this.first.delete(snapshotId);
  }
}
