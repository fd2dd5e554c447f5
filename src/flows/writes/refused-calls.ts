import { chunk } from "../../kernel/group.js";
import type { UpstreamFailure } from "../../upstream/upstream-error.js";
import { refusalOf } from "./refusals.js";
import { lockedErrors, lockedResources } from "./resource-locks.js";
import type { SendOptions } from "./send-options.js";
import { WriteOutcomeUnknownError } from "./write-errors.js";

/** What settling a refused call needs of the protocol. */
interface Sender<I> {
  /** Looks at items and sends those that are absent. @throws if a look failed. */
  write(items: readonly I[]): Promise<void>;
  /** Looks for the effects of items, as after a lost response. */
  find(
    notes: ReadonlyMap<string, string>,
    items: readonly I[],
    doubtUntil: number,
  ): Promise<{ readonly open: readonly I[]; readonly isCertain: boolean }>;
}

/** Calls that CloudTower refused: nothing was written, or at most a part of a call for several items. */
export class RefusedCalls<I, O> {
  constructor(
    private readonly options: SendOptions<I, O>,
    private readonly sender: Sender<I>,
  ) {}

  /** Settles the items, or writes them again. */
  async settle(notes: ReadonlyMap<I, string>, error: unknown, failure: UpstreamFailure | undefined): Promise<void> {
    const { kind, ledger, session } = this.options;
    const items = [...notes.keys()];
    const locked = failure && lockedResources(failure);
    if (locked !== undefined) {
      const errors = await lockedErrors({ session, locked, items, targetsOf: (item) => kind.lockTargets(item) });
      for (const [item, lockError] of errors) ledger.locked(item, lockError);
      const rest = await this.undone(
        items.filter((item) => !errors.has(item)),
        notes,
        items.length,
      );
      return errors.size > 0 ? this.writeAgain(rest, notes) : this.writeAlone(rest, notes);
    }
    const refusal = failure && refusalOf(failure);
    if (failure === undefined || refusal === undefined) return ledger.close(items, error);
    const [only, ...others] = items;
    if (only !== undefined && others.length === 0) {
      return ledger.refused(items, (await kind.refusal?.(session, only, failure)) ?? refusal);
    }
    return this.writeAlone(await this.undone(items, notes, items.length), notes);
  }

  /**
   * Looks for those of the items that were done although CloudTower refused the call for `count` items.
   *
   * @returns the items, if there is no sign that any was done; else none: those that are not found stay in doubt.
   */
  private async undone(items: readonly I[], notes: ReadonlyMap<I, string>, count: number): Promise<readonly I[]> {
    const { kind, ledger, vmWrites, unwanted, holder } = this.options;
    if (kind.isIdempotent || count === 1 || items.length === 0) return items;
    const keyed = new Map(items.map((item) => [kind.key(item), notes.get(item) ?? ""]));
    const doubtUntil = performance.now() + this.options.vmWrites.limits.doubtMs;
    ledger.sent(items, doubtUntil);
    const { open, isCertain } = await this.sender.find(keyed, items, doubtUntil);
    if (!isCertain || open.length < items.length || unwanted.aborted) {
      ledger.refused(open, new WriteOutcomeUnknownError(doubtUntil - performance.now()));
      return [];
    }
    await vmWrites.intents.forget([...keyed.keys()], holder);
    ledger.unsent(items);
    return items;
  }

  /** Finds the items that CloudTower refuses, and writes the others. */
  private async writeAlone(items: readonly I[], notes: ReadonlyMap<I, string>): Promise<void> {
    for (const some of chunk(items, ALONE_AT_ONCE)) {
      await Promise.all(some.map((item) => this.writeAgain([item], notes)));
    }
  }

  /** Writes items of a call that was refused as a whole. Until they are looked at, CloudTower may have acted on a part of them. */
  private async writeAgain(items: readonly I[], notes: ReadonlyMap<I, string>): Promise<void> {
    const { kind, ledger, vmWrites, holder } = this.options;
    try {
      await this.sender.write(items);
    } catch {
      const open = ledger.unsentOf(items);
      const keyed = new Map(open.map((item) => [kind.key(item), notes.get(item) ?? ""]));
      await vmWrites.intents.keep(keyed, vmWrites.limits.doubtMs, holder).catch(() => {});
      ledger.refused(open, new WriteOutcomeUnknownError(vmWrites.limits.doubtMs));
    }
  }
}

/** Maximum number of items that are sent at the same time after their call was refused. */
const ALONE_AT_ONCE = 8;
