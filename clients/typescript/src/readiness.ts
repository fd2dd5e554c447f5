import { type CallOptions, type Calls, dataOf } from "./calls.js";
import {
  GraphQLFailure,
  isTowerQLError,
  type MutationProblem,
  NotReadyError,
  type NotReadyReason,
  type TowerQLError,
} from "./errors.js";
import type { Result } from "./gateway.js";

/** A snapshot whose data can be read. */
export interface ReadySnapshot {
  /** Global id. */
  readonly id: string;
  readonly name: string | null;
  /** ISO 8601; null if CloudTower has no time. */
  readonly createdAt: string | null;
  readonly vmId: string | null;
  readonly disks: readonly ReadyDisk[];
}

/** A data disk as the snapshot froze it. */
export interface ReadyDisk {
  readonly index: number;
  readonly sizeBytes: number;
  /** The ZBS volume with the disk's data. */
  readonly zbsId: string;
}

/** A snapshot to wait for: its id, global or bare, or what `takeSnapshot` returned. */
export type WaitTarget = string | { readonly id: string };

/** State of the task that creates a snapshot. */
export interface SnapshotProgress {
  /** The snapshot's id as it was given. */
  readonly snapshotId: string;
  /** `PENDING`, `EXECUTING`, `PAUSED`, `SUCCEEDED` or `FAILED`. */
  readonly status: string;
  /** 0 to 1. */
  readonly progress: number;
}

/** How to wait. */
export interface WaitOptions extends CallOptions {
  /** Called with each change of the tasks that create the snapshots, as far as CloudTower shows them. */
  readonly onProgress?: (progress: SnapshotProgress) => void;
}

/** Snapshots of one stream. */
const MAX_SNAPSHOTS = 500;

const SUBSCRIPTION = `subscription WaitUntilReady($snapshotIds: [ID!]!) {
  vmSnapshotsReady(snapshotIds: $snapshotIds) {
    inputId ended ready
    reasons { code message diskIndex }
    errors { code message }
    task { status progress }
    snapshot { id name createdAt vm { id } disks(type: DISK) { index sizeBytes lunSnapshot { storageVolume { zbsId } } } }
  }
}`;

interface Event {
  readonly inputId: string;
  readonly ended: boolean;
  readonly ready: boolean | null;
  readonly reasons: readonly NotReadyReason[];
  readonly errors: readonly MutationProblem[];
  readonly task: { readonly status: string; readonly progress: number } | null;
  readonly snapshot: {
    readonly id: string;
    readonly name: string | null;
    readonly createdAt: string | null;
    readonly vm: { readonly id: string } | null;
    readonly disks: readonly {
      readonly index: number;
      readonly sizeBytes: number;
      readonly lunSnapshot: { readonly storageVolume: { readonly zbsId: string } };
    }[];
  } | null;
}

type Outcomes = Map<string, ReadySnapshot | TowerQLError>;

/** The wait for each snapshot, in the order of the targets. @throws the signal's reason only. */
export async function waitUntilReady(
  calls: Calls,
  targets: readonly WaitTarget[],
  options: WaitOptions = {},
): Promise<PromiseSettledResult<ReadySnapshot>[]> {
  const ids = targets.map((target) => (typeof target === "object" ? target.id : target));
  const different = [...new Set(ids)];
  const outcomes: Outcomes = new Map();
  const waits: Promise<void>[] = [];
  for (let at = 0; at < different.length; at += MAX_SNAPSHOTS) {
    waits.push(waitForAll(calls, different.slice(at, at + MAX_SNAPSHOTS), options, outcomes));
  }
  await Promise.all(waits);
  return ids.map((id) => {
    const outcome = outcomes.get(id);
    if (outcome === undefined || isTowerQLError(outcome)) return { status: "rejected", reason: outcome };
    return { status: "fulfilled", value: outcome };
  });
}

async function waitForAll(
  calls: Calls,
  ids: readonly string[],
  { signal, onProgress }: WaitOptions,
  outcomes: Outcomes,
): Promise<void> {
  const patience = calls.patience(signal);
  for (;;) {
    // Those of which CloudTower did not tell: it may the next time.
    const untold = new Map<string, TowerQLError>();
    const open = ids.filter((id) => !outcomes.has(id));
    try {
      for await (const { event, failure } of events(calls, open, signal)) {
        const { inputId, ended, task, reasons, errors } = event;
        if (outcomes.has(inputId)) continue;
        if (task !== null) onProgress?.({ snapshotId: inputId, status: task.status, progress: task.progress });
        if (!ended) continue;
        const notReady = new NotReadyError(inputId, reasons, errors);
        if (reasons.some(({ code }) => code === "NOT_READ")) untold.set(inputId, notReady);
        else outcomes.set(inputId, event.ready ? (failure ?? readyOf(event) ?? notReady) : notReady);
      }
    } catch (error) {
      if (!isTowerQLError(error)) throw error;
      for (const id of open) if (!outcomes.has(id)) outcomes.set(id, error);
    }
    if (untold.size === 0) return;
    if (await patience.another()) continue;
    for (const [id, error] of untold) outcomes.set(id, error);
    return;
  }
}

interface Told {
  readonly event: Event;
  /** What could not be resolved below the event; it concerns this snapshot alone. */
  readonly failure: GraphQLFailure | undefined;
}

async function* events(calls: Calls, snapshotIds: readonly string[], signal: AbortSignal | undefined) {
  const options = signal ? { signal } : {};
  for await (const { data } of calls.subscribe<Told, object>(SUBSCRIPTION, { snapshotIds }, options, toldIn))
    yield data;
}

/** @throws the errors of a result without an event. */
function toldIn(result: Result): Told {
  const { vmSnapshotsReady: event } = (result.data ?? {}) as { vmSnapshotsReady?: Event | null };
  if (!event) return { event: dataOf<{ vmSnapshotsReady: Event }>(result).vmSnapshotsReady, failure: undefined };
  return { event, failure: result.errors?.length ? new GraphQLFailure(result.errors, result.data) : undefined };
}

function readyOf({ ready, snapshot }: Event): ReadySnapshot | undefined {
  if (!ready || snapshot === null) return undefined;
  const { id, name, createdAt, vm, disks } = snapshot;
  return {
    id,
    name,
    createdAt,
    vmId: vm?.id ?? null,
    disks: disks.map(({ index, sizeBytes, lunSnapshot }) => ({
      index,
      sizeBytes,
      zbsId: lunSnapshot.storageVolume.zbsId,
    })),
  };
}
