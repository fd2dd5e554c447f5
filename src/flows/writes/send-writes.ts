import { CoordinationUnavailable, type Intent } from "../../coordination/coordination.js";
import { wait } from "../../kernel/backoff.js";
import type { CancelSignal } from "../../kernel/cancellation.js";
import { ErrorCode } from "../../kernel/errors.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import { type EndedWrite, endDoubts, isInDoubt, sentBefore } from "./ended-writes.js";
import { isWithoutEffect } from "./refusals.js";
import { RefusedCalls } from "./refused-calls.js";
import { forVerifyTime } from "./repeated-steps.js";
import type { SendOptions } from "./send-options.js";
import type { WriteResponse } from "./write-calls.js";
import { WriteOutcomeUnknownError } from "./write-errors.js";
import type { Look } from "./write-kind.js";

/**
 * The protocol of a write: look, send what is absent, and settle each item in the ledger.
 *
 * A write that may have had an effect is never sent again; its effect is looked for, and if it is not found the item stays in doubt. A call
 * for several that CloudTower refused is looked for like a lost one, since a part of it may have been done. If there is no sign of that, it is
 * sent again without the items that CloudTower names, or one by one.
 */
export class WriteSender<I, O> {
  private readonly refused: RefusedCalls<I, O>;

  constructor(private readonly options: SendOptions<I, O>) {
    this.refused = new RefusedCalls(options, {
      write: (items) => this.write(items),
      find: (notes, items, doubtUntil) => this.find(notes, items, doubtUntil),
    });
  }

  /** Writes items whose turns the call has. @throws if a look failed: what is not settled then was not sent. */
  async write(items: readonly I[], lookUntil = performance.now() + this.limits.verifyMs): Promise<void> {
    const { kind, unwanted, vmWrites, ledger } = this.options;
    if (items.length === 0) return;
    const doubts = await vmWrites.intents.known(items.map((item) => kind.key(item)));
    const { absent, pending } = await this.look(items, doubts);
    await this.send(absent);
    if (pending.length === 0) return;
    if (performance.now() < lookUntil) {
      await wait(this.limits.pollMs, unwanted);
      return this.write(pending, lookUntil);
    }
    ledger.refused(pending, new WriteOutcomeUnknownError(this.limits.verifyMs));
  }

  /**
   * Looks once for the effects of items in doubt, and settles those that are found. Needs no turn: it sends nothing.
   *
   * @returns those of the items that are still in doubt.
   */
  async findDoubted(items: readonly I[]): Promise<ReadonlyMap<I, Intent>> {
    const { kind, ledger, session, unwanted, vmWrites } = this.options;
    const doubts = await vmWrites.intents.known(items.map((item) => kind.key(item)));
    const doubted = items.filter((item) => isInDoubt(doubts.get(kind.key(item))));
    const sent = sentBefore(doubts);
    const looks =
      doubted.length === 0
        ? new Map<string, Look<O>>()
        : await kind.look(session.detached(unwanted), doubted, sent).catch(() => new Map<string, Look<O>>());
    const open = new Map<I, Intent>();
    for (const item of doubted) {
      const look = looks.get(kind.key(item));
      if (look?.kind === "there") ledger.settled(item, look.outcome);
      else open.set(item, doubts.get(kind.key(item)) as Intent);
    }
    return open;
  }

  /** Settles the items that need not or must not be sent. */
  private async look(items: readonly I[], doubts: ReadonlyMap<string, Intent>) {
    const { kind, ledger, session, unwanted, vmWrites } = this.options;
    const looks = await kind.look(session.detached(unwanted), items, sentBefore(doubts)).catch((error: unknown) => {
      // A caller whom CloudTower refuses learns nothing; for others, an item in doubt stays so whatever fails.
      const isRefused = error instanceof UpstreamError && error.code === ErrorCode.Unauthenticated;
      if (!isRefused) this.keepDoubted(items, doubts);
      throw error;
    });
    const absent = new Map<I, string>();
    const pending: I[] = [];
    const found: EndedWrite<O>[] = [];
    const certain = new Map<string, Intent>();
    for (const item of items) {
      const key = kind.key(item);
      const look = looks.get(key) ?? { kind: "pending" };
      const doubt = doubts.get(key);
      if (look.kind === "there") {
        ledger.settled(item, look.outcome);
        if (look.certain) found.push({ key, note: doubt?.note, holder: doubt?.holder, outcome: look.outcome });
        continue;
      }
      if (isInDoubt(doubt) && !look.isSettled) {
        ledger.refused([item], new WriteOutcomeUnknownError(doubt.leftMs));
        continue;
      }
      if (isInDoubt(doubt)) certain.set(key, doubt);
      if (look.kind === "absent") absent.set(item, look.note);
      else if (look.kind === "pending") pending.push(item);
      else if (look.kind === "locked") ledger.locked(item, look.error);
      else ledger.refused([item], look.error);
    }
    await Promise.all([...certain].map(([key, { holder }]) => vmWrites.intents.forget([key], holder)));
    await this.ended(found);
    return { absent, pending };
  }

  /** Items in doubt stay so if their effects are not found. */
  private keepDoubted(items: readonly I[], doubts: ReadonlyMap<string, Intent>): void {
    const { kind, ledger } = this.options;
    for (const item of items) {
      const doubt = doubts.get(kind.key(item));
      if (isInDoubt(doubt)) ledger.refused([item], new WriteOutcomeUnknownError(doubt.leftMs));
    }
  }

  private ended(writes: readonly EndedWrite<O>[]): Promise<void> {
    return endDoubts(writes, this.options);
  }

  private async send(notes: ReadonlyMap<I, string>): Promise<void> {
    const { kind, ledger, session, unwanted, vmWrites, isSafe } = this.options;
    if (unwanted.aborted) return ledger.close([...notes.keys()]);
    const items = await this.declare(notes);
    const [first, ...rest] = items;
    if (first === undefined) return;
    const keyed = new Map(items.map((item) => [kind.key(item), notes.get(item) ?? ""]));
    let doubtUntil: number | undefined;
    const onSent = () => {
      vmWrites.intents.sent([...keyed.keys()]);
      doubtUntil = performance.now() + this.limits.doubtMs;
      ledger.sent(items, doubtUntil);
    };
    let responses: readonly WriteResponse[];
    try {
      const objection = () => (isSafe(items) ? undefined : new CoordinationUnavailable(LEASE_ENDED));
      responses = await kind.send(session, [first, ...rest], { unsentSignal: unwanted, objection, onSent });
    } catch (error) {
      const failure = error instanceof UpstreamError ? error.failure : undefined;
      if (doubtUntil !== undefined && !isWithoutEffect(failure)) return this.verify(keyed, items, doubtUntil);
      await this.ended([...keyed].map(([key, note]) => ({ key, note })));
      ledger.unsent(items);
      if (unwanted.aborted && error === unwanted.reason) return ledger.close(items);
      return this.refused.settle(new Map(items.map((item) => [item, notes.get(item) ?? ""])), error, failure);
    }
    const acceptedNotes = await this.settleAccepted(items, responses);
    // A response can leave items out: what became of them is looked for like after a lost response.
    const omitted = ledger.sentOf(items);
    if (omitted.length > 0 && doubtUntil !== undefined) {
      await this.verify(new Map([...keyed, ...acceptedNotes]), omitted, doubtUntil);
    }
  }

  /** Declares the writes. @returns those that may be sent: no other call, which may have lost its turn, has sent them. */
  private async declare(notes: ReadonlyMap<I, string>): Promise<readonly I[]> {
    const { kind, ledger, vmWrites, holder } = this.options;
    const items = [...notes.keys()];
    const keyed = new Map(items.map((item) => [kind.key(item), notes.get(item) ?? ""]));
    if (items.length === 0) return [];
    try {
      const before = await vmWrites.intents.declare(keyed, this.limits.doubtMs, holder);
      this.keepDoubted(items, before);
      return items.filter((item) => !before.has(kind.key(item)));
    } catch (error) {
      ledger.close(items, error);
      return [];
    }
  }

  /** Looks for the effects of a write whose response was lost, until the time is over or the result is no longer wanted. */
  private async verify(sentNotes: ReadonlyMap<string, string>, items: readonly I[], doubtUntil: number): Promise<void> {
    const { open } = await this.find(sentNotes, items, doubtUntil);
    this.options.ledger.refused(open, new WriteOutcomeUnknownError(doubtUntil - performance.now()));
  }

  /** @returns the items that were not found, and whether the last look succeeded and saw nothing that may be making one of them. */
  private async find(sentNotes: ReadonlyMap<string, string>, items: readonly I[], doubtUntil: number) {
    const { kind, ledger, session } = this.options;
    const notes = new Map(items.map((item) => [kind.key(item), sentNotes.get(kind.key(item)) ?? ""]));
    const leftMs = Math.max(1, doubtUntil - performance.now());
    const sent = new Map([...notes].map(([key, note]) => [key, { note, byThisCall: true, leftMs }]));
    await this.keep(notes, leftMs);
    let open = items;
    let isCertain = false;
    await forVerifyTime(this.limits, this.options.unwanted, async (signal) => {
      const looks = await kind.look(session.detached(signal), open, sent).catch((error: unknown) => {
        // A look that the end of the time cuts off says nothing.
        if (!signal.aborted) isCertain = false;
        throw error;
      });
      isCertain = open.every((item) => (looks.get(kind.key(item))?.kind ?? "pending") !== "pending");
      const found: EndedWrite<O>[] = [];
      open = open.filter((item) => {
        const key = kind.key(item);
        const look = looks.get(key);
        if (look?.kind !== "there") return true;
        ledger.settled(item, look.outcome);
        if (look.certain) found.push({ key, note: notes.get(key), outcome: look.outcome });
        return false;
      });
      await this.ended(found);
      return open.length === 0;
    });
    return { open, isCertain };
  }

  /** Nothing throws from here on: the write was accepted. @returns what was noted about accepted items, by key. */
  private async settleAccepted(items: readonly I[], responses: readonly WriteResponse[]): Promise<Map<string, string>> {
    const { kind, ledger, session, left, unwanted } = this.options;
    const accepted = kind.accepted(items, responses);
    const notes = new Map([...accepted].flatMap(([key, { note }]) => (note === undefined ? [] : [[key, note]])));
    await this.keep(notes, this.limits.doubtMs);
    const certain = [...accepted].filter(([key]) => !notes.has(key));
    await this.ended(certain.map(([key, { outcome }]) => ({ key, note: undefined, outcome })));
    let open = items;
    const complete = async (signal: CancelSignal) => {
      const completed = await kind.complete(session.detached(signal), open, responses);
      for (const item of open) {
        const outcome = completed.get(kind.key(item))?.outcome;
        if (outcome !== undefined) ledger.settled(item, outcome);
      }
      open = open.filter((item) => !completed.has(kind.key(item)));
      const better = [...completed].flatMap(([key, { note }]) => (note === undefined ? [] : [[key, note] as const]));
      await this.keep(new Map(better), this.limits.doubtMs);
      const visible = [...completed].filter(([_, { isVisible }]) => isVisible);
      await this.ended(visible.map(([key, { outcome }]) => ({ key, note: notes.get(key), outcome })));
      return unwanted.aborted || open.every((item) => !accepted.get(kind.key(item))?.isUnmatched);
    };
    const isMatched = [...accepted.values()].every(({ isUnmatched }) => !isUnmatched);
    for (const item of items) {
      const outcome = accepted.get(kind.key(item))?.outcome;
      if (outcome !== undefined) ledger.settled(item, outcome);
    }
    // A gateway that is stopping still reads once.
    await forVerifyTime(this.limits, left, complete, isMatched ? 1 : undefined);
    return notes;
  }

  /** Keeps writes that were sent in doubt. Never fails: while Redis is away, this process remembers them. */
  private async keep(notes: ReadonlyMap<string, string>, forMs: number): Promise<void> {
    const { vmWrites, holder } = this.options;
    await vmWrites.intents.keep(notes, forMs, holder).catch(() => {});
  }

  private get limits() {
    return this.options.vmWrites.limits;
  }
}

const LEASE_ENDED = "The turn of this gateway to write was over, or nearly, before the write could be sent.";
