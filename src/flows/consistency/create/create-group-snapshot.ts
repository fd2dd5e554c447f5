import type { UpstreamSession } from "../../../upstream/session.js";
import { checkId } from "../../writes/check-ids.js";
import { nameError } from "../../writes/check-name.js";
import { InvalidInputError } from "../../writes/mutation-errors.js";
import { type LockPolicy, runWrites } from "../../writes/run-writes.js";
import type { VmWrites } from "../../writes/vm-writes.js";
import { WriteOutcomeUnknownError } from "../../writes/write-errors.js";
import { ConsistencyGroupNotFoundError } from "../group-errors.js";
import { GroupSnapshotKind } from "./group-snapshot-kind.js";
import { failure, type GroupSnapshotOutcome } from "./group-snapshot-outcome.js";
import { type GroupReadiness, waitForGroupSnapshot } from "./group-snapshot-ready.js";

/** How a snapshot of a consistency group is created. */
export interface CreateGroupSnapshotOptions {
  /** Id of the group as it was sent, global or bare. */
  readonly inputId: string;
  readonly name: string;
  readonly policy: LockPolicy;
  /** How long to wait until the snapshot is usable; 0 for not at all. */
  readonly waitMs: number;
}

/** Outcome of a creation, together with what was requested. */
export interface CreateGroupSnapshotResult extends GroupSnapshotOutcome, GroupReadiness {
  /** Bare id of the group; null if the sent one is malformed or CloudTower does not show it. */
  readonly groupId: string | null;
  readonly name: string;
}

/** Creates a snapshot of a consistency group once: group and name are its identity. With `waitMs` waits until it is usable. */
export async function createGroupSnapshot(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { inputId, name, policy, waitMs }: CreateGroupSnapshotOptions,
): Promise<CreateGroupSnapshotResult> {
  const { id: groupId, error } = checkId("ConsistencyGroup", inputId);
  const refusal = error ?? nameError(name);
  if (groupId === null || refusal !== undefined) {
    const outcome = failure(refusal ?? new InvalidInputError("The id of the consistency group is missing."));
    return { groupId, name, ...outcome, ready: null, missing: [] };
  }
  const kind = new GroupSnapshotKind(vmWrites.users);
  const request = { groupId, name };
  const outcomes = await runWrites(vmWrites, { session, kind, items: [request], policy });
  const outcome = outcomes.get(kind.key(request)) ?? failure(new WriteOutcomeUnknownError(0));
  const isMissing = outcome.errors.some((one) => one instanceof ConsistencyGroupNotFoundError);
  const waited = await waitForGroupSnapshot(session, vmWrites, {
    outcome,
    members: outcome.created ? kind.members : 0,
    waitMs,
  });
  return { groupId: isMissing ? null : groupId, name, ...waited };
}
