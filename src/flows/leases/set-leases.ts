import { asError, TowerError } from "../../kernel/errors.js";
import { EXPIRES_KEY, expiryLabel, expiryMs, OWNER_KEY } from "../../resources/vm-snapshot/lease-labels.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { type MutationError, SnapshotNotFoundError } from "../writes/mutation-errors.js";
import { runWrites } from "../writes/run-writes.js";
import type { VmWrites } from "../writes/vm-writes.js";
import { UpstreamFailedError, WriteOutcomeUnknownError } from "../writes/write-errors.js";
import { sendLabels } from "./label-calls.js";
import { findOrMakeLabels, type WantedLabel } from "./label-kind.js";
import type { LeaseLabel, LeaseState } from "./lease.js";
import { LeaseOfAnotherOwnerError, SnapshotNotLeasedError } from "./lease-errors.js";
import { type LeaseGoal, type LeaseItem, LeaseKind, type LeaseOutcome } from "./lease-kind.js";
import { deleteStaleLabels } from "./stale-labels.js";

/** A lease to set. */
export interface LeaseTerm {
  /** Whose it becomes. Absent: the snapshot must have a lease, which keeps its owner. */
  readonly owner?: string;
  /** For how long from now, in seconds; rounded up to the next expiry step. */
  readonly seconds: number;
}

/** A lease change never waits for a lock: labels are not what tasks lock. */
const POLICY = { onLocked: "FAIL", maxWaitMs: 0 } as const;

/**
 * Puts leases on snapshots, or extends those that they have, and resolves to an outcome of each, by snapshot id. A lease is never
 * shortened: the latest expiry label counts, and only earlier ones are taken off, after the new one was read back.
 *
 * @throws the error of CloudTower or of the gateway if it prevented everything.
 */
export async function putLeases(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { items, term: { owner, seconds } }: { readonly items: readonly LeaseItem[]; readonly term: LeaseTerm },
): Promise<ReadonlyMap<string, LeaseOutcome>> {
  const expires = expiryLabel(Date.now() + seconds * 1000);
  const wanted: WantedLabel[] = [{ key: EXPIRES_KEY, value: expires }];
  if (owner !== undefined) wanted.push({ key: OWNER_KEY, value: owner });
  const labels = await findOrMakeLabels(session, vmWrites, wanted);
  const labelIds = labels.flatMap(({ id }) => id ?? []);
  const error = labels.find((label) => label.error !== undefined)?.error;
  if (error !== undefined) return new Map(items.map(({ snapshotId }) => [snapshotId, failure(error)]));
  const kind = new LeaseKind(putGoal({ owner, expires, labelIds }));
  const outcomes = await run(session, vmWrites, { kind, items });
  await takeOffEarlier(session, outcomes, expires);
  if (labels[0]?.isNew) await deleteStaleLabels(session);
  return outcomes;
}

/** Takes the leases off snapshots; one without a lease stays as it is. @throws as `putLeases` */
export function takeOffLeases(
  session: UpstreamSession,
  vmWrites: VmWrites,
  items: readonly LeaseItem[],
): Promise<ReadonlyMap<string, LeaseOutcome>> {
  return run(session, vmWrites, { kind: new LeaseKind(RELEASED), items });
}

async function run(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { kind, items }: { readonly kind: LeaseKind; readonly items: readonly LeaseItem[] },
): Promise<ReadonlyMap<string, LeaseOutcome>> {
  const outcomes = await runWrites(vmWrites, { session, kind, items, policy: POLICY });
  return new Map(
    items.flatMap((item) => {
      const { snapshotId } = item;
      const outcome = outcomes.get(kind.key(item));
      if (outcome === undefined) return [];
      // A new snapshot was waited for until the time was over: that no label was sent is certain.
      const isInvisible =
        !kind.hasSeen(snapshotId) && outcome.errors.some((error) => error instanceof WriteOutcomeUnknownError);
      return [[snapshotId, isInvisible ? failure(new SnapshotNotFoundError(snapshotId)) : outcome]];
    }),
  );
}

/** Why an error that was thrown kept a lease from being set. Only messages made for clients are shown. */
export function leaseFailure(thrown: unknown): MutationError {
  const error = asError(thrown);
  return new UpstreamFailedError(error instanceof TowerError ? error.message : "the gateway failed.");
}

function failure(error: MutationError): LeaseOutcome {
  return { snapshot: null, lease: null, errors: [error] };
}

function putGoal({
  owner,
  expires,
  labelIds,
}: {
  readonly owner: string | undefined;
  readonly expires: string;
  readonly labelIds: readonly string[];
}): LeaseGoal {
  const isOwned = ({ owners }: LeaseState) => owner === undefined || owners.includes(owner);
  return {
    name: `lease until ${expires} of ${owner ?? "its owner"}`,
    endpoint: "add-labels-to-resources",
    isReached: (lease) => isOwned(lease) && lease.exists && lease.labels.some((label) => isAtLeast(label, expires)),
    refusal({ owners, exists }) {
      if (owner === undefined) return exists ? undefined : new SnapshotNotLeasedError();
      return owners.some((other) => other !== owner) ? new LeaseOfAnotherOwnerError(owners) : undefined;
    },
    labelIds: () => labelIds,
  };
}

const RELEASED: LeaseGoal = {
  name: "release",
  endpoint: "remove-labels-from-resources",
  isReached: ({ labels }) => labels.length === 0,
  refusal: () => undefined,
  labelIds: (leases) => [...new Set(leases.flatMap(({ labels }) => labels.map(({ id }) => id)))],
};

function isAtLeast({ key, value }: LeaseLabel, expires: string): boolean {
  return key === EXPIRES_KEY && expiryMs(value) !== undefined && (value as string) >= expires;
}

/**
 * Takes off the expiry labels that later ones replace. If that fails, the lease is what it should be all the same: the latest label counts,
 * and the next renewal takes them off.
 */
async function takeOffEarlier(
  session: UpstreamSession,
  outcomes: ReadonlyMap<string, LeaseOutcome>,
  expires: string,
): Promise<void> {
  const renewed = [...outcomes].flatMap(([id, { lease, errors }]) =>
    lease === null || errors.length > 0 ? [] : [{ id, earlier: lease.labels.filter(isEarlier(expires)) }],
  );
  const targets = renewed.filter(({ earlier }) => earlier.length > 0);
  if (targets.length === 0) return;
  const labelIds = [...new Set(targets.flatMap(({ earlier }) => earlier.map(({ id }) => id)))];
  const snapshotIds = targets.map(({ id }) => id);
  await sendLabels(session, "remove-labels-from-resources", { labelIds, snapshotIds }).catch(() => {});
}

function isEarlier(expires: string) {
  return (label: LeaseLabel) => label.key === EXPIRES_KEY && !isAtLeast(label, expires);
}
