import { Line, Ring } from "./deficit-ring.js";
import { RecentUse } from "./recent-use.js";

/** Time that work may take in one event-loop iteration before more of it must wait for its turn, in milliseconds. */
const SLICE_MS = 1;
/** Iterations of the event loop after a slice, per millisecond that it took too long: it accepts only one connection in each. */
const ITERATIONS_PER_MS = 4;
const MAX_ITERATIONS = 64;
/** Larger estimates count as this much, so that their owner waits for a limited number of rounds. */
const MAX_COST_MS = 8;
/** Time in one iteration after which modest owners must wait as well, in milliseconds; longer work of theirs always does. */
const MAX_EXPRESS_MS = 2;
/** Maximum number of waiters of a modest share that go before others. */
const MAX_MODEST_WAITERS = 4;

/** Who takes a turn. */
export interface Owner {
  /** Owners with the same share together get as many turns as one with a share of its own. */
  readonly share: string;
  /** Name of the client. Those of one share take turns in it. */
  readonly client: string;
}

/** Turns of one owner. */
export interface OwnTurns {
  /** @see Turns.take */
  take(costMs?: number): Promise<void> | undefined;
  /** @see Turns.next */
  next(costMs: number): Promise<void>;
}

interface Waiter {
  readonly share: string;
  readonly start: () => void;
}

/**
 * Turns on the event loop: work that blocks it is started in turns among the clients that it is done for, with the event loop running in
 * between.
 *
 * While nobody waits and the iteration of the event loop is young, `take` is nothing but a check. Otherwise time is measured. Modest
 * shares, which have used less than half of an equal part of it lately, go first: their work starts immediately, or in the next iteration.
 * So they wait for the one piece of work that runs when they come. The others take turns by deficit round-robin, first among shares and
 * then within each: a round is short whatever a single client sends, and heavy work waits for more rounds than light work. The waiters of
 * one client keep their order.
 *
 * The waiters are not limited here. Each is a request of its own connection, a message of its own WebSocket or a running operation, whose
 * numbers are.
 */
export class Turns {
  private readonly shares = new Ring<Waiter>();
  /** Waiters of shares that were modest when they came. */
  private readonly modest = new Line<Waiter>();
  /** Number of waiters in `modest` and in `shares`, for each share that has any. */
  private readonly waiters = new Map<string, { modest: number; inTurn: number }>();
  private readonly recentUse: RecentUse;
  private waitingCount = 0;
  /** When the work of this iteration began; undefined if none has. */
  private sliceStart: number | undefined;
  /** Estimated time of the work that was let start in this iteration and may not have begun. */
  private promisedMs = 0;
  /** Whose work began last in this iteration without waiting, and when. */
  private lastTaker: (() => Owner) | undefined;
  private lastTakenAt = 0;
  /** When work of modest owners began to start immediately in this iteration; undefined if none has. */
  private expressStart: number | undefined;
  /** Iterations of the event loop until the next waiter that is not modest starts. */
  private idleIterations = 0;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.recentUse = new RecentUse(now);
  }

  /** Number of waiters. */
  get waiting(): number {
    return this.waitingCount;
  }

  /** The turns of one owner, which may change. */
  of(owner: () => Owner): OwnTurns {
    return new TurnsOf(this, owner);
  }

  /**
   * Takes a turn: undefined if the work may start immediately, else a promise that resolves when it may. The promise never rejects: an
   * owner that has given up finds out when its turn comes.
   *
   * @param owner is called only if it must wait.
   * @param costMs estimate of the time that the work will block the event loop.
   */
  take(owner: () => Owner, costMs = 0): Promise<void> | undefined {
    const now = this.now();
    if (this.waitingCount === 0) {
      if (this.sliceStart === undefined) this.beginSlice(now);
      if (now - (this.sliceStart ?? now) < SLICE_MS && this.promisedMs < SLICE_MS) {
        this.promisedMs += costMs;
        this.lastTaker = owner;
        this.lastTakenAt = now;
        return undefined;
      }
    }
    this.chargeLastTaker(now);
    const given = owner();
    const mayPass = costMs <= MAX_EXPRESS_MS && !this.waiters.has(given.share) && this.recentUse.isModest(given.share);
    if (!mayPass || this.isExpressOver(now)) return this.next(given, costMs);
    this.chargeFrom(given.share, now);
    return undefined;
  }

  /** Waits for the owner's next turn. Others and the event loop go first, so this also divides long work. */
  next({ share, client }: Owner, costMs: number): Promise<void> {
    if (this.sliceStart === undefined && this.waitingCount === 0) this.beginSlice(this.now());
    this.waitingCount += 1;
    const waiting = this.waiters.get(share) ?? { modest: 0, inTurn: 0 };
    this.waiters.set(share, waiting);
    // Behind its own waiters, if those have to wait for their turn.
    const isModest = waiting.inTurn === 0 && waiting.modest < MAX_MODEST_WAITERS && this.recentUse.isModest(share);
    const cost = Math.min(costMs, MAX_COST_MS);
    return new Promise((start) => {
      if (isModest) {
        waiting.modest += 1;
        this.modest.push({ share, start }, cost);
        return;
      }
      waiting.inTurn += 1;
      const clients = this.shares.child(share, () => new Ring<Waiter>());
      const line = clients.child(client, () => new Line<Waiter>());
      line.push({ share, start }, cost);
    });
  }

  private isExpressOver(now: number): boolean {
    this.expressStart ??= now;
    return now - this.expressStart >= MAX_EXPRESS_MS;
  }

  private beginSlice(now: number): void {
    this.sliceStart = now;
    this.promisedMs = 0;
    setImmediate(this.onIteration);
  }

  private readonly onIteration = (): void => {
    this.expressStart = undefined;
    if (this.sliceStart !== undefined) this.endSlice(this.sliceStart);
    if (this.waitingCount === 0) return;
    if (this.idleIterations > 0 && this.modest.isEmpty) {
      this.idleIterations -= 1;
      setImmediate(this.onIteration);
      return;
    }
    this.beginSlice(this.now());
    this.startNext();
  };

  private endSlice(sliceStart: number): void {
    const now = this.now();
    const excessMs = Math.max(0, now - sliceStart - SLICE_MS);
    // Short iterations make no one wait, and are not measured.
    if (this.lastTaker !== undefined && excessMs > 0)
      this.recentUse.add(this.lastTaker().share, now - this.lastTakenAt);
    this.sliceStart = undefined;
    this.lastTaker = undefined;
    const iterations = Math.min(MAX_ITERATIONS, 1 + Math.floor(excessMs * ITERATIONS_PER_MS));
    this.idleIterations = Math.max(this.idleIterations - 1, iterations);
  }

  /** Starts the next waiter, and another one if there is time left when the first has done all that it can without waiting. */
  private startNext(): void {
    this.waitingCount -= 1;
    const isModest = !this.modest.isEmpty;
    const { share, start } = isModest ? this.modest.shift() : this.shares.shift();
    const waiting = this.waiters.get(share);
    if (waiting !== undefined) {
      waiting[isModest ? "modest" : "inTurn"] -= 1;
      if (waiting.modest + waiting.inTurn === 0) this.waiters.delete(share);
    }
    const startedAt = this.now();
    start();
    this.chargeFrom(share, startedAt, this.continueSlice);
  }

  /** Charges the share whose work began last without waiting. */
  private chargeLastTaker(now: number): void {
    if (this.lastTaker === undefined) return;
    this.recentUse.add(this.lastTaker().share, now - this.lastTakenAt);
    this.lastTaker = undefined;
  }

  /** Charges a share from a time on until all is done that it can do without waiting. */
  private chargeFrom(share: string, startedAt: number, then?: () => void): void {
    // The tick comes after all microtasks, those of the work that was started included.
    queueMicrotask(() =>
      process.nextTick(() => {
        this.recentUse.add(share, this.now() - startedAt);
        then?.();
      }),
    );
  }

  private readonly continueSlice = (): void => {
    const { sliceStart } = this;
    if (this.waitingCount === 0 || sliceStart === undefined || this.now() - sliceStart >= SLICE_MS) return;
    // Others that are not modest start after the event loop has looked for new requests.
    if (this.modest.isEmpty && this.idleIterations > 0) return;
    this.startNext();
  };
}

class TurnsOf implements OwnTurns {
  constructor(
    private readonly turns: Turns,
    private readonly owner: () => Owner,
  ) {}

  take(costMs?: number): Promise<void> | undefined {
    return this.turns.take(this.owner, costMs);
  }

  next(costMs: number): Promise<void> {
    return this.turns.next(this.owner(), costMs);
  }
}
