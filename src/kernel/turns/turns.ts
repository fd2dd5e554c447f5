import { Line, Ring } from "./deficit-ring.js";

/** Time that work may take in one event-loop iteration before more of it must wait for its turn, in milliseconds. */
const SLICE_MS = 1;
/** Iterations of the event loop after a slice, per millisecond that it took too long: it accepts only one connection in each. */
const ITERATIONS_PER_MS = 4;
const MAX_ITERATIONS = 64;
/** Larger estimates count as this much, so that their owner waits for a limited number of rounds. */
const MAX_COST_MS = 8;

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

/**
 * Turns on the event loop: work that blocks it is started in turns among the clients that it is done for, with the event loop running in
 * between.
 *
 * While nobody waits and the iteration of the event loop is young, `take` is nothing but a check. Otherwise owners take turns by deficit
 * round-robin, first among shares and then within each: a round is short whatever a single client sends, and heavy work waits for more
 * rounds than light work. The waiters of one client keep their order.
 *
 * The waiters are not limited here. Each is a request of its own connection, a message of its own WebSocket or a running operation, whose
 * numbers are.
 */
export class Turns {
  private readonly shares = new Ring<() => void>();
  private waitingCount = 0;
  /** When the work of this iteration began; undefined if none has. */
  private sliceStart: number | undefined;
  /** Iterations of the event loop until the next waiter starts. */
  private idleIterations = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Number of waiters. */
  get waiting(): number {
    return this.waitingCount;
  }

  /** The turns of one owner, which may change. */
  of(owner: () => Owner): OwnTurns {
    return {
      take: (costMs) => this.take(owner, costMs),
      next: (costMs) => this.next(owner(), costMs),
    };
  }

  /**
   * Takes a turn: undefined if the work may start immediately, else a promise that resolves when it may. The promise never rejects: an
   * owner that has given up finds out when its turn comes.
   *
   * @param owner is called only if it must wait.
   * @param costMs estimate of the time that the work will block the event loop.
   */
  take(owner: () => Owner, costMs = 0): Promise<void> | undefined {
    if (this.waitingCount === 0) {
      if (this.sliceStart === undefined) {
        this.beginSlice();
        return undefined;
      }
      if (this.now() - this.sliceStart < SLICE_MS) return undefined;
    }
    return this.next(owner(), costMs);
  }

  /** Waits for the owner's next turn. Others and the event loop go first, so this also divides long work. */
  next({ share, client }: Owner, costMs: number): Promise<void> {
    if (this.sliceStart === undefined && this.waitingCount === 0) this.beginSlice();
    this.waitingCount += 1;
    return new Promise((start) => {
      const clients = this.shares.child(share, () => new Ring<() => void>());
      const line = clients.child(client, () => new Line<() => void>());
      line.push(start, Math.min(costMs, MAX_COST_MS));
    });
  }

  private beginSlice(): void {
    this.sliceStart = this.now();
    setImmediate(this.onIteration);
  }

  private readonly onIteration = (): void => {
    if (this.sliceStart !== undefined) {
      const tookMs = this.now() - this.sliceStart;
      this.sliceStart = undefined;
      const excessMs = Math.max(0, tookMs - SLICE_MS);
      this.idleIterations = Math.min(MAX_ITERATIONS, 1 + Math.floor(excessMs * ITERATIONS_PER_MS));
    }
    if (this.waitingCount === 0) return;
    if (this.idleIterations > 0) {
      this.idleIterations -= 1;
      setImmediate(this.onIteration);
      return;
    }
    this.beginSlice();
    this.startNext();
  };

  /** Starts the next waiter, and another one if there is time left when the first has done all that it can without waiting. */
  private readonly startNext = (): void => {
    this.waitingCount -= 1;
    this.shares.shift()();
    // The tick comes after all microtasks, those of the work that was started included.
    queueMicrotask(() => process.nextTick(this.continueSlice));
  };

  private readonly continueSlice = (): void => {
    const { sliceStart } = this;
    if (this.waitingCount === 0 || sliceStart === undefined || this.now() - sliceStart >= SLICE_MS) return;
    this.startNext();
  };
}
