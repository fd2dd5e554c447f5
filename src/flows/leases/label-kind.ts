import type { UpstreamSession, WriteOptions } from "../../upstream/session.js";
import type { MutationError } from "../writes/mutation-errors.js";
import { readAll } from "../writes/object-rows.js";
import { runWrites } from "../writes/run-writes.js";
import type { VmWrites } from "../writes/vm-writes.js";
import { sendCreateLabels, type WriteResponse } from "../writes/write-calls.js";
import { UpstreamRejectedError } from "../writes/write-errors.js";
import type { Accepted, Look, WriteKind } from "../writes/write-kind.js";

/** A label to find or to make. */
export interface WantedLabel {
  readonly key: string;
  readonly value: string;
}

/** A label that exists, or why it does not. */
export interface FoundLabel {
  readonly id: string | null;
  readonly error: MutationError | undefined;
  /** Whether this call made it. */
  readonly isNew: boolean;
}

/** Ids of labels in the order in which they are wanted: those that exist, or that are made, once. @throws as `runWrites` */
export async function findOrMakeLabels(
  session: UpstreamSession,
  vmWrites: VmWrites,
  wanted: readonly WantedLabel[],
): Promise<FoundLabel[]> {
  const policy = { onLocked: "FAIL", maxWaitMs: 0 } as const;
  const outcomes = await runWrites(vmWrites, { session, kind: LABEL_KIND, items: wanted, policy });
  // Another gateway may have made it in the meantime, so that CloudTower refused to make it again.
  const refused = wanted.filter((label) => outcomes.get(LABEL_KIND.key(label))?.error instanceof UpstreamRejectedError);
  const looks = refused.length === 0 ? new Map() : await LABEL_KIND.look(session, refused, new Map());
  return wanted.map((label) => {
    const key = LABEL_KIND.key(label);
    const look: Look<FoundLabel> | undefined = looks.get(key);
    return look?.kind === "there" ? look.outcome : (outcomes.get(key) as FoundLabel);
  });
}

const LABEL_KIND: WriteKind<WantedLabel, FoundLabel> = {
  key: ({ key, value }) => `label ${key}=${value}`,
  turn: ({ key, value }) => `label ${key}=${value}`,
  target: ({ key, value }) => `label ${key}=${value}`,
  lockTargets: () => [],
  // A second label with the same key and value does as well as the first.
  isIdempotent: true,
  async look(session, items) {
    const rows = await readAll(session, "Label", { OR: items.map(({ key, value }) => ({ key, value })) });
    const looks = new Map<string, Look<FoundLabel>>();
    for (const item of items) {
      // CloudTower may compare texts without regard to case.
      const row = rows.find(({ key, value }) => key === item.key && value === item.value);
      const outcome = { id: row?.id ?? null, error: undefined, isNew: false };
      looks.set(
        LABEL_KIND.key(item),
        row === undefined ? { kind: "absent", note: "" } : { kind: "there", outcome, certain: true },
      );
    }
    return looks;
  },
  send(session: UpstreamSession, items: readonly WantedLabel[], options: WriteOptions) {
    return sendCreateLabels(session, items, options);
  },
  accepted(items: readonly WantedLabel[], responses: readonly WriteResponse[]) {
    const [only] = responses;
    const isCertain = items.length === 1 && responses.length === 1 && only !== undefined;
    return new Map(
      items.map((item): [string, Accepted<FoundLabel>] => [
        LABEL_KIND.key(item),
        isCertain ? { outcome: { id: only.resourceId, error: undefined, isNew: true }, note: "" } : { note: "" },
      ]),
    );
  },
  async complete(session, items) {
    const looks = await LABEL_KIND.look(session, items, new Map());
    return new Map(
      [...looks].flatMap(([key, look]) =>
        look.kind === "there" ? [[key, { outcome: { ...look.outcome, isNew: true }, isVisible: true }]] : [],
      ),
    );
  },
  failed: (_, error) => ({ id: null, error, isNew: false }),
};
