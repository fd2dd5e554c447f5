import { randomUUID } from "node:crypto";
import { backoffMs, wait } from "../../kernel/backoff.js";
import { Cancellation, type CancelSignal, onAbort } from "../../kernel/cancellation.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { groupByKey } from "../../kernel/group.js";
import { type LinkedSignal, linkedSignal } from "../../kernel/linked-signal.js";
import { readPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { isUnlocked, type LockOwner } from "./resource-locks.js";
import { WriteSender } from "./send-writes.js";
import type { Turn, VmWrites } from "./vm-writes.js";
import { GatewayStoppingError, type ResourceLockedError, WriteOutcomeUnknownError } from "./write-errors.js";
import type { WriteKind } from "./write-kind.js";
import { WriteLedger } from "./write-ledger.js";

/** Behavior if another task locks a VM. */
export interface LockPolicy {
  readonly onLocked: "FAIL" | "WAIT";
  /** Maximum wait, counted from the arrival of the call. */
  readonly maxWaitMs: number;
}

/** One call that writes. */
export interface WriteCall<I, O> {
  readonly session: UpstreamSession;
  readonly kind: WriteKind<I, O>;
  readonly items: readonly I[];
  readonly policy: LockPolicy;
}

/**
 * Writes the items of a call, and resolves to an outcome of each, by key.
 *
 * Items whose turns are free are sent together; the others when their turns come. If the client leaves, the deadline passes or the gateway
 * stops, what is known is told immediately; writes that were sent are followed to their end, and keep their turns until then.
 *
 * @throws the error of CloudTower or of the gateway if it prevented all items from being sent.
 */
export function runWrites<I, O>(vmWrites: VmWrites, call: WriteCall<I, O>): Promise<Map<string, O>> {
  return new WriteRun(vmWrites, call).run();
}

class WriteRun<I, O> {
  private readonly ledger: WriteLedger<I, O>;
  /** Aborted when the result is no longer wanted. */
  private readonly unwanted: LinkedSignal;
  /** Aborted then, or when the wait for locks is over. */
  private readonly waitOver: LinkedSignal;
  /** Items whose turns have come and that are not sent yet, by turn. */
  private readonly admitted: (readonly I[])[] = [];
  /** Turns that have come, by their names. */
  private readonly turns = new Map<string, Turn>();
  /** Names this call in the intents of its writes. */
  private readonly holder = randomUUID();
  /** They may read more about accepted items after the turns were passed on. */
  private readonly sends: Promise<void>[] = [];
  /** Whether CloudTower accepts the caller is asked once per call. */
  private accepted: Promise<void> | undefined;

  constructor(
    private readonly vmWrites: VmWrites,
    private readonly call: WriteCall<I, O>,
  ) {
    const { session, items, kind, policy } = call;
    this.ledger = new WriteLedger(items, kind);
    this.unwanted = linkedSignal([session.signal, vmWrites.stopSignal]);
    this.waitOver = linkedSignal([this.unwanted.signal], this.waits ? policy.maxWaitMs : undefined, WAIT_IS_OVER);
  }

  async run(): Promise<Map<string, O>> {
    const { session, items, kind } = this.call;
    const groups = groupByKey(items, (item) => kind.turn(item));
    // It never fails: each group and each send records its own failure.
    const work = Promise.all([...groups].map(([turn, group]) => this.writeGroup(turn, group)))
      .then(() => Promise.all(this.sends))
      .finally(() => {
        this.unwanted.dispose();
        this.waitOver.dispose();
      });
    await untilAborted(work, session.signal);
    return this.ledger.outcomes(this.vmWrites.stopSignal.aborted ? new GatewayStoppingError() : undefined);
  }

  private get waits(): boolean {
    return this.call.policy.onLocked === "WAIT";
  }

  /** Writes the items of one turn, and again those that are locked, as long as the call waits for locks. */
  private async writeGroup(turn: string, group: readonly I[]): Promise<void> {
    const { vmWrites, ledger } = this;
    const place = { turn, signal: this.waitOver.signal, owner: this.call.session.credential.key };
    let leaveLockLine: (() => void) | undefined;
    let items = group;
    try {
      if (vmWrites.isBusy(turn)) items = await this.waiting(items, () => vmWrites.isBusy(turn));
      if (items.length === 0) return;
      if (this.waits) leaveLockLine = await vmWrites.enterLockLine(place);
      for (let attempt = 1; ; attempt += 1) {
        if (vmWrites.isBusy(turn)) ledger.queued(items);
        const entered = await vmWrites.enter(place, async () => {
          if (attempt === 1) items = await this.waiting(items, () => vmWrites.isHeldElsewhere(turn));
          return items.length > 0;
        });
        if (entered === undefined) return;
        this.turns.set(turn, entered);
        ledger.unsent(items);
        this.admit(items);
        await ledger.ended(items).finally(() => entered.release());
        const locked = ledger.lockedOf(items);
        if (!this.waits || locked.length === 0) return;
        await this.unlocked(locked, attempt);
        items = locked.map(({ item }) => item);
      }
    } catch (error) {
      if (!this.waitOver.signal.aborted) ledger.failed(items, error);
    } finally {
      leaveLockLine?.();
    }
  }

  /**
   * While another call, perhaps the one that sent them, has the turn, looks for the effects of items in doubt, for as long as for those of a
   * lost write. Those that are not found are unknown.
   *
   * @returns what is not in doubt, or no longer, and waits for the turn.
   */
  private async waiting(items: readonly I[], isBusy: () => boolean | Promise<boolean>): Promise<readonly I[]> {
    const { ledger } = this;
    const { limits } = this.vmWrites;
    ledger.queued(items);
    // A caller whom CloudTower refuses must not enter a line that others wait in.
    this.accepted ??= assertAccepted(this.call.session, this.call.kind.turnOf);
    await this.accepted;
    const sender = this.sender();
    const until = performance.now() + limits.verifyMs;
    let doubted = await sender.findDoubted(items);
    const unknown = () => {
      for (const [item, { leftMs }] of doubted) ledger.refused([item], new WriteOutcomeUnknownError(leftMs));
    };
    for (let attempt = 1; doubted.size > 0 && (await isBusy()); attempt += 1) {
      if (performance.now() >= until) unknown();
      if (ledger.queuedOf([...doubted.keys()]).length === 0) break;
      try {
        await wait(backoffMs(attempt, { firstMs: limits.pollMs, maxMs: MAX_LOOK_PAUSE_MS }), this.waitOver.signal);
      } catch (error) {
        unknown();
        throw error;
      }
      doubted = await sender.findDoubted([...doubted.keys()]);
    }
    return ledger.queuedOf(items);
  }

  /** Items that are admitted at the same time are sent together. */
  private admit(items: readonly I[]): void {
    if (this.admitted.push(items) > 1) return;
    const send = () => this.send(this.admitted.splice(0).flat());
    setImmediate(() => this.sends.push(send()));
  }

  private async send(items: readonly I[]): Promise<void> {
    const { ledger } = this;
    try {
      await this.sender().write(items);
      ledger.close(items);
    } catch (error) {
      ledger.close(items, this.unwanted.signal.aborted ? undefined : error);
    }
  }

  private sender(): WriteSender<I, O> {
    const { vmWrites, ledger } = this;
    const { kind, session } = this.call;
    const followed = session.detached(new Cancellation());
    const unwanted = this.unwanted.signal;
    const isSafe = (items: readonly I[]) => items.every((item) => this.turns.get(kind.turn(item))?.isSafe);
    const { holder } = this;
    return new WriteSender({
      ...{ vmWrites, kind, ledger, session: followed, left: session.signal, unwanted, holder, isSafe },
    });
  }

  /**
   * Resolves when the items are unlocked. Rejects if the wait is over before.
   *
   * @param attempt number of attempts that ended at a lock: what CloudTower locks may not show, so the pauses grow.
   */
  private async unlocked(
    locked: readonly { readonly item: I; readonly error: ResourceLockedError }[],
    attempt: number,
  ): Promise<void> {
    const { session, kind } = this.call;
    const { signal } = this.waitOver;
    const resources = locked.flatMap(({ error }) => error.lockedResources);
    const owners = { entity: kind.turnOf ?? "Vm", ids: locked.flatMap(({ item }) => kind.lockTargets(item)) };
    const { pollMs } = this.vmWrites.limits;
    await wait(backoffMs(attempt, { firstMs: pollMs, maxMs: MAX_PAUSE_MS }), signal);
    for (;;) {
      await wait(pollMs, signal);
      // A failed poll is repeated until the wait is over.
      if (await isUnlocked(session.detached(signal), resources, owners).catch(() => false)) return;
    }
  }
}

/** Resolves like `work`, or when the signal aborts; the work then goes on. */
function untilAborted(work: Promise<unknown>, signal: CancelSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, resolve);
    work.then(() => resolve(), reject).finally(stopListening);
  });
}

/** @throws the error of CloudTower if it does not accept the caller's credential. */
async function assertAccepted(session: UpstreamSession, list: LockOwner = "Vm"): Promise<void> {
  await readPage(session, list, { orderBy: "id_ASC", first: 1 });
}

/** Maximum pause before an attempt at something that was locked, in milliseconds. */
const MAX_PAUSE_MS = 5_000;
/** Maximum pause between two looks for what another call may have sent, in milliseconds. */
const MAX_LOOK_PAUSE_MS = 2_000;
const WAIT_IS_OVER = new TowerError(ErrorCode.UpstreamTimeout, "The wait for the lock is over.");
