import type { ConflatedStream } from "../../kernel/conflated-stream.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { quote } from "../../kernel/text/global-id.js";
import { Task } from "../../resources/task/task.type.js";
import { NotReadyReason } from "../../resources/vm-snapshot/not-ready-reason.type.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { unreadable } from "../snapshot-data/readiness.js";
import { SnapshotFailedError, SnapshotNotFoundError, SnapshotNotReadyError } from "../writes/mutation-errors.js";
import { type LaneReports, type PollFailure, PollLane, type PollTarget } from "./poll-lane.js";
import { type KnownSnapshot, ReadyEvent } from "./ready-event.js";
import {
  hasCertainlyFailed,
  readSnapshots,
  reasonsNotReady,
  type SnapshotState,
  unreadSnapshot,
} from "./snapshot-pass.js";
import type { Update } from "./update.js";
import { SNAPSHOT_PASSES_PER_TICK } from "./watch-limits.js";
import { FRESH_MS, type WatchPace } from "./watch-pace.js";
import { Watchers } from "./watchers.js";

/** A watcher of one snapshot or of several. The last update of a snapshot is its outcome. */
export type ReadyWatcher = ConflatedStream<Update<ReadyEvent>>;

/** How a watcher watches a snapshot. */
export interface ReadyWatch {
  /** The watcher's own time limit, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether it also waits that long for a snapshot that CloudTower does not show. @default false */
  readonly forMissing?: boolean;
  /** Whether it also gets what is known before the outcome, with each change. @default false */
  readonly follows?: boolean;
  /** Is called after the outcome. */
  ended(): void;
}

type Details = ReadyWatch & { readonly timer: NodeJS.Timeout };

/** State of a watched snapshot. */
interface Watched extends SnapshotState {
  readonly watchers: Watchers<ReadyWatcher, Details>;
  /** What the followers were told last, to detect changes. */
  told: string;
  shownProgress: number;
}

/** The longest delay that a timer can have. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * The snapshots that the watchers of one credential wait for. A snapshot is ready when no task is on it, CloudTower's description of it
 * is complete, and each of its data disks leads to a ZBS volume.
 *
 * What is not ready is read again in its turn, all of it: a snapshot can also vanish, and a task can come back.
 */
export class ReadyStates implements PollTarget<Watched> {
  readonly stage = "snapshots";
  readonly lane: PollLane<Watched>;
  private readonly snapshots = new Map<string, Watched>();

  constructor(
    private readonly pace: WatchPace,
    batchSize: number,
    reports: LaneReports,
  ) {
    this.lane = new PollLane(this, { batchSize, pollsPerTick: SNAPSHOT_PASSES_PER_TICK }, reports);
  }

  get size(): number {
    return this.snapshots.size;
  }

  /** Whether the client watches the snapshot already. */
  isWatchedBy(client: string, snapshotId: string): boolean {
    return this.snapshots.get(snapshotId)?.watchers.has(client) ?? false;
  }

  /** Reports the outcome of the snapshot to the watcher; to one that follows it, also the known state and each later change. */
  add(snapshotId: string, watcher: ReadyWatcher, client: string, watch: ReadyWatch): void {
    const watched: Watched = this.snapshots.get(snapshotId) ?? {
      ...{ ...unreadSnapshot(snapshotId), watchers: new Watchers() },
      ...{ told: "", shownProgress: 0 },
    };
    this.snapshots.set(snapshotId, watched);
    const timer = setTimeout(() => this.expire(watched, watcher, watch), Math.min(watch.timeoutMs, MAX_TIMER_MS));
    watched.watchers.add(watcher, client, { ...watch, timer });
    this.lane.add(watched, client);
    if (watch.follows && watched.tasksReadAt !== undefined) watcher.push(pending(watched), snapshotId);
  }

  /** Removes the watcher, and the snapshot with its last watcher. @returns whether its client no longer watches the snapshot. */
  remove(snapshotId: string, watcher: ReadyWatcher): boolean {
    const watched = this.snapshots.get(snapshotId);
    const removed = watched?.watchers.remove(watcher);
    if (watched === undefined || removed === undefined) return false;
    clearTimeout(removed.details.timer);
    if (watched.watchers.size === 0) {
      this.snapshots.delete(snapshotId);
      this.lane.remove(watched);
    }
    return !watched.watchers.has(removed.client);
  }

  clientsOf({ watchers }: Watched): Iterable<string> {
    return watchers.watchingClients;
  }

  async poll(session: UpstreamSession, entries: readonly Watched[]): Promise<readonly PollFailure<Watched>[]> {
    return readSnapshots(session, entries, {
      recheckMs: this.pace.appearMs / 2,
      evaluate: (each) => this.evaluate(each),
      passed: (each) => this.tellFollowers(each),
    });
  }

  refused(watched: Watched, error: Error): void {
    this.finish(watched, () => error);
  }

  /** Whether a watch has just begun or a task has just ended: then poll quickly. */
  isQuick(now: number): boolean {
    for (const { since, endedAt, openTask } of this.snapshots.values()) {
      if (now - since < FRESH_MS || now - (endedAt ?? Number.NEGATIVE_INFINITY) < 2 * FRESH_MS) return true;
      if (openTask?.status === "PENDING") return true;
    }
    return false;
  }

  /** Ends every stream with the error. */
  fail(error: Error): void {
    for (const { watchers } of [...this.snapshots.values()])
      for (const { watcher } of watchers.list()) watcher.fail(error);
  }

  /** Ends the watchers if what was read is certain. */
  private evaluate(watched: Watched): void {
    const reasons = reasonsNotReady(watched);
    if (reasons.length === 0) {
      this.finish(watched, () => new ReadyEvent(watched, { reasons, errors: [] }));
    } else if (hasCertainlyFailed(watched) && watched.creation !== undefined) {
      const error = new SnapshotFailedError(new Task(watched.creation));
      const known: KnownSnapshot =
        watched.missingSince === undefined ? watched : { ...watched, row: undefined, data: undefined };
      this.finish(watched, () => new ReadyEvent(known, { reasons, errors: [error] }));
    } else if (reasons.some(({ isFinal }) => isFinal)) {
      this.finish(watched, () => new ReadyEvent(watched, { reasons, errors: [new SnapshotNotReadyError(reasons)] }));
    } else if (watched.missingSince !== undefined) {
      this.missing(watched, watched.missingSince);
    }
  }

  /** Tells those that follow the snapshot what is known before its outcome, if that has changed. */
  private tellFollowers(watched: Watched): void {
    const followers = watched.watchers.list().filter(({ details }) => details.follows);
    if (followers.length === 0) return;
    const { creation } = watched;
    if (creation !== undefined) watched.shownProgress = new Task(creation, watched.shownProgress).progress;
    const reasons = reasonsNotReady(watched).map(({ code, diskIndex }) => [code, diskIndex]);
    const told = JSON.stringify([reasons, creation?.status, watched.shownProgress, creation?.steps]);
    if (told === watched.told) return;
    watched.told = told;
    for (const { watcher } of followers) watcher.push(pending(watched), watched.id);
  }

  /** A snapshot that was seen before is gone; one that was never seen is unknown. Each watcher waits for its own time. */
  private missing(watched: Watched, missingSince: number): void {
    const { appearMs } = this.pace;
    const now = performance.now();
    const gone = { row: undefined, data: undefined, creation: watched.creation };
    const seconds = Math.round(appearMs / 1000);
    for (const { watcher, since, details } of watched.watchers.list()) {
      if (details.forMissing || now - Math.max(missingSince, since) < appearMs) continue;
      if (watched.row !== undefined || watched.creation !== undefined) {
        const reasons = reasonsNotReady(watched);
        const outcome = new ReadyEvent(gone, { reasons, errors: [new SnapshotNotFoundError(watched.id)] });
        this.end(watched, watcher, details, outcome);
      } else {
        const message = `CloudTower has not shown a VM snapshot with the id ${quote(watched.id)} for ${seconds} s. Check the id.`;
        this.end(watched, watcher, details, new TowerError(ErrorCode.NotFound, message));
      }
    }
  }

  /** The watcher's time is over: it gets what is known. Runs in a timer, so nothing may throw. */
  private expire(watched: Watched, watcher: ReadyWatcher, watch: ReadyWatch): void {
    const timedOut = (known: KnownSnapshot, reasons: readonly NotReadyReason[]) => {
      const error = new SnapshotNotReadyError(reasons, Math.round(watch.timeoutMs / 1000));
      return new ReadyEvent(known, { reasons, errors: [error] });
    };
    let outcome: ReadyEvent;
    try {
      const reasons = reasonsNotReady(watched);
      const late = new NotReadyReason("NOT_READ", "it was not read in time");
      outcome = timedOut(watched, reasons.length > 0 ? reasons : [late]);
    } catch {
      outcome = timedOut({ row: undefined, data: undefined, creation: undefined }, [unreadable()]);
    }
    this.end(watched, watcher, watch, outcome);
  }

  /** Each watcher gets its own event: objects attached to it belong to the watcher's operation. */
  private finish(watched: Watched, outcome: () => ReadyEvent | Error): void {
    for (const { watcher, details } of watched.watchers.list()) this.end(watched, watcher, details, outcome());
  }

  private end({ id }: Watched, watcher: ReadyWatcher, { ended }: ReadyWatch, state: ReadyEvent | Error): void {
    watcher.push({ id, state, ended: true }, id);
    ended();
  }
}

/** What is known of a snapshot before its outcome. Does not throw. */
function pending(watched: Watched): Update<ReadyEvent> {
  let state: ReadyEvent;
  try {
    state = new ReadyEvent(watched, { reasons: reasonsNotReady(watched), errors: [] });
  } catch {
    const known = { row: undefined, data: undefined, creation: undefined };
    state = new ReadyEvent(known, { reasons: [unreadable()], errors: [] });
  }
  return { id: watched.id, state, ended: false };
}
