import type { CancelSignal } from "../../kernel/cancellation.js";
import type { Doubt } from "./doubt-register.js";
import type { VmWrites } from "./vm-writes.js";
import type { SentWrite, WriteKind } from "./write-kind.js";

/** A write whose outcome is known; without one, nothing was written. */
export interface EndedWrite<O> {
  readonly key: string;
  /** What was noted about it. */
  readonly note: string | undefined;
  readonly outcome?: O | undefined;
}

/**
 * Writes whose outcomes are known are in doubt no longer. A caller who has left does not know the outcome, and a repetition could not tell it
 * from a later one if the effect itself does not: such a write stays in doubt.
 */
export async function endDoubts<I, O>(
  writes: readonly EndedWrite<O>[],
  {
    kind,
    left,
    vmWrites,
  }: { readonly kind: WriteKind<I, O>; readonly left: CancelSignal; readonly vmWrites: VmWrites },
): Promise<void> {
  const { doubts } = vmWrites;
  if (kind.toldNote === undefined) return doubts.forget(writes.map(({ key }) => key)).catch(() => {});
  const told = writes.filter(({ outcome }) => outcome === undefined || !left.aborted);
  const notes = new Map(told.map(({ key, note, outcome }) => [key, kind.toldNote?.(note, outcome) ?? ""]));
  await doubts.remember(notes, 0).catch(() => {});
}

/** Whether a write must not be sent again yet. */
export function isInDoubt(doubt: Doubt | undefined): doubt is Doubt {
  return doubt !== undefined && doubt.leftMs > 0;
}

/** The remembered writes of earlier calls, by key. */
export function sentBefore(doubts: ReadonlyMap<string, Doubt>): Map<string, SentWrite> {
  return new Map([...doubts].map(([key, { note, leftMs }]) => [key, { note, leftMs, byThisCall: false }]));
}
