import { objectsIn } from "../../../kernel/odd-values.js";
import { deletesVmSnapshot, isUnnamed } from "../../../resources/task/task-mutation.js";
import { readAll } from "../../../upstream/reads.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import type { Row, Where } from "../../../upstream/wire/types.js";
import type { LoopAccess } from "../../watch/loop-part.js";
import type { ReadyEvent } from "../../watch/ready-event.js";
import { type SnapshotFacts, VmSnapshotEvent } from "../event.types.js";
import { bookmarkId, EventFeed, type EventWindows } from "../event-feed.js";
import { vmSnapshotEventFilter } from "../event-filters.js";
import type { EventStream } from "../event-stream.js";
import { checkNotInFuture } from "../feed-limits.js";
import type { EventCursors } from "../lists/event-cursor.js";
import { readNewestTime } from "../lists/newest-time.js";
import { resumedAt, SharedPages } from "../lists/place-reader.js";
import { readTimePage, timeOf, timeText } from "../lists/time-pages.js";
import { snapshotsOf } from "../tasks/slim-rows.js";
import type { TaskFeed, TaskListener } from "../tasks/task-feed.js";
import type { EndedTask } from "../tasks/task-log.js";
import {
  createdFacts,
  createsOne,
  deletedFacts,
  type KnownSnapshot,
  outcomeFacts,
  SnapshotLog,
} from "./snapshot-log.js";
import { judgeSnapshots, missingEvent } from "./snapshot-outcomes.js";
import { type Marks, type ReplaySource, SnapshotReplay } from "./snapshot-replay.js";
import { SnapshotsUnderWay } from "./under-way.js";

/** If CloudTower has more snapshots without a time than this, only sweeps read them. */
const MAX_UNDATED = 100;

/** The feed of snapshots of one credential and language. It learns of deletions and failures from the feed of tasks. */
export class SnapshotFeed extends EventFeed<VmSnapshotEvent> implements TaskListener, ReplaySource {
  readonly stage = "snapshots of events";
  private known: SnapshotLog | undefined;
  private readonly underWay: SnapshotsUnderWay;
  private readonly replays = new Set<SnapshotReplay>();
  /** Tasks that do not say what they did to a snapshot: they have deleted it if it is gone. */
  private readonly unnamed = new Map<string, Row<"Task">>();
  /** Number of snapshots without a time that the last read has shown. */
  private undated = 0;
  private stopListening: (() => void) | undefined;
  private readonly pages = new SharedPages<"VmSnapshot", KnownSnapshot>(
    (after, until) => readTimePage(this.access.session, "VmSnapshot", { after, until }),
    ({ row, place }): KnownSnapshot => ({ id: row.id, place, isUndated: false, row, outcome: undefined }),
    (entries) => this.judge(this.access.session, entries),
  );

  constructor(
    access: LoopAccess,
    windows: EventWindows,
    private readonly cursors: EventCursors,
    private readonly tasks: TaskFeed,
  ) {
    super(access, windows);
    this.underWay = new SnapshotsUnderWay(
      access,
      (id, event) => this.settled(id, event),
      (error) => this.fail(error),
    );
  }

  /** What is known of the snapshots, after the first read. */
  get log(): SnapshotLog {
    if (this.known === undefined) throw new Error("the snapshots have not been read yet");
    return this.known;
  }

  isQuick(now: number): boolean {
    return this.size > 0 && (this.known === undefined || this.underWay.isQuick(now));
  }

  /**
   * The events from now on, or since a cursor.
   *
   * @throws TowerError BAD_USER_INPUT for a filter or cursor that cannot be used, CURSOR_EXPIRED for one that is too old.
   */
  async subscribe(
    filter: object | null | undefined,
    after: string | null | undefined,
  ): Promise<EventStream<VmSnapshotEvent>> {
    const accepts = vmSnapshotEventFilter.compile(filter);
    const content = after == null ? undefined : this.cursors.decode("snapshots", after);
    this.use();
    try {
      if (this.known === undefined || content !== undefined || this.isFailing || this.tasks.isFailing) {
        await Promise.all([this.tasks.refreshed(), this.refreshed()]);
      }
      const snapshots = content?.snapshots;
      if (content === undefined || snapshots === undefined) return this.open(this.cursor(), accepts, undefined);
      checkNotInFuture(content.tasks.at, this.tasks.log.ended.end.at);
      checkNotInFuture(snapshots.at, this.log.created.end.at);
      await this.checkNotExpired(content.tasks.at);
      const [created, ended] = await Promise.all([
        resumedAt(snapshots, this.log.created, this.pages.getBare),
        resumedAt(content.tasks, this.tasks.log.ended, this.tasks.readEntries),
      ]);
      const replay = new SnapshotReplay(this, { created, ended }, accepts, () => this.replays.delete(replay));
      this.replays.add(replay);
      return this.open(after as string, accepts, replay);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  override use(): void {
    if (this.size === 0) {
      this.tasks.use();
      this.stopListening = this.tasks.listen(this);
    }
    super.use();
  }

  override release(): void {
    super.release();
    if (this.size === 0) this.tasks.release();
  }

  taskEnded({ row, place }: EndedTask): void {
    if (this.known !== undefined) this.learnTask(row, place.at);
  }

  tasksOpen(rows: readonly Row<"Task">[]): void {
    if (this.known === undefined) return;
    for (const row of rows)
      if (createsOne(row) && !this.isOver(row.resource_id)) this.underWay.add(row.resource_id, {});
  }

  /** The parts that a replay reads. */
  get sources(): ReplaySource["sources"] {
    return {
      created: this.log.created,
      ended: this.tasks.log.ended,
      readCreated: this.pages.get,
      readEnded: this.tasks.readEntries,
    };
  }

  /** Lets a snapshot be watched that a replay has found under way. */
  watch({ id, place }: KnownSnapshot): void {
    if (!this.isOver(id)) this.underWay.add(id, { createdAt: place.at });
  }

  isUnderWay(id: string): boolean {
    return this.underWay.has(id);
  }

  /** The event of a replay: one for all streams that get it with the same cursor. */
  replayed(marks: Marks, facts: SnapshotFacts): VmSnapshotEvent {
    const cursor = this.cursorOf(marks);
    return this.sharedEvent(cursor, facts.id, () => new VmSnapshotEvent(cursor, facts));
  }

  cursorOf({ created, ended }: Marks): string {
    return this.cursors.encode({ feed: "snapshots", tasks: ended, snapshots: created, pages: undefined });
  }

  bookmarkAt(cursor: string): VmSnapshotEvent {
    return new VmSnapshotEvent(cursor, {
      ...{ id: bookmarkId(), kind: "BOOKMARK", at: new Date().toISOString(), snapshotId: null },
    });
  }

  /** Judges which snapshots are usable, and which have failed. */
  judge(session: UpstreamSession, entries: readonly KnownSnapshot[]): Promise<void> {
    const newest = this.tasks.log.ended.end.at;
    return judgeSnapshots(session, entries, { timeoutMs: this.access.pace.readyTimeoutMs, newest });
  }

  protected bookmark(): VmSnapshotEvent {
    return this.bookmarkAt(this.cursor());
  }

  protected override idle(): void {
    this.stopListening?.();
    this.underWay.clear();
    this.unnamed.clear();
    this.known = undefined;
  }

  protected async read(session: UpstreamSession, isSweep: boolean): Promise<void> {
    if (this.known === undefined) return this.begin(session);
    const log = this.known;
    const { overlapMs, sweepMs } = this.windows;
    const { floor, end } = log.created;
    const since = Math.max(floor, end.at - (isSweep ? sweepMs : overlapMs));
    const asked = [...this.underWay.ids, ...this.unnamed.keys()].slice(0, session.options.idsPerCall);
    const withUndated = isSweep || this.undated <= MAX_UNDATED;
    const rows = objectsIn(await readAll(session, "VmSnapshot", whereOf(since, asked, withUndated)));
    if (this.known !== log) return;
    if (withUndated) this.undated = rows.filter((row) => row.local_created_at === null).length;
    const shown = new Set(rows.map(({ id }) => id));
    for (const { id, place, isUndated } of [...log.created.values()]) {
      if (place.at >= since && !shown.has(id) && (withUndated || !isUndated)) log.remove(id);
    }
    for (const row of inOrder(rows)) this.show(log, row);
    this.judgeUnnamed(new Set(asked), shown);
    await this.expire(session, log);
  }

  /** Ends the time of snapshots that took too long: unless they have become usable in this moment, they have failed. */
  private async expire(session: UpstreamSession, log: SnapshotLog): Promise<void> {
    const { log: tasks } = this.tasks;
    const creating = new Set(tasks.openRows().map((row) => row.resource_id));
    const expired = this.underWay.expired(tasks.ended.end.at, (id) => creating.has(id));
    const entries = expired.slice(0, session.options.idsPerCall).flatMap((id) => {
      const known = log.created.get(id);
      if (known === undefined) this.settled(id, missingEvent(id));
      return known === undefined ? [] : [{ ...known }];
    });
    const timeoutMs = this.access.pace.readyTimeoutMs;
    await judgeSnapshots(session, entries, { timeoutMs, newest: Number.POSITIVE_INFINITY });
    for (const { id, outcome } of entries) {
      if (outcome === undefined || this.isOver(id)) continue;
      this.underWay.drop(id);
      log.settle(id, outcome);
      this.tellAll(outcome);
    }
  }

  /** The first read: what is there already is no news. */
  private async begin(session: UpstreamSession): Promise<void> {
    const { sweepMs } = this.windows;
    const keptMs = Math.max(2 * sweepMs, this.access.pace.readyTimeoutMs);
    const [newest] = await Promise.all([readNewestTime(session, "VmSnapshot"), this.tasks.begun()]);
    const log = new SnapshotLog(newest, { lateMs: sweepMs, keptMs });
    const rows = objectsIn(await readAll(session, "VmSnapshot", whereOf(log.created.floor, [], true)));
    for (const row of rows) log.show(row);
    const entries = [...log.created.values()];
    await this.judge(session, entries);
    if (this.known !== undefined || this.size === 0) return;
    this.known = log;
    for (const { id, outcome, place } of entries) {
      if (outcome === undefined) this.underWay.add(id, { createdAt: place.at });
      else log.settle(id, outcome);
    }
    const ended = this.tasks.log.ended;
    const from = ended.end.at - this.access.pace.readyTimeoutMs;
    for (const { row, place } of ended.values()) if (place.at >= from) this.learnTask(row, place.at);
    this.tasksOpen(this.tasks.log.openRows());
  }

  private show(log: SnapshotLog, row: Row<"VmSnapshot">): void {
    const { id } = row;
    const isNew = log.show(row);
    if (!this.isOver(id)) this.underWay.add(id, { createdAt: log.created.get(id)?.place.at });
    if (isNew) this.tellAll(createdFacts(row));
  }

  /** Learns what a task has done to snapshots. */
  private learnTask(row: Row<"Task">, at: number): void {
    const { log } = this;
    if (deletesVmSnapshot(row)) {
      if (row.status !== "SUCCESSED") return;
      const ids = snapshotsOf(row);
      // Until the last one is told, the cursors stay before the task.
      for (const [index, id] of ids.entries()) this.deleted(id, row, index < ids.length - 1 ? at : undefined);
    } else if (createsOne(row)) {
      if (!this.isOver(row.resource_id)) this.underWay.add(row.resource_id, { taskEndedAt: at });
    } else if (isUnnamed(row) && row.resource_id && log.rowOf(row.resource_id) !== undefined) {
      if (row.status === "SUCCESSED") this.unnamed.set(row.resource_id, row);
      if (!this.isOver(row.resource_id)) this.underWay.add(row.resource_id, { taskEndedAt: at });
    }
  }

  private judgeUnnamed(asked: ReadonlySet<string>, shown: ReadonlySet<string>): void {
    for (const [id, row] of this.unnamed) {
      if (!asked.has(id)) continue;
      this.unnamed.delete(id);
      if (!shown.has(id)) this.deleted(id, row);
    }
  }

  private deleted(id: string, task: Row<"Task">, hold?: number): void {
    const { log } = this;
    if (log.isDeleted(id)) return;
    const known = log.rowOf(id);
    this.underWay.drop(id);
    log.deleted(id);
    this.tellLive(deletedFacts(id, known, task), hold);
  }

  private settled(id: string, event: ReadyEvent | undefined): void {
    if (this.known === undefined || event === undefined || this.isOver(id)) return;
    // It may be found by its id before the list shows it.
    const { row } = event.known;
    if (row !== undefined && !this.log.wasSeen(id)) this.show(this.log, row);
    this.underWay.drop(id);
    const facts = outcomeFacts(id, this.log.rowOf(id), event);
    this.log.settle(id, facts);
    this.tellAll(facts);
  }

  private isOver(id: string): boolean {
    return this.log.isOver(id);
  }

  /** Tells the live streams, and those that have passed the snapshot. */
  private tellAll(facts: SnapshotFacts): void {
    this.tellLive(facts);
    if (facts.kind !== "CREATED") for (const replay of this.replays) replay.settled(facts);
  }

  private tellLive(facts: SnapshotFacts, hold?: number): void {
    if (this.hasListeners) this.tell(new VmSnapshotEvent(this.cursor(hold), facts));
  }

  /** @param hold a time in the list of tasks that the cursor must not pass. @default none */
  private cursor(hold = Number.POSITIVE_INFINITY): string {
    const { snapshots, tasks: ended = Number.POSITIVE_INFINITY } = this.underWay.holds;
    const tasks = Math.min(ended, hold);
    return this.cursorOf({
      created: this.log.created.markBefore(snapshots),
      ended: this.tasks.log.ended.markBefore(tasks),
    });
  }
}

/** Snapshots that were taken since a time, those without a time, and those that are asked for. */
function whereOf(since: number, asked: readonly string[], withUndated: boolean): Where<"VmSnapshot"> {
  return {
    OR: [
      { local_created_at_gte: timeText(since) },
      ...(withUndated ? [{ local_created_at: null }] : []),
      ...(asked.length === 0 ? [] : [{ id_in: asked }]),
    ],
  };
}

function inOrder(rows: readonly Row<"VmSnapshot">[]): Row<"VmSnapshot">[] {
  return rows.toSorted((one, other) => (timeOf(one.local_created_at) ?? 0) - (timeOf(other.local_created_at) ?? 0));
}
