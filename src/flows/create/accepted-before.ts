import { Task } from "../../resources/task/task.type.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Look, SentWrite } from "../writes/write-kind.js";
import { creationsOf } from "./creation-tasks.js";
import { identityKey } from "./find-existing.js";
import { created, invisibleSnapshot, type SnapshotOutcome } from "./snapshot-outcome.js";
import type { SnapshotRequest } from "./snapshot-request.js";

/** What is noted about a creation that was sent. */
interface Note {
  /** Consistency that was written. */
  readonly consistency: string;
  /** Once it was accepted: its id. */
  readonly id?: string;
  /** If that is not known: the ids of the call's snapshots, one of which may be this one. */
  readonly ids?: readonly string[];
}

/** A note as the register of doubts keeps it. */
export function noteOf(note: Note): string {
  return JSON.stringify(note);
}

/** A snapshot that an earlier call created. */
export interface AcceptedBefore {
  readonly id: string;
  readonly consistency: string;
}

/** Ids of what the call that sent the creation was told to have created. */
export function notedIds(sent: SentWrite | undefined): readonly string[] {
  if (sent === undefined) return [];
  const { id, ids = [] } = JSON.parse(sent.note) as Note;
  return id === undefined ? ids : [id];
}

/** The snapshot of an earlier call that was accepted, if it is known which one it is, and it may still be invisible. */
export function acceptedBefore(sent: SentWrite | undefined): AcceptedBefore | undefined {
  if (sent === undefined || sent.leftMs <= 0) return undefined;
  const { id, consistency } = JSON.parse(sent.note) as Note;
  return id === undefined ? undefined : { id, consistency };
}

/** Accepted snapshots that CloudTower does not show yet, unless their tasks have failed: then nothing is known to be there. */
export async function invisibleLooks(session: UpstreamSession, accepted: ReadonlyMap<SnapshotRequest, AcceptedBefore>) {
  const looks = new Map<string, Look<SnapshotOutcome>>();
  if (accepted.size === 0) return looks;
  const creations = await creationsOf(
    session,
    [...accepted.values()].map(({ id }) => id),
  );
  for (const [request, { id, consistency }] of accepted) {
    const task = creations.get(id);
    if (task?.status === "FAILED") continue;
    const snapshot = invisibleSnapshot(id, request, consistency);
    const outcome = { ...created(snapshot, task === undefined ? null : new Task(task)), created: false };
    looks.set(identityKey(request), { kind: "there", outcome, certain: false });
  }
  return looks;
}
