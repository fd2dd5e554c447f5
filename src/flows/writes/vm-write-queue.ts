import { wait } from "../../kernel/backoff.js";
import { Cancellation, type CancelSignal, onAbort } from "../../kernel/cancellation.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { KeyedMutex } from "../../kernel/keyed-mutex.js";
import { linkedSignal } from "../../kernel/linked-signal.js";
import { readPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { LockedResource, type MutationError, ResourceLockedError } from "./mutation-errors.js";
import { isUnlocked, lockedError } from "./resource-locks.js";

/** Behavior if another task locks a VM. */
export interface LockPolicy {
  readonly onLocked: "FAIL" | "WAIT";
  /** Maximum wait, counted from the arrival of the call. */
  readonly maxWaitMs: number;
}

/** Limits of the flows that write. */
export interface WriteLimits {
  /** How long to keep looking for the effect of a write whose response was lost. */
  readonly writeVerifyMs: number;
  /** Poll interval while waiting for a lock or for a lost write. */
  readonly pollMs: number;
}

/** One attempt at a write, made while no other write of this process is on its VMs: its result, or the lock that prevented it. */
export type WriteAttempt<R> = (write: OpenWrite) => Promise<R | ResourceLockedError>;

/** Context of a write attempt. */
export interface OpenWrite {
  /** The caller's session without the client's signal: a write that was sent is followed to its end even if the client leaves. */
  readonly session: UpstreamSession;
  /** Call right before sending. Throws the reason if the client has left or the gateway is stopping. */
  assertWanted(): void;
  /** Aborted when the gateway stops: the search for a lost write then gives up. */
  readonly stopping: CancelSignal;
  readonly limits: WriteLimits;
  /** Writes whose outcome is unknown; until one is resolved, "not found" does not prove that it failed. */
  readonly unresolved: UnresolvedWrites;
}

/** A write for the queue. */
export interface QueuedWrite<R> {
  readonly session: UpstreamSession;
  /** The VMs that are written, whose locks are waited for. */
  readonly vmIds: readonly string[];
  /**
   * Writes with a key in common are made one after the other.
   *
   * @default vmIds
   */
  readonly keys?: readonly string[];
  readonly policy: LockPolicy;
  readonly attempt: WriteAttempt<R>;
  /** The result if the client leaves, or its deadline passes, while a write is under way. */
  abandoned(): R;
}

/**
 * Serializes this process's writes on each VM, in turns among the callers. Lives as long as the process.
 *
 * A call that waits for a lock has its place in a second queue and frees the VM in the meantime, so that it does not hold up a call
 * that prefers to fail.
 */
export class VmWriteQueue {
  private readonly mutex = new KeyedMutex();
  private readonly lockQueue = new KeyedMutex();
  private readonly stopping = new Cancellation();
  private readonly unresolved = new UnresolvedWrites();

  constructor(private readonly limits: WriteLimits) {}

  /** Aborted when the gateway stops. */
  get stopSignal(): CancelSignal {
    return this.stopping;
  }

  /**
   * Makes the attempt when it is the call's turn and, with WAIT, again each time a lock is released.
   *
   * A call that leaves the queue (its client left, its wait is over, the gateway stops) gets a ResourceLockedError, and nothing was
   * written. If the client leaves after a write was sent, the call is abandoned; its attempt goes on and keeps the VM.
   */
  async run<R>(write: QueuedWrite<R>): Promise<R | ResourceLockedError> {
    const { session, vmIds, keys = vmIds, policy } = write;
    const waits = policy.onLocked === "WAIT";
    const left = linkedSignal([session.signal, this.stopping], waits ? policy.maxWaitMs : undefined, WAIT_IS_OVER);
    let leaveLockQueue: (() => void) | undefined;
    try {
      // A caller whom CloudTower refuses must not enter a line that others wait in.
      if (this.mutex.isHeld(keys) || this.lockQueue.isHeld(keys)) await assertAccepted(session);
      if (waits) leaveLockQueue = await this.enter(this.lockQueue, write, left.signal);
      for (;;) {
        const release = await this.enter(this.mutex, write, left.signal);
        const outcome = await this.attempt(write, release);
        if (!waits || !(outcome instanceof ResourceLockedError)) return outcome;
        if (!(await this.waitForUnlock(write, outcome.lockedResources, left.signal))) return outcome;
      }
    } catch (error) {
      if (error instanceof LeftQueue) return await this.stillLocked(session, vmIds);
      throw error;
    } finally {
      leaveLockQueue?.();
      left.dispose();
    }
  }

  /** Turns away all waiting calls; writes that were sent are followed to their end. Safe to call twice. */
  stop(): void {
    this.stopping.abort(new TowerError(ErrorCode.UpstreamUnavailable, "The gateway is shutting down. Try again."));
  }

  private async enter(
    queue: KeyedMutex,
    { session, vmIds, keys = vmIds }: QueuedWrite<unknown>,
    signal: CancelSignal,
  ): Promise<() => void> {
    try {
      return await queue.acquire({ keys, signal, owner: session.credential.key });
    } catch {
      throw new LeftQueue();
    }
  }

  private attempt<R>({ session, attempt, abandoned }: QueuedWrite<R>, release: () => void) {
    const { limits, unresolved, stopping } = this;
    let sent = false;
    const work = attempt({
      session: session.detached(new Cancellation()),
      limits,
      unresolved,
      stopping,
      assertWanted() {
        for (const { aborted, reason } of [session.signal, stopping]) if (aborted) throw reason;
        sent = true;
      },
    }).finally(release);
    return new Promise<R | ResourceLockedError>((resolve, reject) => {
      const leave = () => (sent ? resolve(abandoned()) : reject(session.signal.reason));
      const stopListening = onAbort(session.signal, leave);
      work.then(resolve, reject).finally(stopListening);
    });
  }

  /** False if the call's wait is over, or its client has left, before the lock is released. */
  private async waitForUnlock(
    { session, vmIds }: QueuedWrite<unknown>,
    locked: readonly LockedResource[],
    signal: CancelSignal,
  ): Promise<boolean> {
    while (!signal.aborted) {
      try {
        await wait(this.limits.pollMs, signal);
        if (await isUnlocked(session, locked, vmIds)) return true;
      } catch {
        // A failed poll is repeated until the wait is over.
      }
    }
    return false;
  }

  private async stillLocked(session: UpstreamSession, vmIds: readonly string[]): Promise<ResourceLockedError> {
    const locked = vmIds.map((id) => new LockedResource(id, "VM"));
    if (session.signal.aborted) return new ResourceLockedError(locked, null);
    return lockedError(session, locked, vmIds);
  }
}

/** The lock that prevented a write, if one did. */
export function lockOf(
  outcome: { readonly errors: readonly MutationError[] } | undefined,
): ResourceLockedError | undefined {
  return outcome?.errors.find((error) => error instanceof ResourceLockedError);
}

/** Keys of writes whose outcome is unknown. Bounded: the oldest is forgotten first. */
export class UnresolvedWrites {
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

/** @throws the error of CloudTower if it does not accept the caller's credential. */
async function assertAccepted(session: UpstreamSession): Promise<void> {
  await readPage(session, "Vm", { orderBy: "id_ASC", first: 1 });
}

class LeftQueue extends Error {}

const MAX_UNRESOLVED = 10_000;
const WAIT_IS_OVER = new TowerError(ErrorCode.UpstreamTimeout, "The wait for the lock is over.");
