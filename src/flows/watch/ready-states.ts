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
import { SNAPSHOT_PASSES_PER_TICK } from "./watch-limits.js";
import { FRESH_MS, type WatchPace } from "./watch-pace.js";
import { Watchers } from "./watchers.js";

/** A watcher of a snapshot: gets one event. */
export type ReadyWatcher = ConflatedStream<ReadyEvent>;

/** How long a watcher waits. */
interface Patience {
  /** For the end of its time. */
  readonly timer: NodeJS.Timeout;
  /** Whether it also waits that long for a snapshot that CloudTower does not show. */
  readonly forMissing: boolean;
}

/** State of a watched snapshot. */
interface Watched extends SnapshotState {
  readonly watchers: Watchers<ReadyWatcher, Patience>;
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

  /**
   * @param timeoutMs the watcher's own time limit.
   * @param forMissing whether it also waits that long for a snapshot that CloudTower does not show.
   */
  add(snapshotId: string, watcher: ReadyWatcher, client: string, timeoutMs: number, forMissing = false): void {
    const watched: Watched = this.snapshots.get(snapshotId) ?? {
      ...unreadSnapshot(snapshotId),
      watchers: new Watchers(),
    };
    this.snapshots.set(snapshotId, watched);
    const expire = () => this.expire(watched, watcher, timeoutMs);
    const timer = setTimeout(expire, Math.min(timeoutMs, MAX_TIMER_MS));
    watched.watchers.add(watcher, client, { timer, forMissing });
    this.lane.add(watched, client);
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
    });
  }

  refused({ watchers }: Watched, error: Error): void {
    for (const { watcher } of watchers.list()) watcher.fail(error);
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
        watcher.push(new ReadyEvent(gone, { reasons, errors: [new SnapshotNotFoundError(watched.id)] }));
        watcher.end();
      } else {
        const message = `CloudTower has not shown a VM snapshot with the id ${quote(watched.id)} for ${seconds} s. Check the id.`;
        watcher.fail(new TowerError(ErrorCode.NotFound, message));
      }
    }
  }

  /** The watcher's time is over: it gets what is known. Runs in a timer, so nothing may throw. */
  private expire(watched: Watched, watcher: ReadyWatcher, timeoutMs: number): void {
    const timedOut = (known: KnownSnapshot, reasons: readonly NotReadyReason[]) => {
      const error = new SnapshotNotReadyError(reasons, Math.round(timeoutMs / 1000));
      return new ReadyEvent(known, { reasons, errors: [error] });
    };
    try {
      const reasons = reasonsNotReady(watched);
      const late = new NotReadyReason("NOT_READ", "it was not read in time");
      watcher.push(timedOut(watched, reasons.length > 0 ? reasons : [late]));
    } catch {
      watcher.push(timedOut({ row: undefined, data: undefined, creation: undefined }, [unreadable()]));
    }
    watcher.end();
  }

  /** Each watcher gets its own event: objects attached to it belong to the watcher's operation. */
  private finish({ watchers }: Watched, event: () => ReadyEvent): void {
    for (const { watcher } of watchers.list()) {
      watcher.push(event());
      watcher.end();
    }
  }
}
