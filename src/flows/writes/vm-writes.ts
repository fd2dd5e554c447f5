import { Cancellation, type CancelSignal } from "../../kernel/cancellation.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { KeyedMutex } from "../../kernel/keyed-mutex.js";
import { type DoubtRegister, LocalDoubtRegister } from "./doubt-register.js";
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
  /** What is written by one call at a time: the id of a VM, or a text that no id equals. */
  readonly turn: string;
  /** Leaves the queue. */
  readonly signal: CancelSignal;
  /** Owners get the turn one after the other. */
  readonly owner: string;
}

/**
 * What the writes of a process share: turns, so that one call at a time writes a VM, and the register of writes in doubt. Lives as long as
 * the process.
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
    readonly doubts: DoubtRegister = new LocalDoubtRegister(),
  ) {}

  /** Aborted when the gateway stops. */
  get stopSignal(): CancelSignal {
    return this.stopping;
  }

  /** Whether a call would have to wait for the turn or for its place in the lock line. */
  isBusy(turn: string): boolean {
    return this.turns.isHeld([turn]) || this.lockLine.isHeld([turn]);
  }

  /** Resolves with a release function when it is the call's turn. Rejects with the signal's reason. */
  enter({ turn, signal, owner }: TurnRequest): Promise<() => void> {
    return this.turns.acquire({ keys: [turn], signal, owner });
  }

  /** Like `enter`, for the first place among the calls that wait for a lock. */
  enterLockLine({ turn, signal, owner }: TurnRequest): Promise<() => void> {
    return this.lockLine.acquire({ keys: [turn], signal, owner });
  }

  /** Turns away all waiting calls; writes that were sent are followed to their end. Safe to call twice. */
  stop(): void {
    this.stopping.abort(new TowerError(ErrorCode.UpstreamUnavailable, "The gateway is shutting down. Try again."));
  }
}
