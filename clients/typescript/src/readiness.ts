import type { CallOptions, Calls } from "./calls.js";
import { isTowerQLError, type MutationProblem, NotReadyError, type NotReadyReason } from "./errors.js";

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

/** A snapshot to wait for: its id, global or bare, or what `takeSnapshot` returned, whose task's progress can then be told. */
export type WaitTarget = string | { readonly id: string; readonly taskId: string | null };

/** State of the task that creates a snapshot. */
export interface SnapshotProgress {
  readonly snapshotId: string;
  /** `PENDING`, `EXECUTING`, `PAUSED`, `SUCCEEDED` or `FAILED`. */
  readonly status: string;
  /** 0 to 1. */
  readonly progress: number;
}

/** How to wait. */
export interface WaitOptions extends CallOptions {
  /** Called with each change of the tasks that create the snapshots. */
  readonly onProgress?: (progress: SnapshotProgress) => void;
}

/** Streams open at a time; more snapshots wait, which costs nothing, as their readiness is told immediately then. */
const STREAMS = 20;

/** Tasks of one `tasksProgress`. */
const MAX_TASKS = 500;

const PROGRESS = `subscription Progress($taskIds: [ID!]!) { tasksProgress(taskIds: $taskIds) { id status progress } }`;

interface TaskEvent {
  readonly tasksProgress: { readonly id: string; readonly status: string; readonly progress: number };
}

const SUBSCRIPTION = `subscription WaitUntilReady($snapshotId: ID!) {
  vmSnapshotReady(snapshotId: $snapshotId) {
    ready
    reasons { code message diskIndex }
    errors { code message }
    snapshot { id name createdAt vm { id } disks(type: DISK) { index sizeBytes lunSnapshot { storageVolume { zbsId } } } }
  }
}`;

interface Event {
  readonly vmSnapshotReady: {
    readonly ready: boolean;
    readonly reasons: readonly NotReadyReason[];
    readonly errors: readonly MutationProblem[];
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
  };
}

/** The wait for each snapshot, in the order of the targets. @throws the signal's reason only. */
export async function waitUntilReady(
  calls: Calls,
  targets: readonly WaitTarget[],
  { signal, onProgress }: WaitOptions = {},
): Promise<PromiseSettledResult<ReadySnapshot>[]> {
  const settled: PromiseSettledResult<ReadySnapshot>[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < targets.length; at = next++) {
      try {
        settled[at] = { status: "fulfilled", value: await ready(calls, idOf(targets[at]), signal) };
      } catch (reason) {
        if (!isTowerQLError(reason)) throw reason;
        settled[at] = { status: "rejected", reason };
      }
    }
  };
  const done = new AbortController();
  if (onProgress !== undefined) void follow(calls, targets, onProgress, done.signal);
  try {
    await Promise.all(Array.from({ length: Math.min(STREAMS, targets.length) }, work));
  } finally {
    done.abort();
  }
  return settled;
}

function idOf(target: WaitTarget | undefined): string {
  return typeof target === "object" ? target.id : (target ?? "");
}

/** Tells the progress of the tasks. Only for people: what goes wrong here does not concern the wait. */
async function follow(
  calls: Calls,
  targets: readonly WaitTarget[],
  tell: (progress: SnapshotProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const snapshots = new Map(
    targets.flatMap((target) => (typeof target === "object" && target.taskId ? [[target.taskId, target.id]] : [])),
  );
  const taskIds = [...snapshots.keys()].slice(0, MAX_TASKS);
  if (taskIds.length === 0) return;
  try {
    for await (const { data } of calls.subscribe<TaskEvent, object>(PROGRESS, { taskIds }, { signal })) {
      const { id, status, progress } = data.tasksProgress;
      tell({ snapshotId: snapshots.get(id) ?? "", status, progress });
    }
  } catch {}
}

async function ready(calls: Calls, snapshotId: string, signal: AbortSignal | undefined): Promise<ReadySnapshot> {
  const patience = calls.patience(signal);
  for (;;) {
    const event = await first(calls.subscribe<Event, object>(SUBSCRIPTION, { snapshotId }, signal ? { signal } : {}));
    const { ready, reasons, errors, snapshot } = event.vmSnapshotReady;
    if (ready && snapshot !== null) {
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
    // CloudTower did not tell: it may the next time.
    const untold = reasons.some(({ code }) => code === "NOT_READ");
    if (!untold || !(await patience.another())) throw new NotReadyError(snapshotId, reasons, errors);
  }
}

async function first<T>(events: AsyncIterable<{ readonly data: T }>): Promise<T> {
  for await (const { data } of events) return data;
  throw new Error("the gateway completed the stream without an event");
}
