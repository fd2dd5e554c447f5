import type { Latest } from "../events/latest.js";
import { ErrorCode, TowerError } from "../kernel/errors.js";
import type { Task } from "../resources/task/task.type.js";
import type { UpstreamSession } from "../upstream/session.js";
import { type PollPace, TaskPoller } from "./task-poller.js";

/** Watches tasks for everybody: one poll loop for each credential and language. Lives as long as the process. */
export class TaskWatch {
  private readonly pollers = new Map<string, TaskPoller>();
  private readonly stopping = new AbortController();

  constructor(private readonly pace: PollPace) {}

  /** The states of a task as the session's caller may see it: the current one at once, then each change. */
  watch(session: UpstreamSession, taskId: string): Latest<Task> {
    const key = `${session.credential.key} ${session.language}`;
    const poller = this.pollers.get(key) ?? this.open(key, session);
    return poller.watch(taskId);
  }

  /** How many watch, and how far the slowest poll is behind its time, in milliseconds. */
  get state(): { readonly watchers: number; readonly pollLagMs: number } {
    const states = [...this.pollers.values()].map((poller) => poller.state);
    return {
      watchers: states.reduce((sum, state) => sum + state.watchers, 0),
      pollLagMs: Math.max(0, ...states.map((state) => state.pollLagMs)),
    };
  }

  /** Ends all streams. Safe to call twice. */
  stop(): void {
    const reason = new TowerError(ErrorCode.UpstreamUnavailable, "the gateway is shutting down; subscribe again");
    this.stopping.abort(reason);
    for (const poller of [...this.pollers.values()]) poller.stop(reason);
  }

  private open(key: string, session: UpstreamSession): TaskPoller {
    const own = session.fork(this.stopping.signal);
    const poller = new TaskPoller(own, this.pace, () => {
      if (this.pollers.get(key) === poller) this.pollers.delete(key);
    });
    this.pollers.set(key, poller);
    return poller;
  }
}
