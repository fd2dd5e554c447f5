import type { ConflatedStream } from "../../kernel/conflated-stream.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import type { Task } from "../../resources/task/task.type.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { WatchObserver } from "./loop-health.js";
import type { LoopAccess, LoopPart } from "./loop-part.js";
import type { ReadyEvent } from "./ready-event.js";
import type { Update } from "./update.js";
import { WatchLoop } from "./watch-loop.js";
import type { WatchPace } from "./watch-pace.js";

/** Watches tasks and snapshots: one loop per credential and language. Lives as long as the process. */
export class TaskWatch {
  private readonly loops = new Map<string, WatchLoop>();
  private stopped: TowerError | undefined;

  constructor(
    private readonly pace: WatchPace,
    private readonly observer: WatchObserver,
  ) {}

  /**
   * The states of tasks, as the session's caller may see them: the current ones immediately, then each change; completes when all
   * have ended.
   *
   * @throws TowerError RATE_LIMITED if the client watches too many ids.
   */
  tasks(session: UpstreamSession, taskIds: readonly string[]): ConflatedStream<Update<Task>> {
    return this.ending(this.loop(session).watchTasks(taskIds, session.client));
  }

  /**
   * The outcome of each snapshot, in one event: it is usable, or will not become so, or the watcher's time is over; completes when all
   * have one.
   *
   * @param options.timeoutMs the watcher's time limit. @default READY_TIMEOUT_SECONDS
   * @param options.follows whether there are events before the outcome: the current state immediately, then each change. @default false
   * @throws TowerError RATE_LIMITED if the client watches too many ids.
   */
  ready(
    session: UpstreamSession,
    snapshotIds: readonly string[],
    options: { readonly timeoutMs?: number; readonly follows?: boolean } = {},
  ): ConflatedStream<Update<ReadyEvent>> {
    const { timeoutMs = Number.POSITIVE_INFINITY, follows = false } = options;
    const how = { timeoutMs: Math.min(timeoutMs, this.pace.readyTimeoutMs), follows };
    return this.ending(this.loop(session).watchReady(snapshotIds, session.client, how));
  }

  /**
   * The part of this name of the session's loop; created when it is first asked for. Its watchers keep the loop running.
   *
   * @throws TowerError UPSTREAM_UNAVAILABLE while the gateway stops.
   */
  part<P extends LoopPart>(session: UpstreamSession, name: string, create: (access: LoopAccess) => P): P {
    if (this.stopped !== undefined) throw this.stopped;
    return this.loop(session).part(name, create);
  }

  /** Counts the calls of the polls that the session's caller has part in at this moment. 0 if it watches nothing. */
  polls(session: UpstreamSession): () => number {
    const loop = this.loops.get(keyOf(session));
    return () => loop?.calls ?? 0;
  }

  /** Number of watchers, how long polls are overdue and events lag behind in the slowest loop, in milliseconds, and number of loops whose polls fail. */
  get state(): {
    readonly watchers: number;
    readonly pollLagMs: number;
    readonly eventLagMs: number;
    readonly failingLoops: number;
  } {
    let [watchers, pollLagMs, eventLagMs, failingLoops] = [0, 0, 0, 0];
    for (const { state } of this.loops.values()) {
      watchers += state.watchers;
      pollLagMs = Math.max(pollLagMs, state.pollLagMs);
      eventLagMs = Math.max(eventLagMs, state.eventLagMs);
      if (state.failing) failingLoops += 1;
    }
    return { watchers, pollLagMs, eventLagMs, failingLoops };
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
    const key = keyOf(session);
    const known = this.loops.get(key);
    if (known !== undefined) return known;
    const loop = new WatchLoop(session, this.pace, this.observer, () => {
      if (this.loops.get(key) === loop) this.loops.delete(key);
    });
    this.loops.set(key, loop);
    return loop;
  }
}

/** Callers with the same key share a loop. */
function keyOf({ credential, language }: UpstreamSession): string {
  return `${credential.key} ${language}`;
}
