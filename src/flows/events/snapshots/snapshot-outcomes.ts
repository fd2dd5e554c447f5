import { Task } from "../../../resources/task/task.type.js";
import { NotReadyReason } from "../../../resources/vm-snapshot/not-ready-reason.type.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import { ReadyEvent } from "../../watch/ready-event.js";
import {
  hasCertainlyFailed,
  readSnapshots,
  reasonsNotReady,
  type SnapshotState,
  unreadSnapshot,
} from "../../watch/snapshot-pass.js";
import { SnapshotFailedError, SnapshotNotFoundError, SnapshotNotReadyError } from "../../writes/mutation-errors.js";
import { timeOf } from "../lists/time-pages.js";
import { type KnownSnapshot, outcomeFacts } from "./snapshot-log.js";

/** How long a snapshot may take to become usable. */
export interface ReadyLimit {
  readonly timeoutMs: number;
  /** Newest time that CloudTower has shown: its clock has come at least that far. Infinity if the time is known to be over. */
  readonly newest: number;
}

/**
 * Finds out what became of snapshots, with the calls of `vmSnapshotReady`, for all of them together. Those that are still under way, or
 * could not be read, stay without an outcome.
 */
export async function judgeSnapshots(
  session: UpstreamSession,
  snapshots: readonly KnownSnapshot[],
  { timeoutMs, newest }: ReadyLimit,
): Promise<void> {
  const byState = new Map<SnapshotState, KnownSnapshot>();
  for (const each of snapshots) if (each.outcome === undefined) byState.set(unreadSnapshot(each.id), each);
  if (byState.size === 0) return;
  const evaluate = (state: SnapshotState) => {
    const snapshot = byState.get(state) as KnownSnapshot;
    const event = outcomeOf(state, snapshot, { timeoutMs, newest });
    if (event !== undefined) snapshot.outcome = { ...outcomeFacts(snapshot.id, snapshot.row, event) };
  };
  await readSnapshots(session, [...byState.keys()], { recheckMs: 0, evaluate });
}

/** What became of a snapshot that should have been created and that CloudTower does not show in time. */
export function missingEvent(id: string): ReadyEvent {
  const reasons = [new NotReadyReason("SNAPSHOT_MISSING", "CloudTower does not show it")];
  const known = { row: undefined, data: undefined, creation: undefined };
  return new ReadyEvent(known, { reasons, errors: [new SnapshotNotFoundError(id)] });
}

function outcomeOf(
  state: SnapshotState,
  { place }: KnownSnapshot,
  { timeoutMs, newest }: ReadyLimit,
): ReadyEvent | undefined {
  const { creation, missingSince, openTask } = state;
  if (missingSince !== undefined) return undefined;
  const reasons = reasonsNotReady(state);
  if (reasons.length === 0) return new ReadyEvent(state, { reasons, errors: [] });
  if (hasCertainlyFailed(state) && creation !== undefined) {
    return new ReadyEvent(state, { reasons, errors: [new SnapshotFailedError(new Task(creation))] });
  }
  const endedAt = creation === undefined ? place.at : timeOf(creation.finished_at);
  const isLate = openTask === undefined && endedAt !== undefined && hasPassed(endedAt, timeoutMs, newest);
  if (!isLate && !reasons.some(({ isFinal }) => isFinal)) return undefined;
  const waited = isLate ? Math.round(timeoutMs / 1000) : undefined;
  return new ReadyEvent(state, { reasons, errors: [new SnapshotNotReadyError(reasons, waited)] });
}

/**
 * Whether a time limit that began at a time of CloudTower has passed: CloudTower has shown a time after it, or it was so long ago that no
 * difference of clocks explains it.
 */
export function hasPassed(beganAt: number, limitMs: number, newest: number): boolean {
  return newest - beganAt >= limitMs || Date.now() - beganAt >= limitMs + DAY_MS;
}

const DAY_MS = 86_400_000;
