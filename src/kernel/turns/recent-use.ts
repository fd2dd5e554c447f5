/** Every so many milliseconds, what was used before counts half. */
const HALF_LIFE_MS = 250;
/** After so many half-lives nothing counts any longer. */
const MAX_HALVINGS = 16;
/** Less is forgotten, in milliseconds. */
const MIN_KEPT_MS = 0.05;

/**
 * Time that each owner has used lately, as a sum that halves every 250 ms.
 *
 * Keeps an entry for each owner that has used some, until it has been idle for about two seconds. Times are in milliseconds.
 */
export class RecentUse {
  private readonly used = new Map<string, number>();
  private total = 0;
  private halvedAt: number;

  constructor(private readonly now: () => number) {
    this.halvedAt = now();
  }

  /** Number of owners that have used some time lately. */
  get owners(): number {
    return this.used.size;
  }

  /** Adds to what an owner has used. */
  add(owner: string, milliseconds: number): void {
    this.halve();
    if (!(milliseconds > 0)) return;
    this.used.set(owner, (this.used.get(owner) ?? 0) + milliseconds);
    this.total += milliseconds;
  }

  /** Whether an owner has used less than half of what it could have used if all that were active lately had used the same. */
  isModest(owner: string): boolean {
    this.halve();
    const own = this.used.get(owner) ?? 0;
    const owners = this.used.size + (own === 0 ? 1 : 0);
    return own * 2 * owners < this.total;
  }

  private halve(): void {
    const halvings = Math.floor((this.now() - this.halvedAt) / HALF_LIFE_MS);
    if (halvings === 0) return;
    this.halvedAt += halvings * HALF_LIFE_MS;
    const factor = halvings > MAX_HALVINGS ? 0 : 0.5 ** halvings;
    this.total = 0;
    for (const [owner, before] of this.used) {
      const rest = before * factor;
      if (rest < MIN_KEPT_MS) {
        this.used.delete(owner);
        continue;
      }
      this.used.set(owner, rest);
      this.total += rest;
    }
  }
}
