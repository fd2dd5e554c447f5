import { ConflatedStream } from "../../../kernel/conflated-stream.js";
import { asError, ErrorCode, TowerError } from "../../../kernel/errors.js";
import type { LoopAccess } from "../../watch/loop-part.js";
import type { ReadyEvent } from "../../watch/ready-event.js";
import type { ReadyWatcher } from "../../watch/ready-states.js";
import { stateOf } from "../../watch/update.js";
import { FRESH_MS } from "../../watch/watch-pace.js";
import { hasPassed } from "./snapshot-outcomes.js";

/** A snapshot that is neither ready nor failed. */
interface UnderWay {
  readonly watcher: ReadyWatcher;
  readonly since: number;
  /** The time from which the list of snapshots has to be read again to find it; undefined while it has no row. */
  createdAt: number | undefined;
  /** When the task that creates it ended, on CloudTower's clock, and when this was seen. */
  taskEndedAt: number | undefined;
  endSeenAt: number | undefined;
}

/** What is known of the times of a snapshot. */
interface Times {
  readonly createdAt?: number | undefined;
  readonly taskEndedAt?: number | undefined;
}

/** Times that the cursors must not pass; undefined for none. */
interface Holds {
  readonly snapshots: number | undefined;
  readonly tasks: number | undefined;
}

const NO_HOLDS: Holds = { snapshots: undefined, tasks: undefined };

/** The oldest times are found again at most this often. */
const RECOUNT_MS = 50;

function older(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/** Snapshots that are watched at the same time; others wait. */
const MAX_WATCHED = 20_000;
/** The time of a watcher is ended by its task, not by a timer. */
const NEVER_MS = Number.MAX_SAFE_INTEGER;

/** The snapshots that are under way, each watched like by `vmSnapshotReady` until it is usable or will not become so. */
export class SnapshotsUnderWay {
  private readonly all = new Map<string, UnderWay>();
  private readonly waiting = new Set<string>();
  private oldest = NO_HOLDS;
  private isStale = false;
  private countedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly access: LoopAccess,
    /** Called with what became of a snapshot; undefined if it was never seen. */
    private readonly settled: (id: string, event: ReadyEvent | undefined) => void,
    private readonly failed: (error: Error) => void,
  ) {}

  has(id: string): boolean {
    return this.all.has(id);
  }

  get ids(): Iterable<string> {
    return this.all.keys();
  }

  /**
   * The oldest times from which the lists of snapshots and of tasks have to be read again to find out about all of them. May be a little
   * too old.
   */
  get holds(): Holds {
    const now = performance.now();
    if (!this.isStale || now - this.countedAt < RECOUNT_MS) return this.oldest;
    this.oldest = NO_HOLDS;
    this.isStale = false;
    this.countedAt = now;
    for (const each of this.all.values()) this.hold(each);
    return this.oldest;
  }

  private hold({ createdAt, taskEndedAt }: Times): void {
    const { snapshots, tasks } = this.oldest;
    this.oldest = { snapshots: older(snapshots, createdAt), tasks: older(tasks, taskEndedAt) };
  }

  /** Whether a snapshot became under way just now, or its task has just ended. */
  isQuick(now: number): boolean {
    for (const { since, endSeenAt } of this.all.values()) {
      if (now - since < 2 * FRESH_MS || now - (endSeenAt ?? Number.NEGATIVE_INFINITY) < 2 * FRESH_MS) return true;
    }
    return false;
  }

  /** Watches a snapshot; does nothing if it is watched already. */
  add(id: string, known: Times): void {
    const entry = this.all.get(id);
    const now = performance.now();
    if (entry !== undefined) {
      entry.createdAt = known.createdAt ?? entry.createdAt;
      if (known.taskEndedAt !== undefined) {
        entry.taskEndedAt ??= known.taskEndedAt;
        entry.endSeenAt ??= now;
      }
      this.hold(entry);
      return;
    }
    const { ready } = this.access;
    const watcher: ReadyWatcher = new ConflatedStream(() => ready.remove(id, watcher));
    const { createdAt, taskEndedAt } = known;
    const endSeenAt = taskEndedAt === undefined ? undefined : now;
    this.hold(known);
    this.all.set(id, { watcher, since: now, createdAt, taskEndedAt, endSeenAt });
    if (this.all.size - this.waiting.size > MAX_WATCHED) this.waiting.add(id);
    else this.watch(id, watcher);
  }

  /** Stops watching a snapshot, such as a deleted one. */
  drop(id: string): void {
    const entry = this.all.get(id);
    this.isStale = true;
    this.all.delete(id);
    this.waiting.delete(id);
    void entry?.watcher.return();
    const [next] = this.waiting;
    if (next === undefined || this.all.size - this.waiting.size >= MAX_WATCHED) return;
    this.waiting.delete(next);
    const waited = this.all.get(next);
    if (waited !== undefined) this.watch(next, waited.watcher);
  }

  /**
   * Those whose task ended long ago, or that have none and were taken long ago.
   *
   * @param newest time that CloudTower has shown.
   * @param hasOpenTask whether the task that creates a snapshot has not ended.
   */
  expired(newest: number, hasOpenTask: (id: string) => boolean): string[] {
    const { readyTimeoutMs } = this.access.pace;
    const now = performance.now();
    return [...this.all].flatMap(([id, { since, createdAt, taskEndedAt, endSeenAt }]) => {
      const beganAt = taskEndedAt ?? createdAt;
      const isOver = beganAt !== undefined && hasPassed(beganAt, readyTimeoutMs, newest);
      if (!isOver && now - (endSeenAt ?? since) < readyTimeoutMs) return [];
      return taskEndedAt === undefined && hasOpenTask(id) ? [] : [id];
    });
  }

  clear(): void {
    for (const id of [...this.all.keys()]) this.drop(id);
  }

  private watch(id: string, watcher: ReadyWatcher): void {
    const ended = () => watcher.end();
    this.access.ready.add(id, watcher, "events", { timeoutMs: NEVER_MS, forMissing: true, ended });
    this.access.hurry();
    void this.follow(id, watcher);
  }

  private async follow(id: string, watcher: ReadyWatcher): Promise<void> {
    let event: ReadyEvent | undefined;
    try {
      const result = await watcher.next();
      if (this.all.get(id)?.watcher !== watcher) return;
      event = result.done ? undefined : stateOf(result.value);
    } catch (error) {
      if (this.all.get(id)?.watcher !== watcher) return;
      if (!(error instanceof TowerError) || error.code !== ErrorCode.NotFound) {
        this.failed(asError(error));
        return;
      }
    }
    this.drop(id);
    this.settled(id, event);
  }
}
