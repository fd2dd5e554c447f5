import { objectsIn } from "../../../kernel/odd-values.js";
import { OPEN_STATUSES } from "../../../resources/task/task-status.js";
import { readAll } from "../../../upstream/reads.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import type { Row, Where } from "../../../upstream/wire/types.js";
import type { LoopAccess } from "../../watch/loop-part.js";
import { TaskEvent, type TaskFacts } from "../event.types.js";
import { BOOKMARK_PAUSE_MS, bookmarkId, EventFeed, type EventWindows } from "../event-feed.js";
import { taskEventFilter } from "../event-filters.js";
import type { EventStream, Replay } from "../event-stream.js";
import { checkNotInFuture } from "../feed-limits.js";
import type { CursorContent, EventCursors, Mark } from "../lists/event-cursor.js";
import { readNewestTime } from "../lists/newest-time.js";
import { PlaceReader, resumedAt, SharedPages } from "../lists/place-reader.js";
import { readTimePage, timeText } from "../lists/time-pages.js";
import { slimTask } from "./slim-rows.js";
import { type EndedTask, endedFacts, TaskLog } from "./task-log.js";

/** Is told of the tasks of a feed. */
export interface TaskListener {
  taskEnded(entry: EndedTask): void;
  tasksOpen(rows: readonly Row<"Task">[]): void;
}

/** The feed of tasks of one credential and language. */
export class TaskFeed extends EventFeed<TaskEvent> {
  readonly stage = "tasks of events";
  private known: TaskLog | undefined;
  private readonly listeners = new Set<TaskListener>();
  private readonly pages = new SharedPages<"Task", EndedTask>(
    (after, until) => readTimePage(this.access.session, "Task", { after, until }),
    ({ row, place }) => ({ id: row.id, place, isUndated: false, row: slimTask(row) }),
  );

  constructor(
    access: LoopAccess,
    windows: EventWindows,
    private readonly cursors: EventCursors,
  ) {
    super(access, windows);
  }

  /** What is known of the tasks, after the first read. */
  get log(): TaskLog {
    if (this.known === undefined) throw new Error("the tasks have not been read yet");
    return this.known;
  }

  /** Ended tasks after a place, from CloudTower. */
  get readEntries(): SharedPages<"Task", EndedTask>["get"] {
    return this.pages.get;
  }

  /** Resolves when the tasks have been read once. */
  async begun(): Promise<void> {
    if (this.known === undefined) await this.refreshed();
  }

  isQuick(): boolean {
    return this.size > 0 && (this.known === undefined || this.known.isBusy);
  }

  listen(listener: TaskListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * The events from now on, or since a cursor.
   *
   * @throws TowerError BAD_USER_INPUT for a filter or cursor that cannot be used, CURSOR_EXPIRED for one that is too old.
   */
  async subscribe(
    filter: object | null | undefined,
    after: string | null | undefined,
  ): Promise<EventStream<TaskEvent>> {
    const accepts = taskEventFilter.compile(filter);
    const content = after == null ? undefined : this.cursors.decode("tasks", after);
    this.use();
    try {
      if (this.known === undefined || content !== undefined || this.isFailing) await this.refreshed();
      if (content === undefined) return this.open(this.cursor(this.log.ended.mark), accepts, undefined);
      checkNotInFuture(content.tasks.at, this.log.ended.end.at);
      await this.checkNotExpired(content.tasks.at);
      const mark = await resumedAt(content.tasks, this.log.ended, this.readEntries);
      return this.open(after as string, accepts, new TaskReplay(this, mark, accepts));
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** The event of a replay, if it fits: one for all streams that get it with the same cursor. */
  replayed(mark: Mark, facts: TaskFacts): TaskEvent {
    const cursor = this.cursor(mark);
    return this.sharedEvent(cursor, facts.id, () => new TaskEvent(cursor, facts));
  }

  cursor(tasks: Mark): string {
    const content: CursorContent = { feed: "tasks", tasks, snapshots: undefined, pages: undefined };
    return this.cursors.encode(content);
  }

  bookmarkAt(cursor: string): TaskEvent {
    return new TaskEvent(cursor, { id: bookmarkId(), kind: "BOOKMARK", at: new Date().toISOString(), row: undefined });
  }

  protected bookmark(): TaskEvent {
    return this.bookmarkAt(this.cursor(this.log.ended.mark));
  }

  protected override idle(): void {
    this.known = undefined;
  }

  protected async read(session: UpstreamSession, isSweep: boolean): Promise<void> {
    const { overlapMs, sweepMs } = this.windows;
    const isFirst = this.known === undefined;
    const windows = { lateMs: sweepMs, keptMs: 2 * sweepMs };
    const log = this.known ?? new TaskLog(await readNewestTime(session, "Task"), windows);
    const { floor, end } = log.ended;
    const since = isFirst ? floor : Math.max(floor, end.at - (isSweep ? sweepMs : overlapMs));
    const asked = log.lost.slice(0, session.options.idsPerCall);
    const rows = objectsIn(await readAll(session, "Task", whereOf(since, asked)));
    // Another read may have begun while nobody needed the feed.
    this.known ??= log;
    const current = this.known;
    const errors = current.learn(rows, {
      asked: new Set(asked),
      forgetMs: this.access.pace.appearMs,
      tell: (facts) => {
        if (facts.kind === "ENDED") this.tellListeners(current, facts);
        if (this.hasListeners) this.tell(new TaskEvent(this.cursor(current.ended.mark), facts));
      },
    });
    for (const listener of this.listeners) listener.tasksOpen(current.openRows());
    if (errors[0] !== undefined) this.reportOddRow(errors[0]);
  }

  private tellListeners(log: TaskLog, { row }: TaskFacts): void {
    const entry = log.ended.get(row?.id ?? "");
    if (entry !== undefined) for (const listener of this.listeners) listener.taskEnded(entry);
  }
}

/** Open tasks, those that have ended since a time, and those that have begun since then and have no readable time of their end. */
function whereOf(since: number, lost: readonly string[]): Where<"Task"> {
  const from = timeText(since);
  return {
    OR: [
      { status_in: OPEN_STATUSES },
      { finished_at_gte: from },
      { AND: [{ status_not_in: OPEN_STATUSES }, { local_created_at_gte: from }] },
      ...(lost.length === 0 ? [] : [{ id_in: lost }]),
    ],
  };
}

/** What has happened to tasks since a cursor. */
class TaskReplay implements Replay<TaskEvent> {
  private readonly reader: PlaceReader<EndedTask>;
  private readonly since: number;
  private toldAt = Number.NEGATIVE_INFINITY;
  /** Ids of the events that running tasks have started, which are told last. */
  private readonly started = new Set<string>();

  constructor(
    private readonly feed: TaskFeed,
    mark: Mark,
    private readonly accepts: (facts: TaskFacts) => boolean,
  ) {
    this.since = mark.at;
    this.reader = new PlaceReader(feed.log.ended, feed.readEntries, mark);
  }

  get isAtEnd(): boolean {
    return this.reader.isAtEnd && this.nextStarted() === undefined;
  }

  async next(): Promise<TaskEvent | undefined> {
    for (;;) {
      const now = performance.now();
      if (now - this.toldAt >= BOOKMARK_PAUSE_MS) {
        this.toldAt = now;
        return this.feed.bookmarkAt(this.cursor());
      }
      const entry = await this.reader.next(() => this.cursor());
      if (entry === undefined && !this.reader.isAtEnd) continue;
      const facts = entry === undefined ? this.nextStarted() : endedFacts(entry.row);
      if (facts === undefined) return undefined;
      if (facts.kind === "STARTED") this.started.add(facts.id);
      if (!this.accepts(facts)) continue;
      this.toldAt = now;
      return this.feed.replayed(this.reader.mark, facts);
    }
  }

  close(): void {
    this.reader.close();
  }

  private nextStarted(): TaskFacts | undefined {
    return this.feed.log.startedSince(this.since).find(({ id }) => !this.started.has(id));
  }

  private cursor(): string {
    return this.feed.cursor(this.reader.mark);
  }
}
