import type { ConflatedStream } from "../../kernel/conflated-stream.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import type { Task } from "../../resources/task/task.type.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { ReadyEvent } from "./ready-event.js";
import { WatchLoop } from "./watch-loop.js";
import type { WatchPace } from "./watch-pace.js";

/** Watches tasks and snapshots: one loop per credential and language. Lives as long as the process. */
export class TaskWatch {
  private readonly loops = new Map<string, WatchLoop>();
  private stopped: TowerError | undefined;

  constructor(private readonly pace: WatchPace) {}

  /**
   * The states of tasks, as the session's caller may see them: the current ones immediately, then each change; completes when all
   * have ended. An Error among the values is the error of one task.
   */
  tasks(session: UpstreamSession, taskIds: readonly string[]): ConflatedStream<Task | Error> {
    return this.ending(this.loop(session).watchTasks(taskIds));
  }

  /** Yields one event: the snapshot is usable, or will not become so. */
  ready(session: UpstreamSession, snapshotId: string): ConflatedStream<ReadyEvent> {
    return this.ending(this.loop(session).watchReady(snapshotId));
  }

  /** Number of watchers, and how late the slowest loop is, in milliseconds. */
  get state(): { readonly watchers: number; readonly pollLagMs: number } {
    const states = [...this.loops.values()].map((loop) => loop.state);
    return {
      watchers: states.reduce((sum, state) => sum + state.watchers, 0),
      pollLagMs: Math.max(0, ...states.map((state) => state.pollLagMs)),
    };
  }

  /** Ends all streams. Safe to call twice. */
  stop(): void {
    const reason = new TowerError(ErrorCode.UpstreamUnavailable, "The gateway is shutting down. Subscribe again.");
    this.stopped = reason;
    for (const loop of [...this.loops.values()]) loop.stop(reason);
  }

  private ending<T>(stream: ConflatedStream<T>): ConflatedStream<T> {
    if (this.stopped !== undefined) stream.fail(this.stopped);
    return stream;
  }

  private loop(session: UpstreamSession): WatchLoop {
    const key = `${session.credential.key} ${session.language}`;
    const known = this.loops.get(key);
    if (known !== undefined) return known;
    const loop = new WatchLoop(session, this.pace, () => {
      if (this.loops.get(key) === loop) this.loops.delete(key);
    });
    this.loops.set(key, loop);
    return loop;
  }
}
