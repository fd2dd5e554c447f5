import type { UpstreamSession } from "../../upstream/session.js";
import type { TaskWatch } from "../watch/task-watch.js";
import { cursorBefore } from "./cursor-before.js";
import type { TaskEvent, TaskEventPage, VmSnapshotEvent, VmSnapshotEventPage } from "./event.types.js";
import type { EventWindows } from "./event-feed.js";
import { cursorOf, type PageOfEvents, type PageSettings, snapshotEventPage, taskEventPage } from "./event-pages.js";
import type { EventStream } from "./event-stream.js";
import type { EventCursors } from "./lists/event-cursor.js";
import { SnapshotFeed } from "./snapshots/snapshot-feed.js";
import { TaskFeed } from "./tasks/task-feed.js";
import type { TowerIdentity } from "./tower-identity.js";

/** Arguments of a subscription to events. */
export interface EventRequest {
  readonly filter?: object | null;
  readonly after?: string | null;
}

/** The feeds of events: one of each kind per credential and language. Lives as long as the process. */
export class Events {
  constructor(
    private readonly watch: TaskWatch,
    private readonly identity: TowerIdentity,
    private readonly windows: EventWindows & { readonly readyTimeoutMs: number },
  ) {}

  /**
   * The events of tasks, as the session's caller may see them.
   *
   * @throws TowerError BAD_USER_INPUT for a filter or cursor that cannot be used, CURSOR_EXPIRED for one that is too old.
   */
  async tasks(session: UpstreamSession, { filter, after }: EventRequest): Promise<EventStream<TaskEvent>> {
    const cursors = await this.identity.cursors(session);
    return this.taskFeed(session, cursors).subscribe(filter, after);
  }

  /**
   * The events of VM snapshots, as the session's caller may see them.
   *
   * @throws TowerError BAD_USER_INPUT for a filter or cursor that cannot be used, CURSOR_EXPIRED for one that is too old.
   */
  async snapshots(session: UpstreamSession, { filter, after }: EventRequest): Promise<EventStream<VmSnapshotEvent>> {
    const cursors = await this.identity.cursors(session);
    // In one step: both belong to the same loop.
    const tasks = this.taskFeed(session, cursors);
    const feed = this.watch.part(
      session,
      "snapshot events",
      (access) => new SnapshotFeed(access, this.windows, cursors, tasks),
    );
    return feed.subscribe(filter, after);
  }

  /** A page of the events of tasks that have ended since a cursor. @throws TowerError like `tasks`. */
  async taskPage(session: UpstreamSession, request: PageOfEvents): Promise<TaskEventPage> {
    return taskEventPage(session, request, await this.settings(session));
  }

  /** A page of the events of snapshots since a cursor. @throws TowerError like `snapshots`. */
  async snapshotPage(session: UpstreamSession, request: PageOfEvents): Promise<VmSnapshotEventPage> {
    return snapshotEventPage(session, request, await this.settings(session));
  }

  /** A cursor of both feeds. @param at a time in the past. @default now */
  async cursor(session: UpstreamSession, at?: string | null): Promise<string> {
    return cursorOf(session, at, await this.settings(session));
  }

  /** A cursor of both feeds before all that happened at a time. */
  async cursorBefore(session: UpstreamSession, at: string): Promise<string> {
    return cursorBefore(session, at, await this.identity.cursors(session));
  }

  private async settings(session: UpstreamSession): Promise<PageSettings> {
    const { sweepMs, readyTimeoutMs } = this.windows;
    return { cursors: await this.identity.cursors(session), lateMs: sweepMs, readyTimeoutMs };
  }

  private taskFeed(session: UpstreamSession, cursors: EventCursors): TaskFeed {
    return this.watch.part(session, "task events", (access) => new TaskFeed(access, this.windows, cursors));
  }
}
