import type { ConflatedStream } from "../../kernel/conflated-stream.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { indexByKey } from "../../kernel/group.js";
import { quote } from "../../kernel/text/global-id.js";
import { creationTaskOf } from "../../resources/task/creation-task.js";
import { Task } from "../../resources/task/task.type.js";
import { isFinal } from "../../resources/task/task-status.js";
import { readByIds, readByKeys } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { type FrozenData, frozenDataOf, missingOf } from "../snapshot-data/frozen-data.js";
import { SnapshotFailedError, SnapshotNotFoundError, SnapshotNotReadyError } from "../writes/mutation-errors.js";
import { ReadyEvent } from "./ready-event.js";
import { FRESH_MS, type WatchPace } from "./watch-pace.js";

/** A watcher of a snapshot: gets one event. */
export type ReadyWatcher = ConflatedStream<ReadyEvent>;

/** State of a watched snapshot. */
interface Watched {
  readonly watchers: Set<ReadyWatcher>;
  readonly since: number;
  /** Since when reads have not shown it; undefined while they do. */
  missingSince: number | undefined;
  /** The task that creates it, once it is found. */
  task: Row<"Task"> | undefined;
  /** When the success of the task was first seen. */
  succeededAt: number | undefined;
  row: Row<"VmSnapshot"> | undefined;
  data: FrozenData | undefined;
}

/** The kind of read that a snapshot needs next. */
type Stage = "task" | "snapshot" | "data";
const STAGES: readonly Stage[] = ["task", "snapshot", "data"];
/** Maximum calls per tick, in addition to the poll of tasks. */
const CALLS_PER_TICK = 2;

/**
 * The snapshots that the watchers of one credential wait for. A snapshot is ready when its task has succeeded, no task is on it, and
 * each of its data disks leads to a ZBS volume.
 *
 * A tick reads many snapshots with one call per stage, for at most two stages: those that were read the longest ago. Snapshots that do
 * not fit into a call wait for the next tick.
 */
export class ReadyStates {
  private readonly snapshots = new Map<string, Watched>();
  private readonly lastRun = new Map<Stage, number>();

  constructor(private readonly pace: WatchPace) {}

  get size(): number {
    return this.snapshots.size;
  }

  /** The tasks to poll: those that have not ended. */
  get taskIds(): string[] {
    return [...this.snapshots.values()].flatMap(({ task }) => (task !== undefined && !isFinal(task) ? [task.id] : []));
  }

  /** @returns whether the snapshot was not watched before. */
  add(snapshotId: string, watcher: ReadyWatcher): boolean {
    const known = this.snapshots.get(snapshotId);
    const watched = known ?? {
      watchers: new Set(),
      since: performance.now(),
      missingSince: undefined,
      task: undefined,
      succeededAt: undefined,
      row: undefined,
      data: undefined,
    };
    this.snapshots.set(snapshotId, watched);
    watched.watchers.add(watcher);
    return known === undefined;
  }

  /** Removes the watcher, and the snapshot with its last watcher. */
  remove(snapshotId: string, watcher: ReadyWatcher): void {
    const watched = this.snapshots.get(snapshotId);
    watched?.watchers.delete(watcher);
    if (watched?.watchers.size === 0) this.snapshots.delete(snapshotId);
  }

  /** Applies the rows of a poll of tasks. */
  updateTasks(rows: ReadonlyMap<string, Row<"Task">>): void {
    for (const [id, watched] of [...this.snapshots]) {
      const row = watched.task && rows.get(watched.task.id);
      if (row !== undefined) this.recordTask(id, watched, row);
    }
  }

  /**
   * Makes the reads that are needed next: at most two calls.
   *
   * @returns whether the next two calls can follow immediately.
   */
  async advance(session: UpstreamSession): Promise<boolean> {
    const waiting = STAGES.filter((stage) => this.inStage(stage).length > 0);
    const oldestFirst = waiting.toSorted((a, b) => (this.lastRun.get(a) ?? 0) - (this.lastRun.get(b) ?? 0));
    // The data that a snapshot's row leads to can be read in the same tick.
    const chosen = oldestFirst.slice(0, CALLS_PER_TICK);
    if (chosen.length === 1 && chosen[0] === "snapshot") chosen.push("data");
    for (const stage of STAGES.filter((name) => chosen.includes(name))) {
      const batch = this.inStage(stage).slice(0, session.options.idsPerCall);
      if (batch.length === 0) continue;
      this.lastRun.set(stage, performance.now());
      await this.run(stage, session, batch);
      // Rotate the batch so that a full call cannot starve the rest.
      for (const [id, watched] of batch) if (this.forget(id, watched)) this.snapshots.set(id, watched);
    }
    return !chosen.includes("data") && this.inStage("data").length > 0;
  }

  /** Ends the watchers of snapshots that have exceeded the time limit. */
  expire(now: number): void {
    const { readyTimeoutMs } = this.pace;
    for (const [id, watched] of [...this.snapshots]) {
      if (now - watched.since < readyTimeoutMs) continue;
      const error = new SnapshotNotReadyError(missingOf(watched), readyTimeoutMs / 1000);
      this.finish(id, watched, () => new ReadyEvent(false, watched.data ?? watched.row, watched.task, [error]));
    }
  }

  /** Whether a watch has just begun or a task has just ended: then poll quickly. */
  isQuick(now: number): boolean {
    for (const { since, succeededAt, task } of this.snapshots.values()) {
      if (now - since < FRESH_MS || now - (succeededAt ?? 0) < 2 * FRESH_MS) return true;
      if (task?.status === "PENDING") return true;
    }
    return false;
  }

  /** Ends every stream with the error. */
  fail(error: Error): void {
    for (const { watchers } of [...this.snapshots.values()]) for (const watcher of [...watchers]) watcher.fail(error);
  }

  private inStage(stage: Stage): [string, Watched][] {
    return [...this.snapshots].filter(([, watched]) => stagesOf(watched).includes(stage));
  }

  private run(stage: Stage, session: UpstreamSession, batch: readonly (readonly [string, Watched])[]): Promise<void> {
    switch (stage) {
      case "task":
        return this.findTasks(session, batch);
      case "snapshot":
        return this.readSnapshots(session, batch);
      case "data":
        return this.findData(session, batch);
    }
  }

  private async findTasks(session: UpstreamSession, batch: readonly (readonly [string, Watched])[]): Promise<void> {
    const ids = batch.map(([id]) => id);
    const rows = await readByKeys(session, "Task", ids, (resource_id_in) => ({ resource_id_in }));
    for (const [id, watched] of batch) {
      const own = rows.filter((row) => row.resource_id === id);
      if (own.length > 0) this.recordTask(id, watched, creationTaskOf(own));
    }
  }

  private async readSnapshots(session: UpstreamSession, batch: readonly (readonly [string, Watched])[]): Promise<void> {
    const rows = await readByIds(
      session,
      "VmSnapshot",
      batch.map(([id]) => id),
    );
    const byId = indexByKey(rows, (row) => row.id);
    for (const [id, watched] of batch) {
      const row = byId.get(id);
      if (row === undefined) this.missing(id, watched);
      else {
        watched.row = row;
        watched.missingSince = undefined;
      }
    }
  }

  private async findData(session: UpstreamSession, batch: readonly (readonly [string, Watched])[]): Promise<void> {
    const rows = batch.flatMap(([, { row }]) => row ?? []);
    const byId = await frozenDataOf(session, rows);
    for (const [id, watched] of batch) {
      const data = byId.get(id);
      watched.data = data;
      if (data === undefined || data.missing.length > 0) continue;
      this.finish(id, watched, () => new ReadyEvent(true, data, watched.task, []));
    }
  }

  private recordTask(id: string, watched: Watched, row: Row<"Task">): void {
    watched.task = row;
    if (row.status === "SUCCESSED") watched.succeededAt ??= performance.now();
    if (row.status !== "FAILED") return;
    this.finish(id, watched, () => new ReadyEvent(false, watched.row, row, [new SnapshotFailedError(new Task(row))]));
  }

  /** A snapshot that was seen before is gone; one that was never seen is unknown. */
  private missing(id: string, watched: Watched): void {
    const now = performance.now();
    watched.missingSince ??= now;
    if (now - watched.missingSince < this.pace.appearMs) return;
    if (watched.row !== undefined || watched.task !== undefined) {
      this.finish(id, watched, () => new ReadyEvent(false, undefined, watched.task, [new SnapshotNotFoundError(id)]));
      return;
    }
    const seconds = Math.round(this.pace.appearMs / 1000);
    const message = `CloudTower has not shown a VM snapshot with the id ${quote(id)} for ${seconds} s. Check the id.`;
    for (const watcher of [...watched.watchers]) watcher.fail(new TowerError(ErrorCode.NotFound, message));
  }

  /** Each watcher gets its own event: objects attached to it belong to the watcher's operation. */
  private finish(id: string, watched: Watched, event: () => ReadyEvent): void {
    this.forget(id, watched);
    for (const watcher of [...watched.watchers]) {
      watcher.push(event());
      watcher.end();
    }
  }

  /** Keeps a newer entry: the snapshot may have been watched again while a call was under way. */
  private forget(id: string, watched: Watched): boolean {
    return this.snapshots.get(id) === watched && this.snapshots.delete(id);
  }
}

/** A snapshot whose task has not ended has nothing to read. */
function stagesOf({ task, row }: Watched): Stage[] {
  if (task !== undefined && !isFinal(task)) return [];
  const stages: Stage[] = task === undefined ? ["task"] : [];
  const complete = row !== undefined && !row.entityAsyncStatus && Array.isArray(row.vm_disks);
  return [...stages, complete ? "data" : "snapshot"];
}
