import type { Coordination, Intents, Lease } from "../../coordination/coordination.js";
import { LocalCoordination } from "../../coordination/local/local-coordination.js";
import { backoffMs, wait } from "../../kernel/backoff.js";
import { Cancellation, type CancelSignal } from "../../kernel/cancellation.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { KeyedMutex } from "../../kernel/keyed-mutex.js";
import { KnownUsers } from "./own-tasks.js";

/** Limits of the flows that write. */
export interface WriteLimits {
  /** How long to look for the effect of a write whose response was lost. */
  readonly verifyMs: number;
  /** How long such a write stays in doubt after it was sent. */
  readonly doubtMs: number;
  /** Poll interval while waiting for a lock or for a lost write. */
  readonly pollMs: number;
}

/** A place in a queue. */
export interface TurnRequest {
  /** What is written by one call at a time: the id of a VM or consistency group, or a text that no id equals. */
  readonly turn: string;
  /** Leaves the queue. */
  readonly signal: CancelSignal;
  /** Owners get the turn one after the other. */
  readonly owner: string;
}

/** A turn that has come. */
export interface Turn {
  /** Whether a write may be handed to the socket now. Ask directly before that. */
  readonly isSafe: boolean;
  /** Passes the turn on. Safe to call twice. */
  release(): void;
}

/**
 * What writes share: turns, so that one call at a time writes a VM or a consistency group, and the intents of writes. Lives as long as the
 * process.
 *
 * A turn is a place in the line of this process and then its lease, which all replicas respect.
 *
 * A call that waits for a lock has its place in a second queue and passes on the turn in the meantime, so that it does not hold up a call
 * that prefers to fail. No call waits for a turn while it holds another.
 */
export class VmWrites {
  readonly users = new KnownUsers();
  private readonly turns = new KeyedMutex();
  private readonly lockLine = new KeyedMutex();
  private readonly stopping = new Cancellation();

  constructor(
    readonly limits: WriteLimits,
    private readonly coordination: Pick<Coordination, "leases" | "intents"> = new LocalCoordination(),
  ) {}

  /** Aborted when the gateway stops. */
  get stopSignal(): CancelSignal {
    return this.stopping;
  }

  /** The intents of writes: what has one is in doubt, or about to be. */
  get intents(): Intents {
    return this.coordination.intents;
  }

  /** Whether a call would have to wait for other calls of this process, for the turn or for its place in the lock line. */
  isBusy(turn: string): boolean {
    return this.turns.isHeld([turn]) || this.lockLine.isHeld([turn]);
  }

  /** Whether another replica has the turn, if this process may have it. @throws CoordinationUnavailable */
  isHeldElsewhere(turn: string): Promise<boolean> {
    return this.coordination.leases.isHeld(turn);
  }

  /**
   * Resolves when it is the call's turn, or with undefined if it no longer wants it. Rejects with the signal's reason.
   *
   * @param onWait is called once if another replica has the turn. If it resolves to false, the call no longer wants the turn.
   * @throws CoordinationUnavailable
   */
  async enter({ turn, signal, owner }: TurnRequest, onWait: () => Promise<boolean>): Promise<Turn | undefined> {
    const leave = await this.turns.acquire({ keys: [turn], signal, owner });
    try {
      const lease = await this.lease(turn, signal, onWait);
      if (lease === undefined) leave();
      return lease && turnOf(lease, leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  private async lease(turn: string, signal: CancelSignal, onWait: () => Promise<boolean>): Promise<Lease | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const lease = await this.coordination.leases.take(turn);
      if (lease !== undefined && !signal.aborted) return lease;
      lease?.release();
      if (signal.aborted) throw signal.reason;
      if (attempt === 1 && !(await onWait())) return undefined;
      await wait(backoffMs(attempt + 1, LEASE_PAUSE), signal);
    }
  }

  /** Resolves with a release function when the call has the first place among those of this process that wait for a lock. */
  enterLockLine({ turn, signal, owner }: TurnRequest): Promise<() => void> {
    return this.lockLine.acquire({ keys: [turn], signal, owner });
  }

  /** Turns away all waiting calls; writes that were sent are followed to their end. Safe to call twice. */
  stop(): void {
    this.stopping.abort(new TowerError(ErrorCode.UpstreamUnavailable, "The gateway is shutting down. Try again."));
  }
}

function turnOf(lease: Lease, leave: () => void): Turn {
  return {
    get isSafe() {
      return lease.isSafe;
    },
    release() {
      lease.release();
      leave();
    },
  };
}

/** Pauses between attempts to take a lease that another replica has. */
const LEASE_PAUSE = { firstMs: 40, maxMs: 250 };
