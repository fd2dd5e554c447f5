import { LRUCache } from "lru-cache";

/** An owner was active lately if it took a permit in the last so many milliseconds. */
const LATELY_MS = 1_000;
/** Permits that a greedy owner gets at least beside modest ones. */
const MIN_ALLOWED = 1;
/** Calls of modest owners may take this many times as long as usual, on average over the last ones. */
const MAX_SLOWDOWN = 2;
/** What is added to the usual time, in milliseconds: very short calls vary more. */
const MARGIN_MS = 2;
/** Weight of a call in that average, and in the usual time of its kind. */
const WEIGHT = 0.15;
/** Part of the permits that greedy owners keep after a call while modest ones are too slow, and what they get otherwise. */
const DECREASE = 0.8;
const INCREASE = 1 / 8;
/** Maximum number of remembered times. */
const MAX_TIMES = 2_000;

/** How long calls of a kind usually take. */
interface Usual {
  milliseconds: number;
  /** Whether it is known from calls beside which nobody else had any. */
  isAlone: boolean;
}

/**
 * Decides how many calls a greedy owner may have in flight beside modest ones, so that CloudTower answers those as quickly as alone.
 *
 * An owner is greedy if it lately had more calls at a time, in flight or waiting, than an eighth of the permits. The others that were
 * active lately are modest. Their calls show how much CloudTower can take: while they take about as long as usual, greedy owners may have
 * more and more calls in flight, and fewer while they take more than twice as long. Without modest owners there is no limit.
 */
export class FairShare {
  private readonly modestPermits: number;
  /** Permits that a greedy owner may hold beside modest ones. */
  private allowed: number;
  /** When each owner was modest or greedy last, in that order. */
  private readonly modest = new Map<string, number>();
  private readonly greedy = new Map<string, number>();
  /** By owner and kind of the call. */
  private readonly usual = new LRUCache<string, Usual>({ max: MAX_TIMES });
  /** Time of modest owners' last calls as a multiple of the usual time, on average. */
  private slowdown = 1;

  constructor(
    private readonly permits: number,
    private readonly now: () => number,
  ) {
    this.modestPermits = Math.ceil(permits / 8);
    this.allowed = permits;
  }

  /** Whether an owner may hold so many permits. */
  mayHold(owner: string, permits: number): boolean {
    const limit = this.now() - LATELY_MS;
    forgetBefore(this.greedy, limit);
    if (permits <= this.modestPermits && !this.greedy.has(owner)) return true;
    forgetBefore(this.modest, limit);
    const others = this.modest.size - (this.modest.has(owner) ? 1 : 0);
    return others === 0 || permits <= this.allowed;
  }

  /** Records that an owner has so many calls, in flight or waiting. */
  has(owner: string, calls: number): void {
    const now = this.now();
    if (calls > this.modestPermits) {
      this.modest.delete(owner);
      setLast(this.greedy, owner, now);
      return;
    }
    forgetBefore(this.greedy, now - LATELY_MS);
    if (!this.greedy.has(owner)) setLast(this.modest, owner, now);
  }

  /**
   * Records how long a call took.
   *
   * @param kind of the call: an owner's calls of one kind take about as long.
   * @param others number of calls of other owners in flight.
   */
  took(owner: string, kind: string, milliseconds: number, others: number): void {
    if (!this.modest.has(owner)) return;
    const key = `${kind} ${owner}`;
    const usual = this.usual.get(key);
    if (usual !== undefined) this.adapt(milliseconds / (usual.milliseconds + MARGIN_MS));
    // How long it usually takes is found out while there is little else.
    else this.allowed = MIN_ALLOWED;
    const isAlone = others === 0;
    if (usual === undefined || (isAlone && !usual.isAlone)) {
      if (others <= MIN_ALLOWED) this.usual.set(key, { milliseconds, isAlone });
    } else if (isAlone || (!usual.isAlone && others <= MIN_ALLOWED)) {
      usual.milliseconds += WEIGHT * (milliseconds - usual.milliseconds);
    }
  }

  private adapt(slowdown: number): void {
    this.slowdown += WEIGHT * (slowdown - this.slowdown);
    const allowed = this.slowdown > MAX_SLOWDOWN ? this.allowed * DECREASE : this.allowed + INCREASE;
    this.allowed = Math.min(this.permits, Math.max(MIN_ALLOWED, allowed));
  }
}

/** Sets an entry as the last one. */
function setLast(times: Map<string, number>, owner: string, at: number): void {
  times.delete(owner);
  times.set(owner, at);
}

function forgetBefore(times: Map<string, number>, limit: number): void {
  for (const [owner, at] of times) {
    if (at >= limit) return;
    times.delete(owner);
  }
}
