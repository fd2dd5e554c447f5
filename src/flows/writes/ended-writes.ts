import type { Intent } from "../../coordination/coordination.js";
import { groupByKey } from "../../kernel/group.js";
import type { SendOptions } from "./send-options.js";
import type { SentWrite } from "./write-kind.js";

/** A write whose outcome is known; without one, nothing was written. */
export interface EndedWrite<O> {
  readonly key: string;
  /** What was noted about it. */
  readonly note: string | undefined;
  /** The call that declared it. @default this one */
  readonly holder?: string | undefined;
  readonly outcome?: O | undefined;
}

/**
 * Writes whose outcomes are known are in doubt no longer. A caller who has left does not know the outcome, and a repetition could not tell it
 * from a later one if the effect itself does not: such a write stays in doubt.
 */
export async function endDoubts<I, O>(
  writes: readonly EndedWrite<O>[],
  { kind, left, vmWrites, holder: own }: Pick<SendOptions<I, O>, "kind" | "left" | "vmWrites" | "holder">,
): Promise<void> {
  const { intents } = vmWrites;
  const { toldNote } = kind;
  const told = writes.filter(({ outcome }) => toldNote === undefined || outcome === undefined || !left.aborted);
  const byHolder = groupByKey(told, ({ holder = own }) => holder);
  await Promise.all(
    [...byHolder].map(([holder, group]) => {
      if (toldNote === undefined) return intents.forget(keysOf(group), holder);
      const notes = new Map(group.map(({ key, note, outcome }) => [key, kind.toldNote?.(note, outcome) ?? ""]));
      return intents.keep(notes, 0, holder).catch(() => {});
    }),
  );
}

function keysOf(writes: readonly { readonly key: string }[]): string[] {
  return writes.map(({ key }) => key);
}

/** Whether a write must not be sent again yet. */
export function isInDoubt(doubt: Intent | undefined): doubt is Intent {
  return doubt !== undefined && doubt.leftMs > 0;
}

/** The remembered writes of earlier calls, by key. */
export function sentBefore(doubts: ReadonlyMap<string, Intent>): Map<string, SentWrite> {
  return new Map([...doubts].map(([key, { note, leftMs }]) => [key, { note, leftMs, byThisCall: false }]));
}
