import { wait } from "../../kernel/backoff.js";
import { Cancellation, type CancelSignal } from "../../kernel/cancellation.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { KeyedMutex } from "../../kernel/keyed-mutex.js";
import { linkedSignal } from "../../kernel/linked-signal.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { LockedResource, ResourceLockedError } from "./mutation-errors.js";
import { isUnlocked, lockedError } from "./resource-locks.js";

/** What is done where a VM is locked by another task. */
export interface LockPolicy {
  readonly onLocked: "FAIL" | "WAIT";
  /** Longest wait, from the arrival of the call on. */
  readonly maxWaitMs: number;
}

/** Limits of the flows that write. */
export interface WriteLimits {
  /** How long is looked for the effect of a write whose answer was lost. */
  readonly writeVerifyMs: number;
  /** Between looks at a lock or at a lost write. */
  readonly lookMs: number;
}

/** The work of one turn: what came of it, or the lock that stopped it before anything was written. */
export type WriteAttempt<R> = (write: OpenWrite) => Promise<R | ResourceLockedError>;

/** What a turn is given. */
export interface OpenWrite {
  /** The caller's session without its client: what was sent is followed to its end even if the client leaves. */
  readonly session: UpstreamSession;
  /** Throws the reason if the client has left or the gateway stops: to be asked right before a write is sent. */
  assertWanted(): void;
  /** Aborted when the gateway stops: whoever looks for a lost write then gives up. */
  readonly stopping: CancelSignal;
  readonly limits: WriteLimits;
  /** Writes of this process whose outcome could not be found out, until when nobody may take their absence for granted. */
  readonly unresolved: Unresolved;
}

/**
 * Keeps the writes of this process on each VM in order: one at a time. Lives as long as the process.
 *
 * A call that waits for a lock has a place in a second queue and gives its turn back meanwhile, so that it does not stop a call
 * that would rather fail.
 */
export class VmWriteQueue {
  private readonly mutex = new KeyedMutex();
  private readonly lockQueue = new KeyedMutex();
  private readonly stopping = new Cancellation();
  private readonly unresolved = new Unresolved();

  constructor(private readonly limits: WriteLimits) {}

  /** Aborted when the gateway stops. */
  get stopSignal(): CancelSignal {
    return this.stopping;
  }

  /**
   * Does the work when the turn has come, and with WAIT again when a lock is over.
   *
   * A caller that leaves the queue, because its client left, its time is over or the gateway stops, gets a ResourceLockedError and
   * nothing was written. One whose client leaves behind a write that was sent is given up; the work goes on and keeps the turn.
   *
   * @param givenUp what is answered where the client leaves while a write is under way.
   */
  async run<R>(
    session: UpstreamSession,
    vmIds: readonly string[],
    policy: LockPolicy,
    turn: WriteAttempt<R>,
    givenUp: () => R,
  ): Promise<R | ResourceLockedError> {
    const waits = policy.onLocked === "WAIT";
    const left = linkedSignal([session.signal, this.stopping], waits ? policy.maxWaitMs : undefined, TIME_IS_OVER);
    let leavePlace: (() => void) | undefined;
    try {
      if (waits) leavePlace = await this.place(this.lockQueue, vmIds, left.signal);
      for (;;) {
        const leaveTurn = await this.place(this.mutex, vmIds, left.signal);
        const outcome = await this.oneTurn(session, turn, leaveTurn, givenUp);
        if (!waits || !(outcome instanceof ResourceLockedError)) return outcome;
        if (!(await this.lockIsOver(session, outcome.lockedResources, vmIds, left.signal))) return outcome;
      }
    } catch (error) {
      if (error instanceof LeftQueue) return await this.lockedFor(session, vmIds);
      throw error;
    } finally {
      leavePlace?.();
      left.dispose();
    }
  }

  /** Sends away all who wait. What has been sent is followed to its end. Safe to call twice. */
  stop(): void {
    this.stopping.abort(new TowerError(ErrorCode.UpstreamUnavailable, "the gateway is shutting down; try again"));
  }

  private async place(queue: KeyedMutex, vmIds: readonly string[], signal: CancelSignal): Promise<() => void> {
    try {
      return await queue.acquire(vmIds, signal);
    } catch {
      throw new LeftQueue();
    }
  }

  private oneTurn<R>(session: UpstreamSession, turn: WriteAttempt<R>, leaveTurn: () => void, givenUp: () => R) {
    const { limits, unresolved, stopping } = this;
    const steady = new Cancellation();
    let sent = false;
    const work = turn({
      session: session.fork(steady),
      limits,
      unresolved,
      stopping,
      assertWanted() {
        for (const { aborted, reason } of [session.signal, stopping]) if (aborted) throw reason;
        sent = true;
      },
    }).finally(leaveTurn);
    return new Promise<R | ResourceLockedError>((resolve, reject) => {
      const leave = () => (sent ? resolve(givenUp()) : reject(session.signal.reason));
      session.signal.addEventListener("abort", leave, { once: true });
      work.then(resolve, reject).finally(() => session.signal.removeEventListener("abort", leave));
    });
  }

  /** False where the caller's time is over, or its client gone, before the lock is. */
  private async lockIsOver(
    session: UpstreamSession,
    locked: readonly LockedResource[],
    vmIds: readonly string[],
    signal: CancelSignal,
  ): Promise<boolean> {
    while (!signal.aborted) {
      try {
        await wait(this.limits.lookMs, signal);
        if (await isUnlocked(session, locked, vmIds)) return true;
      } catch {
        // A look that fails is repeated until the time is over.
      }
    }
    return false;
  }

  private async lockedFor(session: UpstreamSession, vmIds: readonly string[]): Promise<ResourceLockedError> {
    const locked = vmIds.map((id) => new LockedResource(id, "VM"));
    if (session.signal.aborted) return new ResourceLockedError(locked, null);
    return lockedError(session, locked, vmIds);
  }
}

/** Identities of writes whose outcome is unknown. Bounded: the oldest is forgotten first. */
export class Unresolved {
  private readonly keys = new Set<string>();

  add(key: string): void {
    this.keys.delete(key);
    this.keys.add(key);
    const [oldest] = this.keys;
    if (this.keys.size > MAX_UNRESOLVED && oldest !== undefined) this.keys.delete(oldest);
  }

  has(key: string): boolean {
    return this.keys.has(key);
  }

  delete(key: string): void {
    this.keys.delete(key);
  }
}

class LeftQueue extends Error {}

const MAX_UNRESOLVED = 10_000;
const TIME_IS_OVER = new TowerError(ErrorCode.UpstreamTimeout, "the time to wait for a lock is over");
